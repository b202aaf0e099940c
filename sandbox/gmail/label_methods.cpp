#include "sandbox/gmail/resource.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostLabels = 100;

json::object system_resource(std::string_view id) {
    json::object label{{"id", id}, {"name", id}, {"type", "system"}};
    if (id.starts_with("CATEGORY_")) {
        label["messageListVisibility"] = "hide";
        label["labelListVisibility"] = "labelHide";
    }
    return label;
}

json::object resource_of(const UserLabel& label) {
    json::object resource{{"id", label.id},
                          {"name", label.name},
                          {"type", "user"},
                          {"messageListVisibility", label.message_list_visibility},
                          {"labelListVisibility", label.label_list_visibility}};
    if (!label.text_color.empty())
        resource["color"] = {{"textColor", label.text_color}, {"backgroundColor", label.background_color}};
    return resource;
}

Answer list_labels(const Call& call) {
    json::array labels;
    for (const auto id : system_labels()) labels.push_back(system_resource(id));
    for (const auto& label : call.user.labels.all()) labels.push_back(resource_of(label));
    return json::object{{"labels", std::move(labels)}};
}

Answer get_label(const Call& call) {
    const auto& id = call.path_value(0);
    const auto own = call.user.labels.find(id);
    if (!own && !is_system_label(id)) return refusal::not_found();
    auto label = own ? resource_of(*own) : system_resource(id);
    const auto figures = call.user.mailbox.figures(id);
    label["messagesTotal"] = figures.messages;
    label["messagesUnread"] = figures.messages_unread;
    label["threadsTotal"] = figures.threads;
    label["threadsUnread"] = figures.threads_unread;
    return label;
}

/// Overwrites `into` with the value when it is there; false when it is none of `allowed`.
bool take_choice(const json::object& body, std::string_view name, std::initializer_list<std::string_view> allowed,
                 std::string& into) {
    const auto value = text_in(body, name);
    if (value.empty()) return true;
    into = value;
    return std::ranges::find(allowed, value) != allowed.end();
}

/// `label` with what the body says in its place.
std::expected<UserLabel, GoogleError> changed(UserLabel label, const json::object& body) {
    if (body.contains("name")) label.name = text_in(body, "name");
    if (!take_choice(body, "messageListVisibility", {"show", "hide"}, label.message_list_visibility))
        return refusal::invalid_argument("Invalid messageListVisibility");
    if (!take_choice(body, "labelListVisibility", {"labelShow", "labelShowIfUnread", "labelHide"},
                     label.label_list_visibility))
        return refusal::invalid_argument("Invalid labelListVisibility");
    if (const auto* color = object_in(body, "color")) {
        label.text_color = text_in(*color, "textColor");
        label.background_color = text_in(*color, "backgroundColor");
        if (label.text_color.empty() || label.background_color.empty())
            return refusal::invalid_argument("Label color is missing textColor or backgroundColor");
    }
    return label;
}

Answer answer_of(const Result<UserLabel>& stored) {
    if (stored) return resource_of(*stored);
    switch (stored.error().kind) {
        case ErrorKind::not_found: return refusal::not_found();
        case ErrorKind::conflict:
            return std::unexpected(
                GoogleError{.code = 409, .reason = "aborted", .message = "Label name exists or conflicts"});
        default: return refusal::invalid_argument("Invalid label name");
    }
}

Answer create_label(const Call& call) {
    const auto body = read_object(call.request.body);
    if (!body) return refusal::bad_request("Invalid JSON payload received.");
    auto label = changed({}, *body);
    if (!label) return std::unexpected(std::move(label).error());
    return answer_of(call.user.labels.create(std::move(*label)));
}

/// patch keeps what the body does not name, update resets it.
Answer change_label(const Call& call, bool keeps) {
    const auto body = read_object(call.request.body);
    if (!body) return refusal::bad_request("Invalid JSON payload received.");
    const auto& id = call.path_value(0);
    if (is_system_label(id)) return refusal::invalid_argument("Invalid label: system labels cannot be changed");
    const auto old = call.user.labels.find(id);
    if (!old) return refusal::not_found();
    auto label = changed(keeps ? *old : UserLabel{.id = id, .name = {}}, *body);
    if (!label) return std::unexpected(std::move(label).error());
    return answer_of(call.user.labels.replace(std::move(*label)));
}

Answer erase_label(const Call& call) {
    const auto& id = call.path_value(0);
    if (is_system_label(id)) return refusal::invalid_argument("Invalid delete request");
    if (!call.user.labels.erase(id)) return refusal::not_found();
    call.user.mailbox.drop_label(id);
    return nullptr;
}

}  // namespace

std::expected<LabelChange, GoogleError> read_label_change(const Call& call, const json::object& body) {
    const auto add = texts_in(body, "addLabelIds");
    const auto remove = texts_in(body, "removeLabelIds");
    if (add.empty() && remove.empty()) return refusal::invalid_argument("No label add or removes specified");
    for (const auto* labels : {&add, &remove}) {
        if (labels->size() > kMostLabels) return refusal::invalid_argument("Too many labels");
        for (const auto& label : *labels)
            if (label == "SENT" || label == "DRAFT" || !call.user.labels.has(label))
                return refusal::invalid_argument("Invalid label: " + label);
    }
    return LabelChange{{add.begin(), add.end()}, {remove.begin(), remove.end()}};
}

void add_label_methods(Api& api) {
    api.add("gmail.users.labels.list", list_labels);
    api.add("gmail.users.labels.get", get_label);
    api.add("gmail.users.labels.create", create_label);
    api.add("gmail.users.labels.patch", [](const Call& call) { return change_label(call, true); });
    api.add("gmail.users.labels.update", [](const Call& call) { return change_label(call, false); });
    api.add("gmail.users.labels.delete", erase_label);
}

}  // namespace inboxpro::sandbox::gmail
