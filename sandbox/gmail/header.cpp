#include "sandbox/gmail/header.h"

#include "http/server/text.h"
#include "sandbox/gmail/mail.h"

namespace inboxpro::sandbox::gmail {
namespace {

/// With its line end.
std::string_view first_line(std::string_view text) {
    const auto end = text.find('\n');
    return end == std::string_view::npos ? text : text.substr(0, end + 1);
}

bool is_folded(std::string_view line) {
    return line.starts_with(' ') || line.starts_with('\t');
}

RawField field_of(std::string_view whole) {
    auto text = whole;
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    const auto colon = text.find(':');
    const auto name = http::trimmed(text.substr(0, colon));
    if (colon == std::string_view::npos || !http::is_token(name)) return {{}, {}, whole};
    return {name, text.substr(colon + 1), whole};
}

}  // namespace

RawHeader split_header(std::string_view raw) {
    RawHeader header;
    while (!raw.empty() && !raw.starts_with("\n") && !raw.starts_with("\r\n")) {
        std::size_t length = first_line(raw).size();
        while (is_folded(raw.substr(length))) length += first_line(raw.substr(length)).size();
        header.fields.push_back(field_of(raw.substr(0, length)));
        raw.remove_prefix(length);
    }
    header.rest = raw;
    return header;
}

Bytes edit_header(BytesView raw, const std::vector<std::string_view>& remove, const Headers& add) {
    const auto header = split_header(raw);
    const std::string_view line_end = first_line(raw).ends_with("\r\n") || !raw.contains('\n') ? "\r\n" : "\n";
    Bytes edited;
    edited.reserve(raw.size() + 512);
    for (const auto& [name, value] : add) edited.append(name).append(": ").append(value).append(line_end);
    for (const auto& field : header.fields) {
        const auto goes = [&](std::string_view name) { return http::same_ignoring_case(field.name, name); };
        if (std::ranges::none_of(remove, goes)) edited.append(field.whole);
    }
    if (!header.rest.empty()) return edited.append(header.rest);
    if (!edited.ends_with('\n')) edited.append(line_end);
    return edited.append(line_end);
}

}  // namespace inboxpro::sandbox::gmail
