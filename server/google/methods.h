#pragma once
#include <array>
#include <set>
#include <span>
#include <string>

#include "google/scopes.h"

namespace inboxpro {

/// A method of a Google API that InboxPro calls: what opens it and what it costs.
struct GoogleMethod {
    /// As Google's discovery documents name it; where one way of calling it needs more than others, a word says which.
    std::string_view id;
    std::array<std::string_view, 2> scopes;  ///< Of those that InboxPro asks for; any one opens it. May be padded.
    int units;                               ///< Of the user's Gmail quota; 0 with the other APIs.
    std::string_view shut_by = {};           ///< A token with this scope is refused, whatever else it holds.
};

/// Whether a token with these scopes may call it.
bool is_open(const GoogleMethod& method, const std::set<std::string>& granted);

/// "gmail" of "gmail.users.drafts.send".
std::string_view api_of(const GoogleMethod& method);

namespace method {

inline constexpr GoogleMethod kGetProfile{"gmail.users.getProfile", {scope::kGmailCompose, scope::kGmailModify}, 1};
inline constexpr GoogleMethod kListSendAs{
    "gmail.users.settings.sendAs.list", {scope::kGmailSettings, scope::kGmailModify}, 1};
inline constexpr GoogleMethod kCreateDraft{
    "gmail.users.drafts.create", {scope::kGmailCompose, scope::kGmailModify}, 10};
inline constexpr GoogleMethod kUpdateDraft{
    "gmail.users.drafts.update", {scope::kGmailCompose, scope::kGmailModify}, 15};
inline constexpr GoogleMethod kGetDraft{"gmail.users.drafts.get", {scope::kGmailCompose, scope::kGmailModify}, 20};
inline constexpr GoogleMethod kListDrafts{"gmail.users.drafts.list", {scope::kGmailCompose, scope::kGmailModify}, 5};
inline constexpr GoogleMethod kDeleteDraft{
    "gmail.users.drafts.delete", {scope::kGmailCompose, scope::kGmailModify}, 10};
inline constexpr GoogleMethod kSendDraft{"gmail.users.drafts.send", {scope::kGmailCompose, scope::kGmailModify}, 100};
inline constexpr GoogleMethod kGetMessage{"gmail.users.messages.get", {scope::kGmailMetadata, scope::kGmailModify}, 20};
inline constexpr GoogleMethod kReadMessage{
    "gmail.users.messages.get raw", {scope::kGmailModify}, 20, scope::kGmailMetadata};
inline constexpr GoogleMethod kListHistory{"gmail.users.history.list", {scope::kGmailMetadata, scope::kGmailModify}, 2};
inline constexpr GoogleMethod kListMessages{
    "gmail.users.messages.list", {scope::kGmailMetadata, scope::kGmailModify}, 5};
inline constexpr GoogleMethod kWatch{"gmail.users.watch", {scope::kGmailMetadata, scope::kGmailModify}, 100};
inline constexpr GoogleMethod kStopWatch{"gmail.users.stop", {scope::kGmailMetadata, scope::kGmailModify}, 50};

inline constexpr GoogleMethod kListCalendars{"calendar.calendarList.list", {scope::kCalendarList}, 0};
inline constexpr GoogleMethod kFreeBusy{"calendar.freebusy.query", {scope::kCalendarFreeBusy}, 0};
inline constexpr GoogleMethod kInsertEvent{"calendar.events.insert", {scope::kCalendarEvents}, 0};
inline constexpr GoogleMethod kGetEvent{"calendar.events.get", {scope::kCalendarEvents}, 0};
inline constexpr GoogleMethod kPatchEvent{"calendar.events.patch", {scope::kCalendarEvents}, 0};
inline constexpr GoogleMethod kDeleteEvent{"calendar.events.delete", {scope::kCalendarEvents}, 0};
inline constexpr GoogleMethod kListEvents{"calendar.events.list", {scope::kCalendarEvents}, 0};
inline constexpr GoogleMethod kWatchEvents{"calendar.events.watch", {scope::kCalendarEvents}, 0};
inline constexpr GoogleMethod kStopChannel{"calendar.channels.stop", {scope::kCalendarEvents}, 0};
inline constexpr GoogleMethod kGetCalendarSetting{"calendar.settings.get", {scope::kCalendarSettings}, 0};

inline constexpr GoogleMethod kCreateContact{"people.people.createContact", {scope::kContacts}, 0};
inline constexpr GoogleMethod kListContacts{"people.people.connections.list", {scope::kContacts}, 0};
inline constexpr GoogleMethod kSearchContacts{"people.people.searchContacts", {scope::kContacts}, 0};
inline constexpr GoogleMethod kSearchOtherContacts{"people.otherContacts.search", {scope::kOtherContacts}, 0};
inline constexpr GoogleMethod kCopyOtherContact{
    "people.otherContacts.copyOtherContactToMyContactsGroup", {scope::kContacts}, 0};

}  // namespace method

/// Every method above.
std::span<const GoogleMethod* const> all_methods();

}  // namespace inboxpro
