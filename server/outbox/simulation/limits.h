#pragma once
#include <fmt/format.h>

#include <map>

#include "outbox/hours.h"

namespace inboxpro::simulation {

using namespace std::chrono_literals;

/// The sending rules that an account had, by the right clock, and whether mail kept to them.
class Limits {
  public:
    struct Gone {
        TimePoint at;
        bool in_hours = false;  ///< It had to be.
    };

    explicit Limits(const Zones& zones) : zones_(zones) {}

    void change(TimePoint at, SendingRules rules) { all_.push_back({at, std::move(rules)}); }

    /// What must not be; each a plain sentence.
    std::vector<std::string> wrong_in(const std::vector<Gone>& mails) const {
        std::vector<std::string> wrong;
        std::map<SendingDay, int> count;
        for (const auto& mail : mails) {
            if (mail.in_hours && !may_have_been_within(mail.at)) wrong.emplace_back("a mail went out at a wrong hour");
            const auto day = day_at(mail.at);
            // What goes out right after midnight was claimed before it, perhaps.
            if (day != day_at(mail.at - kUnderWay)) continue;
            if (++count[day] > most_since(mail.at - 24h, mail.at))
                wrong.push_back(fmt::format("{} mails went out on one day", count[day]));
        }
        return wrong;
    }

  private:
    /// Between the last look at the rules and the effect at Google, with all that may stand still in between.
    static constexpr auto kUnderWay = 20min;

    struct Rules {
        TimePoint since;
        SendingRules rules;
    };

    SendingDay day_at(TimePoint time) const { return day_of(all_.front().rules, zones_, time).value(); }
    std::vector<SendingRules> in_force(TimePoint from, TimePoint until) const {
        std::vector<SendingRules> some;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const bool ended = i + 1 < all_.size() && all_[i + 1].since < from;
            if (!ended && all_[i].since <= until) some.push_back(all_[i].rules);
        }
        return some;
    }
    int most_since(TimePoint from, TimePoint until) const {
        int most = 0;
        for (const auto& rules : in_force(from, until)) most = std::max(most, rules.daily_limit.value());
        return most;
    }
    bool may_have_been_within(TimePoint at) const {
        for (const auto& rules : in_force(at - kUnderWay, at))
            for (const auto before : {0min, 5min, 10min, 15min, 20min})
                if (is_within(rules.hours, zones_.shown_at(at - before, rules.time_zone)->reading)) return true;
        return false;
    }

    const Zones& zones_;
    std::vector<Rules> all_;
};

}  // namespace inboxpro::simulation
