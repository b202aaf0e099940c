#include "google/free_busy.h"

#include <algorithm>

namespace inboxpro {
namespace {

using Busy = Result<std::vector<TimeSpan>>;

void add(Busy& known, const Busy& more) {
    if (!known) return;
    if (!more)
        known = more;
    else
        known->insert(known->end(), more->begin(), more->end());
}

std::vector<std::vector<std::string>> portions_of(const std::vector<std::string>& calendars) {
    std::vector<std::vector<std::string>> portions;
    for (std::size_t i = 0; i < calendars.size(); ++i) {
        if (i % CalendarApi::kMostFreeBusyCalendars == 0) portions.emplace_back();
        portions.back().push_back(calendars[i]);
    }
    return portions;
}

}  // namespace

std::vector<TimeSpan> pieces_of(TimeSpan span) {
    std::vector<TimeSpan> pieces;
    for (auto from = span.from; from < span.until; from += CalendarApi::kLongestFreeBusy)
        pieces.push_back({from, std::min<TimePoint>(span.until, from + CalendarApi::kLongestFreeBusy)});
    return pieces;
}

std::vector<TimeSpan> joined(std::vector<TimeSpan> busy) {
    std::erase_if(busy, [](const TimeSpan& span) { return span.from >= span.until; });
    std::ranges::sort(busy, {}, &TimeSpan::from);
    std::vector<TimeSpan> whole;
    for (const auto& span : busy) {
        if (!whole.empty() && span.from <= whole.back().until)
            whole.back().until = std::max(whole.back().until, span.until);
        else
            whole.push_back(span);
    }
    return whole;
}

Task<Result<BusyTimes>> busy_between(CalendarApi& google, Secret access_token, std::vector<std::string> calendars,
                                     TimeSpan span) {
    BusyTimes times;
    for (const auto& calendar : calendars) times.try_emplace(calendar);
    for (const auto& portion : portions_of(calendars))
        for (const auto& piece : pieces_of(span)) {
            const auto answer = CO_TRY(co_await google.free_busy(access_token, portion, piece));
            for (const auto& calendar : portion) add(times.at(calendar), answer.at(calendar));
        }
    for (auto& [calendar, busy] : times)
        if (busy) busy = joined(std::move(*busy));
    co_return times;
}

}  // namespace inboxpro
