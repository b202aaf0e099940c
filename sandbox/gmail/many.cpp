#include "sandbox/gmail/resource.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostMessages = 1'000;

struct Selection {
    std::vector<MailId> ids;
    json::object body;
};

std::expected<Selection, GoogleError> read_selection(const Call& call) {
    auto body = read_object(call.request.body);
    if (!body) return refusal::bad_request("Invalid JSON payload received.");
    Selection selection{.ids = {}, .body = std::move(*body)};
    const auto texts = texts_in(selection.body, "ids");
    if (texts.empty()) return refusal::invalid_argument("No message ids specified");
    if (texts.size() > kMostMessages) return refusal::invalid_argument("Too many message ids specified");
    for (const auto& text : texts) {
        const auto id = to_mail_id(text);
        if (!id) return refusal::invalid_argument("Invalid id value");
        selection.ids.push_back(*id);
    }
    return selection;
}

/// Ids that are not there are passed over: Google "provides no guarantees" for them.
Answer modify_messages(const Call& call) {
    const auto selection = read_selection(call);
    if (!selection) return std::unexpected(selection.error());
    const auto change = read_label_change(call, selection->body);
    if (!change) return std::unexpected(change.error());
    for (const auto id : selection->ids) call.user.mailbox.relabel(id, change->add, change->remove);
    return nullptr;
}

Answer erase_messages(const Call& call) {
    const auto selection = read_selection(call);
    if (!selection) return std::unexpected(selection.error());
    for (const auto id : selection->ids) call.user.mailbox.erase(id);
    return nullptr;
}

std::expected<std::vector<Message>, GoogleError> thread_of(const Call& call) {
    const auto id = to_mail_id(call.path_value(0));
    if (!id) return refusal::invalid_argument("Invalid id value");
    auto messages = call.user.mailbox.thread(*id);
    if (messages.empty()) return refusal::not_found();
    return messages;
}

Answer relabel_thread(const Call& call, const LabelChange& change) {
    const auto messages = thread_of(call);
    if (!messages) return std::unexpected(messages.error());
    json::array changed;
    for (const auto& message : *messages)
        if (const auto now = call.user.mailbox.relabel(message.id, change.add, change.remove))
            changed.push_back(brief_of(*now));
    return json::object{{"id", to_text(messages->front().thread_id)}, {"messages", std::move(changed)}};
}

Answer modify_thread(const Call& call) {
    const auto body = read_object(call.request.body);
    if (!body) return refusal::bad_request("Invalid JSON payload received.");
    const auto change = read_label_change(call, *body);
    if (!change) return std::unexpected(change.error());
    return relabel_thread(call, *change);
}

Answer erase_thread(const Call& call) {
    const auto messages = thread_of(call);
    if (!messages) return std::unexpected(messages.error());
    for (const auto& message : *messages) call.user.mailbox.erase(message.id);
    return nullptr;
}

}  // namespace

void add_methods_for_many(Api& api) {
    api.add("gmail.users.messages.batchModify", modify_messages);
    api.add("gmail.users.messages.batchDelete", erase_messages);
    api.add("gmail.users.threads.modify", modify_thread);
    api.add("gmail.users.threads.trash", [](const Call& call) { return relabel_thread(call, kToTrash); });
    api.add("gmail.users.threads.untrash", [](const Call& call) { return relabel_thread(call, kFromTrash); });
    api.add("gmail.users.threads.delete", erase_thread);
}

}  // namespace inboxpro::sandbox::gmail
