#include "tracking/body.h"

#include <fmt/format.h>

namespace inboxpro {

std::unexpected<Error> unreadable_body(std::string_view name) {
    return fail(ErrorKind::corrupt, fmt::format("a stored record has no proper \"{}\"", name));
}

Result<std::string> text_in(const boost::json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || !value->is_string()) return unreadable_body(name);
    return std::string{std::string_view{value->get_string()}};
}

Result<std::int64_t> number_in(const boost::json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || !value->is_int64()) return unreadable_body(name);
    return value->get_int64();
}

Result<bool> flag_in(const boost::json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || !value->is_bool()) return unreadable_body(name);
    return value->get_bool();
}

Result<boost::json::array> array_in(const boost::json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || !value->is_array()) return unreadable_body(name);
    return value->get_array();
}

Result<std::int64_t> number_field(const Document& document, std::size_t position) {
    const auto number = number_field_or_none(document, position);
    if (!number) return fail(ErrorKind::corrupt, "a stored record lacks one of its clear fields");
    return *number;
}

std::optional<std::int64_t> number_field_or_none(const Document& document, std::size_t position) {
    if (position >= document.fields.size()) return {};
    const auto* number = std::get_if<std::int64_t>(&document.fields[position]);
    return number == nullptr ? std::nullopt : std::optional{*number};
}

Result<Bytes> bytes_field(const Document& document, std::size_t position) {
    const auto* bytes = position < document.fields.size() ? std::get_if<Bytes>(&document.fields[position]) : nullptr;
    if (bytes == nullptr) return fail(ErrorKind::corrupt, "a stored record lacks one of its clear fields");
    return *bytes;
}

Result<TimePoint> time_field(const Document& document, std::size_t position) {
    return from_millis(TRY(number_field(document, position)));
}

}  // namespace inboxpro
