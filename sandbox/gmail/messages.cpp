#include "sandbox/gmail/resource.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostLabels = 100;

std::expected<MailId, GoogleError> id_of(const Call& call) {
    const auto id = to_mail_id(call.path_value(0));
    if (!id) return refusal::invalid_argument("Invalid id value");
    return *id;
}

Answer send(const Call& call, PostOffice& post_office) {
    auto submission = read_message_submission(call.request);
    if (!submission) return std::unexpected(std::move(submission).error());
    const auto thread_id = thread_for(call.user, *submission);
    if (!thread_id) return std::unexpected(thread_id.error());
    const auto sent = post_office.send(call.user, std::move(submission->raw), *thread_id);
    if (!sent) return std::unexpected(sent.error());
    return brief_of(*sent);
}

Answer get(const Call& call) {
    const auto id = id_of(call);
    if (!id) return std::unexpected(id.error());
    const auto format = format_of(call);
    if (!format) return std::unexpected(format.error());
    const auto message = call.user.mailbox.find(*id);
    if (!message) return refusal::not_found();
    return resource_of(*message, *format, call.queries("metadataHeaders"));
}

Answer get_attachment(const Call& call) {
    const auto id = id_of(call);
    if (!id) return std::unexpected(id.error());
    const auto message = call.user.mailbox.find(*id);
    if (!message) return refusal::not_found();
    const auto content = attachment_content(*message, call.path_value(1));
    if (!content) return refusal::invalid_argument("Invalid attachment token");
    return json::object{{"size", content->size()}, {"data", base64url(*content)}};
}

/// Empty when all of them may be set by a client.
std::optional<GoogleError> refusal_of(const std::vector<std::string>& labels) {
    if (labels.size() > kMostLabels) return refusal::invalid_argument("Too many labels").error();
    for (const auto& label : labels)
        if (label == "SENT" || label == "DRAFT" || !is_label(label))
            return refusal::invalid_argument("Invalid label: " + label).error();
    return {};
}

Answer relabel(const Call& call, const std::vector<std::string>& add, const std::vector<std::string>& remove) {
    const auto id = id_of(call);
    if (!id) return std::unexpected(id.error());
    const auto message = call.user.mailbox.relabel(*id, {add.begin(), add.end()}, {remove.begin(), remove.end()});
    if (!message) return refusal::not_found();
    return brief_of(*message);
}

Answer modify(const Call& call) {
    const auto body = read_object(call.request.body);
    if (!body) return refusal::bad_request("Invalid JSON payload received.");
    const auto add = texts_in(*body, "addLabelIds");
    const auto remove = texts_in(*body, "removeLabelIds");
    if (add.empty() && remove.empty()) return refusal::invalid_argument("No label add or removes specified");
    for (const auto* labels : {&add, &remove})
        if (auto error = refusal_of(*labels)) return std::unexpected(std::move(*error));
    return relabel(call, add, remove);
}

Answer erase(const Call& call) {
    const auto id = id_of(call);
    if (!id) return std::unexpected(id.error());
    if (!call.user.mailbox.erase(*id)) return refusal::not_found();
    return nullptr;
}

}  // namespace

void add_message_methods(Api& api, PostOffice& post_office) {
    api.add("gmail.users.messages.send", [&post_office](const Call& call) { return send(call, post_office); });
    api.add("gmail.users.messages.get", get);
    api.add("gmail.users.messages.attachments.get", get_attachment);
    api.add("gmail.users.messages.modify", modify);
    api.add("gmail.users.messages.trash", [](const Call& call) { return relabel(call, {"TRASH"}, {"INBOX"}); });
    api.add("gmail.users.messages.untrash", [](const Call& call) { return relabel(call, {}, {"TRASH"}); });
    api.add("gmail.users.messages.delete", erase);
}

}  // namespace inboxpro::sandbox::gmail
