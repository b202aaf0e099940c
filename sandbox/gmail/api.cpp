#include "sandbox/gmail/api.h"

#include <charconv>

#include "http/server/text.h"
#include "sandbox/oauth/routes.h"

namespace inboxpro::sandbox::gmail {
namespace {

Answer check_and_serve(const http::Request& request, const oauth::Grants& grants, const ApiMethod& method,
                       const Serve& serve) {
    const auto access = grants.access(oauth::bearer_of(request));
    if (!access) return refusal::invalid_credentials();
    if (std::ranges::none_of(access->scopes, [&](const auto& scope) { return opens(scope, method); }))
        return refusal::insufficient_scope(method.id);
    const auto& user_id = request.path_values.at(0);
    if (user_id != "me" && !http::same_ignoring_case(user_id, access->user->address))
        return refusal::forbidden("Delegation denied for " + access->user->address);
    return serve({request, *access->user, access->scopes.contains(kMetadataScope)});
}

std::optional<std::uint64_t> to_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end != text.data() + text.size()) return {};
    return number;
}

}  // namespace

std::string Call::query(std::string_view name) const {
    return std::string(request.query_value(name).value_or(""));
}

std::vector<std::string> Call::queries(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : request.query)
        if (key == name) values.push_back(value);
    return values;
}

void Api::add(std::string_view id, Serve serve) {
    const auto& method = method_named(id);
    const Reply reply = [&grants = grants_, &method, serve = std::move(serve)](const http::Request& request) {
        return to_response(check_and_serve(request, grants, method, serve));
    };
    calls_.add(id, method.verb, method.path, reply);
    if (method.takes_uploads) calls_.add(id, method.verb, "/upload" + std::string(method.path), reply);
}

std::expected<std::size_t, GoogleError> max_results(const Call& call, std::size_t standard, std::size_t most) {
    const auto text = call.query("maxResults");
    if (text.empty()) return standard;
    const auto number = to_number(text);
    if (!number) return refusal::invalid_argument("Invalid value at 'max_results' (TYPE_UINT32), \"" + text + "\"");
    return *number == 0 ? standard : std::min<std::size_t>(*number, most);
}

std::expected<std::uint64_t, GoogleError> page_start(const Call& call) {
    const auto text = call.query("pageToken");
    if (text.empty()) return 0;
    const auto number = to_number(text);
    if (!number) return refusal::invalid_argument("Invalid pageToken");
    return *number;
}

std::expected<MailId, GoogleError> thread_for(const User& user, const Submission& submission) {
    if (submission.thread_id.empty()) return 0;
    const auto id = to_mail_id(submission.thread_id);
    if (!id) return refusal::invalid_argument("Invalid thread_id value");
    const auto messages = user.mailbox.thread(*id);
    if (messages.empty()) return refusal::not_found();
    const auto envelope = read_envelope(submission.raw);
    const auto answers = [&](const Message& message) {
        return std::ranges::find(envelope.references, message.mail->envelope.message_id) != envelope.references.end();
    };
    const bool same_subject =
        conversation_subject(envelope.subject) == conversation_subject(messages.front().mail->envelope.subject);
    return same_subject && std::ranges::any_of(messages, answers) ? *id : 0;
}

}  // namespace inboxpro::sandbox::gmail
