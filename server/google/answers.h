#pragma once
#include "google/google_api.h"

namespace inboxpro {

/// What Google's answers say. `unavailable` for what cannot be read: the call may have had its effect. Fields that are
/// absent are empty; 64-bit numbers come as JSON strings.
Result<TokenGrant> read_token_grant(std::string_view body, TimePoint now);
/// RSA keys for signing; other keys are left out. `max_age` from `cache_control`, one hour without it.
Result<SigningKeys> read_signing_keys(std::string_view body, std::string_view cache_control);
Result<GmailProfile> read_profile(std::string_view body);
Result<std::vector<SendAs>> read_send_as(std::string_view body);
Result<GmailDraft> read_draft(std::string_view body);
Result<GmailMessage> read_message(std::string_view body);
Result<HistoryPage> read_history(std::string_view body);
Result<MessageList> read_message_list(std::string_view body);
Result<GmailWatch> read_watch(std::string_view body);

}  // namespace inboxpro
