#pragma once
#include "base/random.h"
#include "sandbox/calendar/event.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox::calendar {

/// A mail about an event (RFC 5546), to one address.
struct Letter {
    enum class Method { request, cancel, reply };
    Method method = Method::request;
    Event event;       ///< As the organizer has it.
    std::string zone;  ///< For the times in its text.
    std::string to;
    bool is_update = false;  ///< A request about an event that had one before.
    Attendee attendee = {};  ///< Who replies, and how.
};

/// The event as iCalendar text with METHOD, and with the rules of its zone where it recurs.
std::string to_icalendar(const Letter& letter, TimePoint now);

/// The whole mail as Google writes it: words, text/calendar, and the same as invite.ics.
gmail::MailPointer compose_letter(const Letter& letter, const User& sender, TimePoint now, Random& random);

}  // namespace inboxpro::sandbox::calendar
