#pragma once
#include "google/gmail_api.h"

namespace inboxpro {

/// What Gmail's answers say. `unavailable` for what cannot be read: the call may have had its effect. Fields that are
/// absent are empty; 64-bit numbers come as JSON strings.
Result<GmailProfile> read_profile(std::string_view body);
Result<std::vector<SendAs>> read_send_as(std::string_view body);
Result<GmailDraft> read_draft(std::string_view body);
/// Those without an id are left out.
Result<std::vector<GmailDraft>> read_drafts(std::string_view body);
Result<GmailMessage> read_message(std::string_view body);
/// The mail of a message that was asked for as raw.
Result<Bytes> read_raw(std::string_view body);
Result<HistoryPage> read_history(std::string_view body);
Result<MessageList> read_message_list(std::string_view body);
Result<GmailWatch> read_watch(std::string_view body);

}  // namespace inboxpro
