#pragma once
#include <functional>
#include <map>

#include "sandbox/calendar/event.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox::calendar {

/// What somebody may do with a calendar; each may also do what stands before it.
enum class Role { none, free_busy_reader, reader, writer, owner };
std::string_view name_of(Role role);  ///< "freeBusyReader"
/// Empty for anything but a name, and for "none".
std::optional<Role> to_role(std::string_view name);

/// Numbers that grow with every change in any calendar, near the time in half milliseconds as Google's etags are.
class Stamps {
  public:
    explicit Stamps(const Clock& clock) : clock_(clock) {}
    std::uint64_t next();
    std::uint64_t last() const { return last_; }
    TimePoint now() const { return clock_.now(); }

  private:
    const Clock& clock_;
    std::uint64_t last_ = 0;
};

/// From `begin` until before `end`; an open side is not bounded.
struct Window {
    std::optional<TimePoint> begin, end;
};

/// One calendar and its events. Deleted events stay, so that their ids stay taken. Not thread-safe; see Calendars.
class Calendar {
  public:
    /// Of a series, when the window does not end.
    static constexpr std::size_t kMostInstances = 730;

    const std::string id;  ///< A primary calendar's is its owner's address.
    User& owner;
    const bool is_primary;
    std::string summary;
    std::string time_zone;
    std::map<std::string, Role> access;  ///< Of others, by address in lower case.
    std::uint64_t stamp;                 ///< Of these fields, not of the events.

    Calendar(std::string own_id, User& own_owner, Stamps& stamps);

    Role role_of(const User& user) const;
    /// Keeps a new event or a new state of one; gives it its stamp and time of change.
    const Event& put(Event event);
    /// As it was put; null when nothing was.
    const Event* stored(std::string_view event_id) const;
    /// As it was put, or an instance worked out from its series.
    std::optional<Event> find(std::string_view event_id) const;
    const std::map<std::string, Event, std::less<>>& events() const { return events_; }
    /// Instances of a series that touch the window, by their start; those of a deleted series are cancelled. Empty for
    /// an event that is no series.
    std::vector<Event> instances(const Event& series, const Window& window) const;
    /// Those that were put, in the order of their ids.
    std::vector<Event> exceptions_of(std::string_view series_id) const;
    /// Whether the event lies in the window, at least in part.
    bool touches(const Event& event, const Window& window) const;
    std::uint64_t last_change() const { return last_change_; }

  private:
    Event instance_at(const Event& series, EventTime start) const;

    Stamps& stamps_;
    std::map<std::string, Event, std::less<>> events_;
    std::uint64_t last_change_;
};

}  // namespace inboxpro::sandbox::calendar
