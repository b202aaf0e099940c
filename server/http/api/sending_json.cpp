#include "http/api/sending_json.h"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace inboxpro::http {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                    "friday", "saturday", "sunday"};
constexpr std::size_t kMostHours = 20;
constexpr int kMidnight = 24 * 60;

std::string clock_of(int minutes) {
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

/// Minutes after midnight of "09:00"; 24:00 is the end of the day.
Result<int> minutes_in(const JsonInput& input, std::string_view name) {
    const auto text = TRY(input.needed_text(name, 16));
    if (text == "24:00") return kMidnight;
    const auto reading = text.size() == 5 ? reading_from("2026-01-01T" + text) : std::nullopt;
    if (!reading)
        return fail_field(fmt::format("sending.hours.{}", name),
                          "a time of the day looks like 09:00; 24:00 is its end");
    return static_cast<int>((*reading - date::floor<date::days>(*reading)) / std::chrono::minutes{1});
}

Result<std::uint8_t> weekdays_in(const JsonInput& input) {
    unsigned weekdays = 0;
    for (const auto& name : TRY(input.texts("weekdays", kWeekdays.size()))) {
        const auto* const found = std::ranges::find(kWeekdays, name);
        if (found == kWeekdays.end())
            return fail_field("sending.hours.weekdays", "weekdays are monday, tuesday ... sunday");
        weekdays |= 1U << (found - kWeekdays.begin());
    }
    if (weekdays == 0) return fail_field("sending.hours.weekdays", "choose at least one day of the week");
    return static_cast<std::uint8_t>(weekdays);
}

Result<std::vector<SendingHours>> hours_in(const JsonInput& input) {
    std::vector<SendingHours> all;
    for (const auto& object : TRY(input.objects("hours", kMostHours))) {
        const JsonInput item(object, "sending.hours.");
        TRY(item.only({"weekdays", "from", "until"}));
        const SendingHours hours{.weekdays = TRY(weekdays_in(item)),
                                 .from = TRY(minutes_in(item, "from")),
                                 .until = TRY(minutes_in(item, "until"))};
        if (hours.from >= hours.until)
            return fail_field("sending.hours.until",
                              "until must be later than from; for a night say two stretches, with 24:00 and 00:00");
        all.push_back(hours);
    }
    return all;
}

/// "Monday, 7 December, 09:00"
std::string spoken(date::local_seconds reading) {
    const date::year_month_day day{date::floor<date::days>(reading)};
    return fmt::format("{}, {} {}", date::format("%A", reading), static_cast<unsigned>(day.day()),
                       date::format("%B, %H:%M", reading));
}

json::object hours_json(const SendingHours& hours) {
    json::array weekdays;
    for (std::size_t day = 0; day < kWeekdays.size(); ++day)
        if ((hours.weekdays >> day & 1) != 0) weekdays.emplace_back(kWeekdays.at(day));
    return {{"weekdays", std::move(weekdays)}, {"from", clock_of(hours.from)}, {"until", clock_of(hours.until)}};
}

}  // namespace

json::object sending_json(const Account& account) {
    json::array hours;
    for (const auto& each : account.sending.hours) hours.push_back(hours_json(each));
    return {{"time_zone", account.sending.time_zone},
            {"hours", std::move(hours)},
            {"daily_limit", daily_limit_of(account.sending, account.email)},
            {"most_a_day", most_a_day(account.email)}};
}

Result<SendingRules> sending_from(const JsonInput& input, SendingRules rules, const Zones& zones) {
    TRY(input.only({"time_zone", "hours", "daily_limit"}));
    if (input.has("time_zone")) {
        rules.time_zone = TRY(input.needed_text("time_zone", 64));
        auto known = zones.shown_at({}, rules.time_zone);
        if (!known) return fail_field("sending.time_zone", known.error().detail);
    }
    if (input.has("hours")) rules.hours = TRY(hours_in(input));
    if (const auto limit = TRY(input.number("daily_limit", 1, 1'000'000))) rules.daily_limit = static_cast<int>(*limit);
    return rules;
}

json::object put_off_json(const Send& send) {
    const auto& put_off = *send.put_off;
    const auto reading = send.wall ? spoken(send.wall->reading) : to_rfc3339(send.wanted_at);
    if (put_off.because == Send::PutOff::Because::hours)
        return {{"because", "sending_hours"},
                {"from", to_rfc3339(put_off.from)},
                {"message", fmt::format("Outside of your sending hours: goes out on {}.", reading)}};
    return {{"because", "daily_limit"},
            {"from", to_rfc3339(put_off.from)},
            {"limit", put_off.limit},
            {"message",
             fmt::format("Over the limit of {} mails a day: goes out on {}, or soon after.", put_off.limit, reading)}};
}

}  // namespace inboxpro::http
