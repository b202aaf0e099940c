#include "google/gmail_answers.h"

#include "base/bytes.h"
#include "google/json_fields.h"

namespace inboxpro {
namespace {

using namespace fields;

namespace json = boost::json;

Result<GmailMessage> message_from(const json::object& from) {
    GmailMessage message{.id = TRY(needed(from, "id")),
                         .thread_id = text_in(from, "threadId"),
                         .labels = texts_in(from, "labelIds"),
                         .history_id = number_in(from, "historyId"),
                         .internal_date = from_millis(static_cast<std::int64_t>(number_in(from, "internalDate"))),
                         .headers = {}};
    if (const auto* payload = object_in(from, "payload"))
        for (const auto* header : objects_in(*payload, "headers"))
            message.headers.emplace_back(text_in(*header, "name"), text_in(*header, "value"));
    return message;
}

Result<GmailDraft> draft_from(const json::object& from) {
    GmailDraft draft{.draft_id = TRY(needed(from, "id")), .message_id = {}, .thread_id = {}};
    if (const auto* message = object_in(from, "message")) {
        draft.message_id = text_in(*message, "id");
        draft.thread_id = text_in(*message, "threadId");
    }
    return draft;
}

std::unexpected<Error> lacks_a_field() {
    return fail(ErrorKind::unavailable, "Google's answer lacks a field that it always has");
}

}  // namespace

Result<GmailProfile> read_profile(std::string_view body) {
    const auto root = TRY(read_object(body));
    return GmailProfile{.address = TRY(needed(root, "emailAddress")), .history_id = number_in(root, "historyId")};
}

Result<std::vector<SendAs>> read_send_as(std::string_view body) {
    const auto root = TRY(read_object(body));
    std::vector<SendAs> senders;
    for (const auto* entry : objects_in(root, "sendAs")) {
        const auto verification = text_in(*entry, "verificationStatus");
        senders.push_back({.address = text_in(*entry, "sendAsEmail"),
                           .display_name = text_in(*entry, "displayName"),
                           .signature_html = text_in(*entry, "signature"),
                           .is_primary = flag_in(*entry, "isPrimary"),
                           .is_default = flag_in(*entry, "isDefault"),
                           .is_verified = verification.empty() || verification == "accepted"});
    }
    return senders;
}

Result<GmailDraft> read_draft(std::string_view body) {
    return draft_from(TRY(read_object(body)));
}

Result<std::vector<GmailDraft>> read_drafts(std::string_view body) {
    const auto root = TRY(read_object(body));
    std::vector<GmailDraft> drafts;
    for (const auto* entry : objects_in(root, "drafts"))
        if (auto draft = draft_from(*entry)) drafts.push_back(std::move(*draft));
    return drafts;
}

Result<GmailMessage> read_message(std::string_view body) {
    return message_from(TRY(read_object(body)));
}

Result<Bytes> read_raw(std::string_view body) {
    auto mail = from_base64url(TRY(needed(TRY(read_object(body)), "raw")));
    if (!mail) return fail(ErrorKind::unavailable, "Google's answer holds no mail that can be read");
    return mail;
}

Result<HistoryPage> read_history(std::string_view body) {
    using Change = HistoryPage::Change;
    static constexpr std::pair<std::string_view, Change> kLists[] = {{"messagesAdded", Change::added},
                                                                     {"messagesDeleted", Change::deleted},
                                                                     {"labelsAdded", Change::label_added},
                                                                     {"labelsRemoved", Change::label_removed}};
    const auto root = TRY(read_object(body));
    HistoryPage page{
        .entries = {}, .history_id = number_in(root, "historyId"), .next_page = text_in(root, "nextPageToken")};
    // Without it this is somebody else's answer, and "nothing happened" must not be read from that.
    if (page.history_id == 0) return lacks_a_field();
    for (const auto* record : objects_in(root, "history")) {
        page.reached = std::max(page.reached, number_in(*record, "id"));
        for (const auto& [list, change] : kLists)
            for (const auto* entry : objects_in(*record, list))
                if (const auto* message = object_in(*entry, "message"))
                    page.entries.push_back({.change = change,
                                            .message_id = text_in(*message, "id"),
                                            .thread_id = text_in(*message, "threadId"),
                                            .labels = texts_in(*message, "labelIds")});
    }
    return page;
}

Result<MessageList> read_message_list(std::string_view body) {
    const auto root = TRY(read_object(body));
    MessageList list{.messages = {}, .next_page = text_in(root, "nextPageToken")};
    for (const auto* message : objects_in(root, "messages"))
        list.messages.push_back({.message_id = text_in(*message, "id"), .thread_id = text_in(*message, "threadId")});
    return list;
}

Result<GmailWatch> read_watch(std::string_view body) {
    const auto root = TRY(read_object(body));
    const auto expiration = number_in(root, "expiration");
    if (expiration == 0) return lacks_a_field();
    return GmailWatch{.history_id = number_in(root, "historyId"),
                      .expires_at = from_millis(static_cast<std::int64_t>(expiration))};
}

}  // namespace inboxpro
