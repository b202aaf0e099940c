#include "sandbox/calendar/free_busy.h"

#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {

std::vector<Period> joined(std::vector<Period> periods, TimePoint begin, TimePoint end) {
    std::ranges::sort(periods);
    std::vector<Period> whole;
    for (const auto& period : periods) {
        const Period cut{std::max(period.start, begin), std::min(period.end, end)};
        if (cut.start >= cut.end) continue;
        if (!whole.empty() && cut.start <= whole.back().end)
            whole.back().end = std::max(whole.back().end, cut.end);
        else
            whole.push_back(cut);
    }
    return whole;
}

bool blocks(const Event& event, const Calendar& calendar) {
    if (event.is_cancelled() || text_in(event.body.kept, "transparency") == "transparent") return false;
    const auto* own = attendee_of(event, calendar.id);
    return own == nullptr || own->response_status != "declined";
}

std::vector<Period> busy_times(const Calendar& calendar, TimePoint begin, TimePoint end) {
    std::vector<Period> periods;
    const auto take = [&](const Event& event) {
        if (blocks(event, calendar))
            periods.emplace_back(instant_of(event.body.start, calendar.time_zone),
                                 instant_of(event.body.end, calendar.time_zone));
    };
    for (const auto& [id, event] : calendar.events()) {
        if (!event.is_series()) {
            take(event);
            continue;
        }
        for (const auto& instance : calendar.instances(event, {begin, end}))
            if (calendar.stored(instance.id) == nullptr) take(instance);
    }
    return joined(std::move(periods), begin, end);
}

}  // namespace inboxpro::sandbox::calendar
