#include "http/server/text.h"
#include "sandbox/gmail/resource.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

Answer profile(const Call& call) {
    return json::object{{"emailAddress", call.user.address},
                        {"messagesTotal", call.user.mailbox.messages_total()},
                        {"threadsTotal", call.user.mailbox.threads_total()},
                        {"historyId", std::to_string(call.user.mailbox.history_id())}};
}

json::object sender(const User& user, const std::string& address, const std::string& name) {
    const auto settings = user.settings.sender(address);
    return {{"sendAsEmail", address},
            {"displayName", name},
            {"replyToAddress", settings.reply_to},
            {"signature", settings.signature}};
}

json::object primary_sender(const User& user) {
    auto primary = sender(user, user.address, user.name);
    primary["isPrimary"] = true;
    primary["isDefault"] = true;
    return primary;
}

json::object alias_sender(const User& user, const Alias& alias) {
    auto other = sender(user, alias.address, alias.name);
    other["treatAsAlias"] = true;
    other["verificationStatus"] = alias.verified ? "accepted" : "pending";
    return other;
}

Answer list_senders(const Call& call) {
    json::array senders{primary_sender(call.user)};
    for (const auto& alias : call.user.aliases) senders.push_back(alias_sender(call.user, alias));
    return json::object{{"sendAs", std::move(senders)}};
}

Answer get_sender(const Call& call) {
    const auto& address = call.path_value(0);
    if (http::same_ignoring_case(address, call.user.address)) return primary_sender(call.user);
    for (const auto& alias : call.user.aliases)
        if (http::same_ignoring_case(address, alias.address)) return alias_sender(call.user, alias);
    return refusal::not_found();
}

/// Takes the members that Google documents and leaves out all others.
Answer update_vacation(const Call& call) {
    const auto body = read_object(call.request.body);
    if (!body) return refusal::bad_request("Invalid JSON payload received.");
    json::object vacation{{"enableAutoReply", false}};
    for (std::string_view name : {"enableAutoReply", "restrictToContacts", "restrictToDomain"})
        if (const auto* value = body->if_contains(name); value != nullptr && value->is_bool()) vacation[name] = *value;
    for (std::string_view name :
         {"responseSubject", "responseBodyPlainText", "responseBodyHtml", "startTime", "endTime"})
        if (const auto text = text_in(*body, name); !text.empty()) vacation[name] = text;
    for (std::string_view name : {"startTime", "endTime"})
        if (vacation.contains(name) && !to_number(text_in(vacation, name)))
            return refusal::invalid_argument(fmt::format("Invalid value at 'vacation_settings.{}' (TYPE_INT64)", name));
    const bool says_something = vacation.contains("responseSubject") || vacation.contains("responseBodyPlainText") ||
                                vacation.contains("responseBodyHtml");
    if (vacation.at("enableAutoReply").as_bool() && !says_something)
        return refusal::invalid_argument("Cannot enable vacation responder without a response subject or body");
    call.user.settings.set_vacation(vacation);
    return vacation;
}

}  // namespace

void add_account_methods(Api& api) {
    api.add("gmail.users.getProfile", profile);
    api.add("gmail.users.settings.sendAs.list", list_senders);
    api.add("gmail.users.settings.sendAs.get", get_sender);
    api.add("gmail.users.settings.getVacation",
            [](const Call& call) -> Answer { return call.user.settings.vacation(); });
    api.add("gmail.users.settings.updateVacation", update_vacation);
}

}  // namespace inboxpro::sandbox::gmail
