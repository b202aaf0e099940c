#include "sandbox/gmail/api.h"

#include "http/server/text.h"

namespace inboxpro::sandbox::gmail {

void Api::add(std::string_view id, Serve serve) {
    api_.add(id, [serve = std::move(serve)](const sandbox::Call& call) -> Answer {
        const auto& user_id = call.path_value(0);
        if (user_id != "me" && !http::same_ignoring_case(user_id, call.user.address))
            return refusal::forbidden("Delegation denied for " + call.user.address);
        return serve({call, call.access.scopes.contains(kMetadataScope)});
    });
}

std::optional<TimePoint> shown_until(const Call& call, const Clock& clock) {
    return call.lag.count() > 0 ? std::optional(clock.now() - call.lag) : std::nullopt;
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
