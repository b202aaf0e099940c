#include "sandbox/gmail/resource.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

json::object brief_of(const Draft& draft) {
    return {{"id", draft.id}, {"message", brief_of(draft.message)}};
}

/// The submitted message and the thread that it goes to.
std::expected<std::pair<MailPointer, MailId>, GoogleError> read_new_message(const Call& call,
                                                                            const SubmittedDraft& draft) {
    if (!draft.message) return refusal::invalid_argument("Missing draft message");
    const auto thread_id = thread_for(call.user, *draft.message);
    if (!thread_id) return std::unexpected(thread_id.error());
    return std::pair{read_mail(draft.message->raw), *thread_id};
}

Answer create_draft(const Call& call) {
    const auto submitted = read_draft_submission(call.request);
    if (!submitted) return std::unexpected(submitted.error());
    auto message = read_new_message(call, *submitted);
    if (!message) return std::unexpected(std::move(message).error());
    return brief_of(call.user.mailbox.create_draft(std::move(message->first), message->second));
}

/// Puts what was submitted in the draft's place; it stays in its thread unless another one is named.
std::expected<Draft, GoogleError> replace_draft(const Call& call, const std::string& id,
                                                const SubmittedDraft& submitted) {
    const auto old = call.user.mailbox.draft(id);
    if (!old) return refusal::not_found();
    auto message = read_new_message(call, submitted);
    if (!message) return std::unexpected(std::move(message).error());
    const auto thread_id = message->second == 0 ? old->message.thread_id : message->second;
    auto draft = call.user.mailbox.replace_draft(id, std::move(message->first), thread_id);
    if (!draft) return refusal::not_found();
    return std::move(*draft);
}

Answer update_draft(const Call& call) {
    const auto submitted = read_draft_submission(call.request);
    if (!submitted) return std::unexpected(submitted.error());
    const auto draft = replace_draft(call, call.path_value(0), *submitted);
    if (!draft) return std::unexpected(draft.error());
    return brief_of(*draft);
}

Answer send_draft(const Call& call, PostOffice& post_office) {
    const auto submitted = read_draft_submission(call.request);
    if (!submitted) return std::unexpected(submitted.error());
    if (submitted->id.empty()) return refusal::invalid_argument("Invalid draft");
    if (submitted->message)
        if (const auto replaced = replace_draft(call, submitted->id, *submitted); !replaced)
            return std::unexpected(replaced.error());
    const auto sent = post_office.send_draft(call.user, submitted->id);
    if (!sent) return std::unexpected(sent.error());
    return brief_of(*sent);
}

Answer get_draft(const Call& call) {
    const auto format = format_of(call);
    if (!format) return std::unexpected(format.error());
    const auto draft = call.user.mailbox.draft(call.path_value(0));
    if (!draft) return refusal::not_found();
    return json::object{{"id", draft->id}, {"message", resource_of(draft->message, *format)}};
}

Answer erase_draft(const Call& call) {
    if (!call.user.mailbox.erase_draft(call.path_value(0))) return refusal::not_found();
    return nullptr;
}

}  // namespace

void add_draft_methods(Api& api, PostOffice& post_office) {
    api.add("gmail.users.drafts.create", create_draft);
    api.add("gmail.users.drafts.update", update_draft);
    api.add("gmail.users.drafts.get", get_draft);
    api.add("gmail.users.drafts.delete", erase_draft);
    api.add("gmail.users.drafts.send", [&post_office](const Call& call) { return send_draft(call, post_office); });
}

}  // namespace inboxpro::sandbox::gmail
