#include "mailbox/push.h"

#include <boost/json/parse.hpp>
#include <charconv>

#include "accounts/id_token.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

Result<json::object> object_in(std::string_view text) {
    boost::system::error_code failure;
    auto value = json::parse(text, failure);
    if (failure || !value.is_object()) return fail(ErrorKind::invalid, "The notice is no JSON object.");
    return std::move(value.get_object());
}

// Pub/Sub's documents write base64; some of its answers come in the alphabet for URLs.
Result<Bytes> data_in(const json::object& root) {
    const auto* message = root.if_contains("message");
    const auto* fields = message == nullptr ? nullptr : message->if_object();
    const auto* data = fields == nullptr ? nullptr : fields->if_contains("data");
    if (data == nullptr || !data->is_string()) return fail(ErrorKind::invalid, "The notice has no data.");
    const std::string_view text = data->get_string();
    auto plain = from_base64(text);
    return plain ? plain : from_base64url(text);
}

std::uint64_t history_id_in(const json::object& data) {
    const auto* value = data.if_contains("historyId");
    if (value == nullptr) return 0;
    if (value->is_int64()) return static_cast<std::uint64_t>(std::max<std::int64_t>(value->get_int64(), 0));
    if (value->is_uint64()) return value->get_uint64();
    std::uint64_t number = 0;
    if (!value->is_string()) return 0;
    const std::string_view digits = value->get_string();
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return failure == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

}  // namespace

Result<PushNotice> read_push_notice(std::string_view body) {
    const auto data = TRY(object_in(TRY(data_in(TRY(object_in(body))))));
    PushNotice notice{.email = text_claim(data, "emailAddress"), .history_id = history_id_in(data)};
    if (notice.email.empty()) return fail(ErrorKind::invalid, "The notice names no mailbox.");
    return notice;
}

Task<Result<void>> PushNotices::take(Secret token, std::string body) {
    const auto claims = CO_TRY(co_await keys_.claims_of(std::move(token)));
    if (text_claim(claims, "aud") != settings_.audience)
        co_return fail(ErrorKind::denied, "The token is for another audience.");
    if (text_claim(claims, "email") != settings_.service_account || !has_verified_email(claims))
        co_return fail(ErrorKind::denied, "The token is another account's.");
    const auto notice = read_push_notice(body);
    if (!notice) co_return Result<void>{};
    const auto account = co_await accounts_.by_email(notice->email);
    if (account) co_await follower_.hint(account->id, notice->history_id);
    co_return Result<void>{};
}

}  // namespace inboxpro
