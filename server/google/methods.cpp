#include "google/methods.h"

#include <algorithm>

namespace inboxpro {

bool is_open(const GoogleMethod& method, const std::set<std::string>& granted) {
    if (!method.shut_by.empty() && granted.contains(std::string(method.shut_by))) return false;
    return std::ranges::any_of(method.scopes,
                               [&](auto scope) { return !scope.empty() && granted.contains(std::string(scope)); });
}

std::string_view api_of(const GoogleMethod& method) {
    return method.id.substr(0, method.id.find('.'));
}

std::span<const GoogleMethod* const> all_methods() {
    using namespace method;
    static constexpr auto kAll =
        std::to_array<const GoogleMethod*>({&kGetProfile,      &kListSendAs,   &kCreateDraft,    &kUpdateDraft,
                                            &kGetDraft,        &kListDrafts,   &kDeleteDraft,    &kSendDraft,
                                            &kGetMessage,      &kReadMessage,  &kListHistory,    &kListMessages,
                                            &kWatch,           &kStopWatch,    &kListCalendars,  &kFreeBusy,
                                            &kInsertEvent,     &kGetEvent,     &kPatchEvent,     &kDeleteEvent,
                                            &kListEvents,      &kWatchEvents,  &kStopChannel,    &kGetCalendarSetting,
                                            &kCreateContact,   &kListContacts, &kSearchContacts, &kSearchOtherContacts,
                                            &kCopyOtherContact});
    return kAll;
}

}  // namespace inboxpro
