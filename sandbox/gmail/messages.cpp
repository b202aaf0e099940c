#include "sandbox/gmail/resource.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

std::expected<MailId, GoogleError> id_of(const Call& call) {
    const auto id = to_mail_id(call.path_value(0));
    if (!id) return refusal::invalid_argument("Invalid id value");
    return *id;
}

Answer send_message(const Call& call, PostOffice& post_office) {
    auto submission = read_message_submission(call.request);
    if (!submission) return std::unexpected(std::move(submission).error());
    const auto thread_id = thread_for(call.user, *submission);
    if (!thread_id) return std::unexpected(thread_id.error());
    const auto sent = post_office.send(call.user, std::move(submission->raw), *thread_id);
    if (!sent) return std::unexpected(sent.error());
    return brief_of(*sent);
}

Answer get_message(const Call& call) {
    const auto id = id_of(call);
    if (!id) return std::unexpected(id.error());
    const auto format = format_of(call);
    if (!format) return std::unexpected(format.error());
    const auto message = call.user.mailbox.find(*id);
    if (!message) return refusal::not_found();
    return resource_of(*message, *format, call.queries("metadataHeaders"));
}

Answer get_attachment(const Call& call) {
    if (call.metadata_only) return refusal::forbidden("Metadata scope doesn't allow attachments");
    const auto id = id_of(call);
    if (!id) return std::unexpected(id.error());
    const auto message = call.user.mailbox.find(*id);
    if (!message) return refusal::not_found();
    const auto content = attachment_content(*message, call.path_value(1));
    if (!content) return refusal::invalid_argument("Invalid attachment token");
    return json::object{{"size", content->size()}, {"data", base64url(*content)}};
}

Answer relabel_message(const Call& call, const LabelChange& change) {
    const auto id = id_of(call);
    if (!id) return std::unexpected(id.error());
    const auto message = call.user.mailbox.relabel(*id, change.add, change.remove);
    if (!message) return refusal::not_found();
    return brief_of(*message);
}

Answer modify_message(const Call& call) {
    const auto body = read_object(call.request.body);
    if (!body) return refusal::bad_request("Invalid JSON payload received.");
    const auto change = read_label_change(call, *body);
    if (!change) return std::unexpected(change.error());
    return relabel_message(call, *change);
}

/// messages.insert keeps a mail as it is, as if IMAP had put it there; messages.import dates it by its own header.
Answer insert_message(const Call& call, bool by_header) {
    auto submission = read_message_submission(call.request);
    if (!submission) return std::unexpected(std::move(submission).error());
    for (const auto& label : submission->labels)
        if (label == "DRAFT" || !call.user.labels.has(label))
            return refusal::invalid_argument("Invalid label: " + label);
    const auto thread_id = thread_for(call.user, *submission);
    if (!thread_id) return std::unexpected(thread_id.error());
    const auto source = call.query("internalDateSource");
    if (!source.empty() && source != "dateHeader" && source != "receivedTime")
        return refusal::invalid_argument("Invalid value at 'internal_date_source', \"" + source + "\"");
    auto mail = read_mail(std::move(submission->raw));
    const bool dated = source.empty() ? by_header : source == "dateHeader";
    const auto date = dated ? to_time(mail->envelope.header("Date")) : std::nullopt;
    const auto thread = *thread_id != 0 ? *thread_id : call.user.mailbox.thread_answered_by(mail->envelope);
    return brief_of(call.user.mailbox.add(std::move(mail), std::move(submission->labels), thread, date));
}

Answer erase_message(const Call& call) {
    const auto id = id_of(call);
    if (!id) return std::unexpected(id.error());
    if (!call.user.mailbox.erase(*id)) return refusal::not_found();
    return nullptr;
}

}  // namespace

void add_message_methods(Api& api, PostOffice& post_office) {
    api.add("gmail.users.messages.send", [&post_office](const Call& call) { return send_message(call, post_office); });
    api.add("gmail.users.messages.get", get_message);
    api.add("gmail.users.messages.attachments.get", get_attachment);
    api.add("gmail.users.messages.modify", modify_message);
    api.add("gmail.users.messages.trash", [](const Call& call) { return relabel_message(call, kToTrash); });
    api.add("gmail.users.messages.untrash", [](const Call& call) { return relabel_message(call, kFromTrash); });
    api.add("gmail.users.messages.delete", erase_message);
    api.add("gmail.users.messages.insert", [](const Call& call) { return insert_message(call, false); });
    api.add("gmail.users.messages.import", [](const Call& call) { return insert_message(call, true); });
}

}  // namespace inboxpro::sandbox::gmail
