#pragma once
#include "sandbox/calendar/calendars.h"

namespace inboxpro::sandbox::calendar {

/// Who gets mail about a change.
enum class SendUpdates { none, all, external_only };

/// Whether two states differ in nothing but what belongs to a single copy: its colour, transparency, visibility,
/// reminders and private properties.
bool same_for_all(const EventBody& a, const EventBody& b);

/// Whether the calendar's copy is the one that the others follow.
bool is_organizer(const Calendar& calendar, const Event& event);

/// Brings a change of the organizer's event to the guests: users who are invited by their own address have a copy with
/// the same id in their primary calendar, which keeps its private members. Whoever is no longer invited, or everybody
/// after a deletion, is left with a cancelled one. Mail goes by `updates`. `before` is null for a new event.
void tell_guests(Desk& desk, const Calendar& calendar, const Event* before, const Event& after, SendUpdates updates);

/// Brings a guest's answer, or with `whole` all that the guest changed, from the copy at the desk to the organizer's
/// event and from there to the other copies. Nothing happens when the organizer has no calendar here.
void tell_organizer(Desk& desk, const Event& copy, bool whole, SendUpdates updates);

/// Finishes the conferences that were asked for since the last call, whoever's they are.
void finish_conferences(Desk& desk);

}  // namespace inboxpro::sandbox::calendar
