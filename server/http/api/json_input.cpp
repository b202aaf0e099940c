#include "http/api/json_input.h"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parser.hpp>
#include <charconv>

namespace inboxpro::http {
namespace {

namespace json = boost::json;

/// Counts the names that stand in a text, to find names that stand twice: the parser keeps only the last of them.
struct NameCounter {
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    std::size_t names = 0;

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return true; }
    bool on_object_end(std::size_t, json::error_code&) { return true; }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t, json::error_code&) { return true; }
    bool on_key_part(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_key(json::string_view, std::size_t, json::error_code&) {
        ++names;
        return true;
    }
    bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
    bool on_double(double, json::string_view, json::error_code&) { return true; }
    bool on_bool(bool, json::error_code&) { return true; }
    bool on_null(json::error_code&) { return true; }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }
};

std::size_t names_in(const json::value& value) {
    std::size_t names = 0;
    if (const auto* object = value.if_object())
        for (const auto& member : *object) names += 1 + names_in(member.value());
    if (const auto* array = value.if_array())
        for (const auto& item : *array) names += names_in(item);
    return names;
}

constexpr std::size_t kDepth = 16;

Result<json::value> parse(const std::string& text) {
    json::parse_options options;
    options.max_depth = kDepth;
    json::parser parser({}, options);
    json::error_code failure;
    parser.write(text, failure);
    if (failure) return fail(ErrorKind::invalid, "the body is not valid JSON");
    json::value value = parser.release();

    json::basic_parser<NameCounter> counter(options);
    counter.write_some(false, text.data(), text.size(), failure);
    if (counter.handler().names != names_in(value)) return fail(ErrorKind::invalid, "the body names a member twice");
    return value;
}

Result<std::string> text_from(const json::value& value, const std::string& path, std::size_t most) {
    const auto* text = value.if_string();
    if (text == nullptr) return fail_field(path, fmt::format("{} must be a text", path));
    if (text->size() > most) return fail_field(path, fmt::format("{} is longer than {} bytes", path, most));
    return std::string(*text);
}

}  // namespace

Result<json::object> json_body(const Request& request) {
    const auto type = request.headers.get("Content-Type");
    if (!type.starts_with("application/json")) return fail(ErrorKind::invalid, "the body must be application/json");
    auto value = TRY(parse(request.body));
    if (!value.is_object()) return fail(ErrorKind::invalid, "the body must be a JSON object");
    return std::move(value.get_object());
}

const json::value* JsonInput::find(std::string_view name) const {
    const auto* value = object_.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

Result<std::string> JsonInput::text(std::string_view name, std::size_t most) const {
    const auto* value = find(name);
    return value == nullptr ? Result<std::string>(std::string()) : text_from(*value, path_of(name), most);
}

Result<std::string> JsonInput::needed_text(std::string_view name, std::size_t most) const {
    auto value = TRY(text(name, most));
    if (value.empty()) return fail_field(path_of(name), fmt::format("{} is missing", path_of(name)));
    return value;
}

Result<std::vector<std::string>> JsonInput::texts(std::string_view name, std::size_t most_items) const {
    std::vector<std::string> items;
    const auto* value = find(name);
    if (value == nullptr) return items;
    const auto* array = value->if_array();
    if (array == nullptr) return fail_field(path_of(name), fmt::format("{} must be a list of texts", path_of(name)));
    if (array->size() > most_items)
        return fail_field(path_of(name), fmt::format("{} has more than {} entries", path_of(name), most_items));
    for (const auto& item : *array) items.push_back(TRY(text_from(item, path_of(name), 64 * 1024)));
    return items;
}

Result<std::optional<std::int64_t>> JsonInput::number(std::string_view name, std::int64_t least,
                                                      std::int64_t most) const {
    const auto* value = find(name);
    if (value == nullptr) return std::optional<std::int64_t>{};
    const auto* number = value->if_int64();
    if (number == nullptr || *number < least || *number > most)
        return fail_field(path_of(name),
                          fmt::format("{} must be a whole number from {} to {}", path_of(name), least, most));
    return std::optional<std::int64_t>{*number};
}

Result<bool> JsonInput::truth(std::string_view name, bool if_absent) const {
    const auto* value = find(name);
    if (value == nullptr) return if_absent;
    if (!value->is_bool()) return fail_field(path_of(name), fmt::format("{} must be true or false", path_of(name)));
    return value->get_bool();
}

Result<std::vector<json::object>> JsonInput::objects(std::string_view name, std::size_t most_items) const {
    std::vector<json::object> items;
    const auto* value = find(name);
    if (value == nullptr) return items;
    const auto* array = value->if_array();
    if (array == nullptr || array->size() > most_items)
        return fail_field(path_of(name),
                          fmt::format("{} must be a list of at most {} objects", path_of(name), most_items));
    for (const auto& item : *array) {
        if (!item.is_object()) return fail_field(path_of(name), fmt::format("{} must hold objects", path_of(name)));
        items.push_back(item.get_object());
    }
    return items;
}

Result<json::object> JsonInput::object(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return json::object();
    if (!value->is_object()) return fail_field(path_of(name), fmt::format("{} must be an object", path_of(name)));
    return value->get_object();
}

Result<void> JsonInput::only(std::initializer_list<std::string_view> names) const {
    for (const auto& member : object_)
        if (std::find(names.begin(), names.end(), std::string_view(member.key())) == names.end())
            return fail_field(path_of(member.key()), fmt::format("there is no field {}", path_of(member.key())));
    return {};
}

Result<Page> page_of(const Request& request, std::size_t most) {
    Page page{.limit = std::min<std::size_t>(50, most),
              .after = std::string(request.query_value("after").value_or(""))};
    const auto limit = request.query_value("limit");
    if (!limit) return page;
    const auto [end, failure] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    if (failure != std::errc{} || end != limit->data() + limit->size() || page.limit < 1 || page.limit > most)
        return fail_field("limit", fmt::format("limit must be a number from 1 to {}", most));
    return page;
}

Result<TimePoint> time_of(const Request& request, std::string_view name, TimePoint if_absent) {
    const auto text = request.query_value(name);
    if (!text) return if_absent;
    const auto time = from_rfc3339(*text);
    if (!time)
        return fail_field(std::string(name), fmt::format("{} must be a time such as 2026-11-23T09:00:00Z", name));
    return *time;
}

}  // namespace inboxpro::http
