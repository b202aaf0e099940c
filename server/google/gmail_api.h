#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "base/task.h"

namespace inboxpro {

struct GmailDraft {
    std::string draft_id;
    std::string message_id;
    std::string thread_id;
};
struct GmailMessage {
    std::string id;
    std::string thread_id;
    std::vector<std::string> labels;
    std::uint64_t history_id = 0;
    TimePoint internal_date{};
    std::vector<std::pair<std::string, std::string>> headers;  ///< Of format=metadata.
};
struct SendAs {
    std::string address;
    std::string display_name;
    std::string signature_html;
    bool is_primary = false;
    bool is_default = false;
    bool is_verified = true;  ///< Aliases whose verification is pending may not send.
};
struct GmailProfile {
    std::string address;
    std::uint64_t history_id = 0;
};
/// One step of the mailbox's life. A message named here may be gone by now.
struct HistoryPage {
    enum class Change : std::uint8_t { added, deleted, label_added, label_removed };
    struct Entry {
        Change change = Change::added;
        std::string message_id;
        std::string thread_id;
        std::vector<std::string> labels;  ///< Of the message, where Google says so; often empty.
    };
    std::vector<Entry> entries;    ///< Oldest first.
    std::uint64_t reached = 0;     ///< History id of the last entry: one may start behind it. 0 without entries.
    std::uint64_t history_id = 0;  ///< Where to start next time; set when `next_page` is empty.
    std::string next_page;
};

struct MessageList {
    struct Entry {
        std::string message_id;
        std::string thread_id;
    };
    std::vector<Entry> messages;  ///< Newest first.
    std::string next_page;
};
struct GmailWatch {
    std::uint64_t history_id = 0;
    TimePoint expires_at{};  ///< About a week away.
};

/// Gmail, as the user whom the access token belongs to. `raw` is a whole RFC 5322 message with CRLF line ends. Errors
/// as google/google_api.h says.
class GmailApi {
  public:
    virtual ~GmailApi() = default;

    virtual Task<Result<GmailProfile>> profile(Secret access_token) = 0;
    virtual Task<Result<std::vector<SendAs>>> send_as_addresses(Secret access_token) = 0;
    virtual Task<Result<GmailDraft>> create_draft(Secret access_token, Bytes raw, std::string thread_id) = 0;
    /// Puts another mail in the draft's place; its id stays. Repeating it is harmless.
    virtual Task<Result<GmailDraft>> update_draft(Secret access_token, std::string draft_id, Bytes raw,
                                                  std::string thread_id) = 0;
    virtual Task<Result<GmailDraft>> get_draft(Secret access_token, std::string draft_id) = 0;
    /// At most 50, as Gmail orders them: the newest first, as far as anybody knows.
    virtual Task<Result<std::vector<GmailDraft>>> drafts(Secret access_token) = 0;
    virtual Task<Result<void>> delete_draft(Secret access_token, std::string draft_id) = 0;
    virtual Task<Result<GmailMessage>> send_draft(Secret access_token, std::string draft_id) = 0;
    /// format=metadata with these headers.
    virtual Task<Result<GmailMessage>> message_metadata(Secret access_token, std::string message_id,
                                                        std::vector<std::string> headers) = 0;
    /// format=raw: the whole mail, for a token that may read mail (method::kReadMessage).
    virtual Task<Result<Bytes>> raw_message(Secret access_token, std::string message_id) = 0;
    /// Every kind of change after `since`. `not_found` when `since` is older than what Gmail keeps: read anew.
    virtual Task<Result<HistoryPage>> history(Secret access_token, std::uint64_t since, std::string page) = 0;
    /// Those with the label, spam and trash left out; at most 500 a page.
    virtual Task<Result<MessageList>> messages(Secret access_token, std::string label, std::string page) = 0;
    /// Asks Gmail to publish a notice to the Pub/Sub topic ("projects/P/topics/T") when the mailbox changes.
    virtual Task<Result<GmailWatch>> watch(Secret access_token, std::string topic) = 0;
    virtual Task<Result<void>> stop_watch(Secret access_token) = 0;
};

}  // namespace inboxpro
