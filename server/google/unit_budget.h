#pragma once
#include <map>
#include <mutex>
#include <set>

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"
#include "base/sleeper.h"
#include "google/methods.h"

namespace inboxpro {

/// Who waits for the answer; a person goes before the background, which is never put off for longer than half a minute
/// by it.
enum class Urgency : std::uint8_t { person, background };

/// How a call waits for its turn.
struct Pace {
    Urgency urgency = Urgency::person;
    std::chrono::milliseconds longest_wait{5'000};
    /// Units of later calls that belong to this one and are paid now; those then say `is_paid`.
    int units_ahead = 0;
    bool is_paid = false;
};

/// Spreads calls so that Google need not refuse them: Gmail gives a user and the whole project so many quota units a
/// minute. Never more than that goes out in any minute, a tenth of it at once and the rest evenly; those who wait go in
/// order. Memory: only accounts that called within the last minutes. Thread-safe.
class UnitBudget {
  public:
    struct Settings {
        int units_per_minute = 6'000;  ///< Of an account; 0: no limit; at least kFewestUnits otherwise.
        int project_units_per_minute = 1'200'000;
    };
    /// Below this one mail could not be sent at once.
    static constexpr int kFewestUnits = 300;

    UnitBudget(Settings settings, const Clock& clock, Sleeper& sleeper);

    /// Waits for the turn of a call to the method. `rate_limited` with the time to come back, without waiting, when it
    /// would take longer than `pace.longest_wait`.
    Task<Result<void>> take(AccountId account, const GoogleMethod& method, Pace pace);

    /// Lanes remembered now.
    std::size_t remembered() const;

  private:
    using Lane = std::pair<AccountId, std::string_view>;  ///< An account at one of Google's APIs: "gmail".

    struct Bucket {
        double capacity = 0;
        double per_second = 0;  ///< 0: no limit.
        double level = 0;
        SteadyPoint filled_at{};

        static Bucket of(int units_per_minute, SteadyPoint now);
        void fill(SteadyPoint now);
        /// How long until a call of `units`, after others of `before`, may go.
        std::chrono::milliseconds wait_for(int before, int units) const;
        bool is_full() const { return per_second == 0 || level >= capacity; }
    };
    struct Place {
        SteadyPoint order;
        std::uint64_t number;
        int units;
        auto operator<=>(const Place& other) const {
            return std::pair(order, number) <=> std::pair(other.order, other.number);
        }
        bool operator==(const Place& other) const { return number == other.number; }
    };
    struct Line {
        Bucket bucket;
        std::set<Place> waiting = {};
    };
    class Waiter;

    Place enter(const Lane& lane, int units, Urgency urgency);
    void leave(const Lane& lane, const Place& place);
    /// Zero: it goes now and has paid. Otherwise when to ask again.
    std::chrono::milliseconds go_or_wait(const Lane& lane, const Place& place);
    std::chrono::milliseconds wait_in_line(Line& line, const Place& place, SteadyPoint now) const;
    std::chrono::milliseconds wait_for_project(const Place& place, SteadyPoint now);
    Line& line_of(const Lane& lane, SteadyPoint now);
    void forget_the_idle(SteadyPoint now);

    const Settings settings_;
    const Clock& clock_;
    Sleeper& sleeper_;
    mutable std::mutex mutex_;
    std::map<Lane, Line> lines_;
    Bucket project_;
    std::set<Place> waiting_for_project_;
    std::uint64_t last_number_ = 0;
    SteadyPoint cleaned_at_{};
};

}  // namespace inboxpro
