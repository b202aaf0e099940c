#include "base/json_fields.h"

namespace inboxpro::fields {

namespace json = boost::json;

std::string text_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

const json::object* object_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

std::vector<std::string> texts_in(const json::object& from, std::string_view name) {
    std::vector<std::string> texts;
    const auto* list = from.if_contains(name);
    if (list == nullptr || !list->is_array()) return texts;
    for (const auto& entry : list->get_array())
        if (entry.is_string()) texts.emplace_back(entry.get_string());
    return texts;
}

}  // namespace inboxpro::fields
