#include "google/json_fields.h"

#include <boost/json/parse.hpp>
#include <charconv>

namespace inboxpro::fields {

namespace json = boost::json;

Result<json::object> read_object(std::string_view body) {
    boost::system::error_code failure;
    auto root = json::parse(body, failure);
    if (failure || !root.is_object()) return fail(ErrorKind::unavailable, "Google's answer could not be read");
    return std::move(root.get_object());
}

bool flag_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::uint64_t number_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return 0;
    if (value->is_int64()) return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value->get_int64()));
    if (!value->is_string()) return 0;
    std::uint64_t number = 0;
    const std::string_view text = value->get_string();
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::vector<const json::object*> objects_in(const json::object& from, std::string_view name) {
    std::vector<const json::object*> objects;
    const auto* list = from.if_contains(name);
    if (list == nullptr || !list->is_array()) return objects;
    for (const auto& entry : list->get_array())
        if (entry.is_object()) objects.push_back(&entry.get_object());
    return objects;
}

Result<std::string> needed(const json::object& from, std::string_view name) {
    auto text = text_in(from, name);
    if (text.empty()) return fail(ErrorKind::unavailable, "Google's answer lacks a field that it always has");
    return text;
}

}  // namespace inboxpro::fields
