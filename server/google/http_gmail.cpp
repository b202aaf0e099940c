#include <fmt/format.h>
#include <openssl/sha.h>

#include <boost/json/serialize.hpp>

#include "google/gmail_answers.h"
#include "google/http_google_api.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

/// RFC 2387: what Gmail's upload takes, the draft's own fields and then the mail as it is. The boundary is the mail's
/// own hash, which the mail cannot contain.
std::pair<std::string, Bytes> multipart(const json::value& draft, BytesView raw) {
    Bytes hash(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(raw.data()), raw.size(),
           reinterpret_cast<unsigned char*>(hash.data()));
    const auto boundary = hex(hash);
    auto body = fmt::format(
        "--{0}\r\nContent-Type: application/json\r\n\r\n{1}\r\n--{0}\r\n"
        "Content-Type: message/rfc822\r\n\r\n",
        boundary, json::serialize(draft));
    body.append(raw);
    body.append(fmt::format("\r\n--{}--\r\n", boundary));
    return {boundary, std::move(body)};
}

}  // namespace

Task<Result<Bytes>> HttpGoogleApi::gmail(Secret access_token, std::string method, std::string path, Bytes body,
                                         std::optional<std::chrono::milliseconds> deadline) {
    return api(std::move(access_token), {.method = std::move(method),
                                         .url = endpoints_.gmail + path,
                                         .body = std::move(body),
                                         .deadline = deadline.value_or(deadlines_.call)});
}

Task<Result<GmailProfile>> HttpGoogleApi::profile(Secret access_token) {
    co_return read_profile(CO_TRY(co_await gmail(std::move(access_token), "GET", "/users/me/profile")));
}

Task<Result<std::vector<SendAs>>> HttpGoogleApi::send_as_addresses(Secret access_token) {
    co_return read_send_as(CO_TRY(co_await gmail(std::move(access_token), "GET", "/users/me/settings/sendAs")));
}

Task<Result<GmailDraft>> HttpGoogleApi::create_draft(Secret access_token, Bytes raw, std::string thread_id) {
    return upload_draft(std::move(access_token), "POST", "/users/me/drafts", std::move(raw), std::move(thread_id));
}

Task<Result<GmailDraft>> HttpGoogleApi::update_draft(Secret access_token, std::string draft_id, Bytes raw,
                                                     std::string thread_id) {
    auto path = fmt::format("/users/me/drafts/{}", percent_encoded(draft_id));
    return upload_draft(std::move(access_token), "PUT", std::move(path), std::move(raw), std::move(thread_id));
}

Task<Result<GmailDraft>> HttpGoogleApi::upload_draft(Secret access_token, std::string method, std::string path,
                                                     Bytes raw, std::string thread_id) {
    json::object message;
    if (!thread_id.empty()) message["threadId"] = thread_id;
    auto [boundary, body] = multipart(json::object{{"message", std::move(message)}}, raw);
    HttpCall call{.method = std::move(method),
                  .url = endpoints_.gmail_upload + path + "?uploadType=multipart",
                  .headers = {"Content-Type: multipart/related; boundary=" + boundary},
                  .body = std::move(body),
                  .deadline = deadlines_.upload};
    co_return read_draft(CO_TRY(co_await api(std::move(access_token), std::move(call))));
}

// Minimal, because Google refuses more to a token that also holds gmail.metadata.
Task<Result<GmailDraft>> HttpGoogleApi::get_draft(Secret access_token, std::string draft_id) {
    auto path = fmt::format("/users/me/drafts/{}?format=minimal", percent_encoded(draft_id));
    co_return read_draft(CO_TRY(co_await gmail(std::move(access_token), "GET", std::move(path))));
}

Task<Result<std::vector<GmailDraft>>> HttpGoogleApi::drafts(Secret access_token) {
    co_return read_drafts(CO_TRY(co_await gmail(std::move(access_token), "GET", "/users/me/drafts?maxResults=50")));
}

Task<Result<void>> HttpGoogleApi::delete_draft(Secret access_token, std::string draft_id) {
    auto path = fmt::format("/users/me/drafts/{}", percent_encoded(draft_id));
    CO_TRY(co_await gmail(std::move(access_token), "DELETE", std::move(path)));
    co_return Result<void>{};
}

Task<Result<GmailMessage>> HttpGoogleApi::send_draft(Secret access_token, std::string draft_id) {
    auto body = json::serialize(json::object{{"id", draft_id}});
    co_return read_message(CO_TRY(
        co_await gmail(std::move(access_token), "POST", "/users/me/drafts/send", std::move(body), deadlines_.send)));
}

Task<Result<GmailMessage>> HttpGoogleApi::message_metadata(Secret access_token, std::string message_id,
                                                           std::vector<std::string> headers) {
    auto path = fmt::format("/users/me/messages/{}?format=metadata", percent_encoded(message_id));
    for (const auto& header : headers) path += "&metadataHeaders=" + percent_encoded(header);
    co_return read_message(CO_TRY(co_await gmail(std::move(access_token), "GET", std::move(path))));
}

Task<Result<Bytes>> HttpGoogleApi::raw_message(Secret access_token, std::string message_id) {
    auto path = fmt::format("/users/me/messages/{}?format=raw", percent_encoded(message_id));
    co_return read_raw(CO_TRY(co_await gmail(std::move(access_token), "GET", std::move(path))));
}

Task<Result<HistoryPage>> HttpGoogleApi::history(Secret access_token, std::uint64_t since, std::string page) {
    auto path = fmt::format("/users/me/history?startHistoryId={}&maxResults=500", since);
    if (!page.empty()) path += "&pageToken=" + percent_encoded(page);
    co_return read_history(CO_TRY(co_await gmail(std::move(access_token), "GET", std::move(path))));
}

Task<Result<MessageList>> HttpGoogleApi::messages(Secret access_token, std::string label, std::string page) {
    auto path = fmt::format("/users/me/messages?labelIds={}&maxResults=500", percent_encoded(label));
    if (!page.empty()) path += "&pageToken=" + percent_encoded(page);
    co_return read_message_list(CO_TRY(co_await gmail(std::move(access_token), "GET", std::move(path))));
}

Task<Result<GmailWatch>> HttpGoogleApi::watch(Secret access_token, std::string topic) {
    auto body = json::serialize(json::object{{"topicName", topic}});
    co_return read_watch(CO_TRY(co_await gmail(std::move(access_token), "POST", "/users/me/watch", std::move(body))));
}

Task<Result<void>> HttpGoogleApi::stop_watch(Secret access_token) {
    CO_TRY(co_await gmail(std::move(access_token), "POST", "/users/me/stop"));
    co_return Result<void>{};
}

}  // namespace inboxpro
