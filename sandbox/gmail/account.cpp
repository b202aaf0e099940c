#include <array>

#include "http/server/text.h"
#include "sandbox/gmail/resource.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

constexpr auto kLabels = std::to_array<std::string_view>(
    {"CHAT", "SENT", "INBOX", "IMPORTANT", "TRASH", "DRAFT", "SPAM", "CATEGORY_FORUMS", "CATEGORY_UPDATES",
     "CATEGORY_PERSONAL", "CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "STARRED", "UNREAD"});

json::object label_resource(std::string_view id) {
    json::object label{{"id", id}, {"name", id}, {"type", "system"}};
    if (id.starts_with("CATEGORY_")) {
        label["messageListVisibility"] = "hide";
        label["labelListVisibility"] = "labelHide";
    }
    return label;
}

Answer profile(const Call& call) {
    return json::object{{"emailAddress", call.user.address},
                        {"messagesTotal", call.user.mailbox.messages_total()},
                        {"threadsTotal", call.user.mailbox.threads_total()},
                        {"historyId", std::to_string(call.user.mailbox.history_id())}};
}

Answer list_labels(const Call&) {
    json::array labels;
    for (auto id : kLabels) labels.push_back(label_resource(id));
    return json::object{{"labels", std::move(labels)}};
}

Answer get_label(const Call& call) {
    const auto& id = call.path_value(0);
    if (!is_label(id)) return refusal::not_found();
    const auto figures = call.user.mailbox.figures(id);
    auto label = label_resource(id);
    label["messagesTotal"] = figures.messages;
    label["messagesUnread"] = figures.messages_unread;
    label["threadsTotal"] = figures.threads;
    label["threadsUnread"] = figures.threads_unread;
    return label;
}

json::object primary_sender(const User& user) {
    return {{"sendAsEmail", user.address}, {"displayName", user.name}, {"replyToAddress", ""}, {"signature", ""},
            {"isPrimary", true},           {"isDefault", true}};
}

json::object alias_sender(const Alias& alias) {
    return {{"sendAsEmail", alias.address}, {"displayName", alias.name},
            {"replyToAddress", ""},         {"signature", ""},
            {"treatAsAlias", true},         {"verificationStatus", alias.verified ? "accepted" : "pending"}};
}

Answer list_senders(const Call& call) {
    json::array senders{primary_sender(call.user)};
    for (const auto& alias : call.user.aliases) senders.push_back(alias_sender(alias));
    return json::object{{"sendAs", std::move(senders)}};
}

Answer get_sender(const Call& call) {
    const auto& address = call.path_value(0);
    if (http::same_ignoring_case(address, call.user.address)) return primary_sender(call.user);
    for (const auto& alias : call.user.aliases)
        if (http::same_ignoring_case(address, alias.address)) return alias_sender(alias);
    return refusal::not_found();
}

}  // namespace

bool is_label(std::string_view id) {
    return std::ranges::find(kLabels, id) != kLabels.end();
}

void add_account_methods(Api& api) {
    api.add("gmail.users.getProfile", profile);
    api.add("gmail.users.labels.list", list_labels);
    api.add("gmail.users.labels.get", get_label);
    api.add("gmail.users.settings.sendAs.list", list_senders);
    api.add("gmail.users.settings.sendAs.get", get_sender);
}

}  // namespace inboxpro::sandbox::gmail
