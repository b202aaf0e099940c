#include "google/answers.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <sstream>

namespace inboxpro {
namespace {

namespace json = boost::json;

Result<json::object> read_object(std::string_view body) {
    boost::system::error_code failure;
    auto root = json::parse(body, failure);
    if (failure || !root.is_object()) return fail(ErrorKind::unavailable, "Google's answer could not be read");
    return std::move(root.get_object());
}

std::string text_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

bool flag_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::uint64_t number_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return 0;
    if (value->is_int64()) return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value->get_int64()));
    if (!value->is_string()) return 0;
    std::uint64_t number = 0;
    const std::string_view text = value->get_string();
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

const json::object* object_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

/// The objects of a list; empty when there is no list.
std::vector<const json::object*> objects_in(const json::object& from, std::string_view name) {
    std::vector<const json::object*> objects;
    const auto* list = from.if_contains(name);
    if (list == nullptr || !list->is_array()) return objects;
    for (const auto& entry : list->get_array())
        if (entry.is_object()) objects.push_back(&entry.get_object());
    return objects;
}

std::vector<std::string> texts_in(const json::object& from, std::string_view name) {
    std::vector<std::string> texts;
    const auto* list = from.if_contains(name);
    if (list == nullptr || !list->is_array()) return texts;
    for (const auto& entry : list->get_array())
        if (entry.is_string()) texts.emplace_back(entry.get_string());
    return texts;
}

Result<std::string> needed(const json::object& from, std::string_view name) {
    auto text = text_in(from, name);
    if (text.empty()) return fail(ErrorKind::unavailable, "Google's answer lacks a field that it always has");
    return text;
}

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

std::chrono::seconds max_age_of(std::string_view cache_control) {
    constexpr std::string_view kName = "max-age=";
    const auto found = cache_control.find(kName);
    unsigned count = 0;
    if (found != std::string_view::npos) {
        const auto digits = cache_control.substr(found + kName.size());
        std::from_chars(digits.data(), digits.data() + digits.size(), count);
    }
    return count == 0 ? SigningKeys{}.max_age : std::chrono::seconds{count};
}

}  // namespace

Result<TokenGrant> read_token_grant(std::string_view body, TimePoint now) {
    const auto root = TRY(read_object(body));
    TokenGrant grant{.access_token = Secret{TRY(needed(root, "access_token"))},
                     .expires_at = now + std::chrono::seconds{number_in(root, "expires_in")},
                     .refresh_token = {},
                     .scopes = {},
                     .id_token = Secret{text_in(root, "id_token")}};
    if (auto refresh = text_in(root, "refresh_token"); !refresh.empty())
        grant.refresh_token.emplace(std::move(refresh));
    std::istringstream scopes(text_in(root, "scope"));
    for (std::string one; scopes >> one;) grant.scopes.insert(one);
    return grant;
}

Result<SigningKeys> read_signing_keys(std::string_view body, std::string_view cache_control) {
    const auto root = TRY(read_object(body));
    SigningKeys keys{.keys = {}, .max_age = max_age_of(cache_control)};
    for (const auto* key : objects_in(root, "keys")) {
        auto modulus = from_base64url(text_in(*key, "n"));
        auto exponent = from_base64url(text_in(*key, "e"));
        const bool signs = text_in(*key, "kty") == "RSA" && text_in(*key, "use") != "enc";
        if (!signs || !modulus || !exponent || modulus->empty() || exponent->empty()) continue;
        keys.keys.push_back({text_in(*key, "kid"), std::move(*modulus), std::move(*exponent)});
    }
    if (keys.keys.empty()) return fail(ErrorKind::unavailable, "Google's answer holds no signing key");
    return keys;
}

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
    const auto root = TRY(read_object(body));
    GmailDraft draft{.draft_id = TRY(needed(root, "id")), .message_id = {}, .thread_id = {}};
    if (const auto* message = object_in(root, "message")) {
        draft.message_id = text_in(*message, "id");
        draft.thread_id = text_in(*message, "threadId");
    }
    return draft;
}

Result<GmailMessage> read_message(std::string_view body) {
    return message_from(TRY(read_object(body)));
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
    for (const auto* record : objects_in(root, "history"))
        for (const auto& [list, change] : kLists)
            for (const auto* entry : objects_in(*record, list))
                if (const auto* message = object_in(*entry, "message"))
                    page.entries.push_back({.change = change,
                                            .message_id = text_in(*message, "id"),
                                            .thread_id = text_in(*message, "threadId"),
                                            .labels = texts_in(*message, "labelIds")});
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
    if (expiration == 0) return fail(ErrorKind::unavailable, "Google's answer lacks a field that it always has");
    return GmailWatch{.history_id = number_in(root, "historyId"),
                      .expires_at = from_millis(static_cast<std::int64_t>(expiration))};
}

}  // namespace inboxpro
