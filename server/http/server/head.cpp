#include "http/server/head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "http/server/text.h"

namespace inboxpro::http {

namespace {

constexpr Refusal kBadLineEnd{400, "A line must end with CR LF and hold neither alone."};
constexpr Refusal kBadCharacter{400, "The head holds a character that has no place there."};
constexpr Refusal kBadRequestLine{400, "The request line must be a method, a target and a version."};
constexpr Refusal kLongRequestLine{414, "The request line is too long."};
constexpr Refusal kLongHead{431, "The request head is too long."};
constexpr Refusal kBadHost{400, "Exactly one valid Host is needed."};
constexpr Refusal kBadLength{400, "Content-Length must be one number."};
constexpr Refusal kBadCoding{400, "The body's length cannot be known: Transfer-Encoding must be chunked."};

std::optional<Refusal> read_method(std::string_view name, Method& out) {
    static constexpr std::array kKnown = {Method::get,   Method::post, Method::head,   Method::put,
                                          Method::patch, Method::del,  Method::options};
    for (const Method method : kKnown) {
        if (name != name_of(method)) continue;
        out = method;
        return std::nullopt;
    }
    if (!is_token(name)) return kBadRequestLine;
    if (name == "TRACE" || name == "CONNECT") return Refusal{405, "This method is not served."};
    return Refusal{501, "This method is not known."};
}

std::optional<Refusal> read_version(std::string_view version, bool& is_1_0) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
        !is_digit(version[7]))
        return kBadRequestLine;
    is_1_0 = version == "HTTP/1.0";
    if (!is_1_0 && version != "HTTP/1.1") return Refusal{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
    return std::nullopt;
}

bool is_host(std::string_view host) {
    std::string_view name = host;
    if (const auto colon = host.rfind(':'); colon != std::string_view::npos && !host.ends_with(']')) {
        const auto port = host.substr(colon + 1);
        unsigned number = 0;
        const auto [end, error] = std::from_chars(port.begin(), port.end(), number);
        if (error != std::errc{} || end != port.end() || number == 0 || number > 65535) return false;
        name = host.substr(0, colon);
    }
    const auto is_alnum = [](char c) { return is_token_char(c) && !std::string_view("!#$%&'*+-.^_`|~").contains(c); };
    if (name.starts_with('[') && name.ends_with(']'))
        return name.size() > 3 && std::ranges::all_of(name.substr(1, name.size() - 2),
                                                      [&](char c) { return is_alnum(c) || c == ':' || c == '.'; });
    return !name.empty() && !name.starts_with('.') &&
           std::ranges::all_of(name, [&](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; });
}

/// An absolute target names the host a second time (RFC 9112 3.2.2); it is cut to its path, and the host is kept.
std::optional<Refusal> split_absolute(RequestHead& head, std::string_view& authority) {
    if (head.target.starts_with('/')) return std::nullopt;
    if (head.target == "*")
        return head.method == Method::options ? std::nullopt
                                              : std::optional(Refusal{400, "Only OPTIONS asks about *."});
    const auto scheme_end = head.target.find("://");
    const auto scheme = head.target.substr(0, scheme_end);
    if (scheme_end == std::string_view::npos ||
        !(same_ignoring_case(scheme, "http") || same_ignoring_case(scheme, "https")))
        return Refusal{400, "The target must be a path."};
    const auto rest = head.target.substr(scheme_end + 3);
    const auto path = rest.find('/');
    if (path == std::string_view::npos) return Refusal{400, "The target has no path."};
    authority = rest.substr(0, path);
    head.target = rest.substr(path);
    return std::nullopt;
}

std::optional<Refusal> read_request_line(std::string_view line, RequestHead& out, std::string_view& authority) {
    const auto first = line.find(' '), last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return kBadRequestLine;
    const auto method = line.substr(0, first), version = line.substr(last + 1);
    out.target = line.substr(first + 1, last - first - 1);
    const auto is_printable = [](char c) { return c > ' ' && c < 0x7F; };
    if (out.target.empty() || !std::ranges::all_of(out.target, is_printable)) return kBadRequestLine;
    if (auto refusal = read_version(version, out.is_1_0)) return refusal;
    if (auto refusal = read_method(method, out.method)) return refusal;
    return split_absolute(out, authority);
}

std::optional<Refusal> read_content_length(std::string_view value, RequestHead& out) {
    if (out.content_length || value.empty()) return kBadLength;
    if (!std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) return kBadLength;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value.begin(), value.end(), number);
    out.content_length = error == std::errc{} ? number : std::numeric_limits<std::uint64_t>::max();
    return std::nullopt;
}

std::optional<Refusal> read_transfer_encoding(std::string_view value, RequestHead& out) {
    if (out.chunked || out.is_1_0) return kBadCoding;
    out.chunked = same_ignoring_case(value, "chunked");
    if (out.chunked) return std::nullopt;
    const auto comma = value.rfind(',');
    const bool ends_chunked = comma != std::string_view::npos && comma > 0 &&
                              same_ignoring_case(trimmed(value.substr(comma + 1)), "chunked") &&
                              !lower_case(value.substr(0, comma)).contains("chunked");
    return ends_chunked ? Refusal{501, "Only the transfer coding chunked is understood."} : kBadCoding;
}

void read_connection(std::string_view value, RequestHead& out) {
    while (!value.empty())
        if (same_ignoring_case(trimmed(take_until(value, ',')), "close")) out.closes = true;
}

/// The fields that decide about the message itself; told apart by length first, as this runs for each field.
std::optional<Refusal> note_field(const HeadField& field, RequestHead& out) {
    const auto is = [&](std::string_view name) { return same_ignoring_case(field.name, name); };
    switch (field.name.size()) {
        case 4:
            if (!is("Host")) break;
            if (!out.host.empty() || !is_host(field.value)) return kBadHost;
            out.host = field.value;
            break;
        case 6:
            if (!is("Expect") || out.is_1_0) break;
            if (!same_ignoring_case(field.value, "100-continue"))
                return Refusal{417, "Only 100-continue can be expected."};
            out.expects_continue = true;
            break;
        case 10:
            if (is("Connection")) read_connection(field.value, out);
            break;
        case 14:
            if (is("Content-Length")) return read_content_length(field.value, out);
            break;
        case 17:
            if (is("Transfer-Encoding")) return read_transfer_encoding(field.value, out);
            break;
        default: break;
    }
    return std::nullopt;
}

std::optional<Refusal> check_whole(const RequestHead& head, std::string_view authority) {
    if (head.host.empty() && !head.is_1_0) return kBadHost;
    if (!authority.empty() && !same_ignoring_case(authority, head.host))
        return Refusal{400, "Target and Host name different hosts."};
    if (head.chunked && head.content_length)
        return Refusal{400, "Content-Length and Transfer-Encoding exclude each other."};
    return std::nullopt;
}

}  // namespace

std::optional<Refusal> HeadEnd::look(std::string_view bytes) {
    for (;;) {
        const auto end = bytes.find('\n', looked_);
        if (end == std::string_view::npos) return look_at_unfinished(bytes);
        if (end == line_ || bytes[end - 1] != '\r') return kBadLineEnd;
        const auto length = end - 1 - line_;
        if (lines_ == 0 && length > limits_->request_line) return kLongRequestLine;
        if (end + 1 > limits_->header_block) return kLongHead;
        if (length == 0) {
            if (lines_ == 0) return kBadRequestLine;
            size_ = end + 1;
            return std::nullopt;
        }
        if (lines_++ > limits_->header_fields) return kLongHead;
        line_ = looked_ = end + 1;
    }
}

std::optional<Refusal> HeadEnd::look_at_unfinished(std::string_view bytes) {
    if (lines_ > 0 && !request_line_read_) {
        RequestHead ignored;
        std::string_view authority;
        request_line_read_ = true;
        if (auto refusal = read_request_line(bytes.substr(0, bytes.find('\r')), ignored, authority)) return refusal;
    }
    const auto fresh = bytes.substr(looked_);
    looked_ = std::max(line_, bytes.size() - (bytes.ends_with('\r') ? 1 : 0));
    if (lines_ == 0 && bytes.size() > limits_->request_line + 1) return kLongRequestLine;
    if (bytes.size() > limits_->header_block) return kLongHead;
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        if (fresh[i] == '\r' && i + 1 == fresh.size()) break;
        if (is_control(fresh[i])) return fresh[i] == '\r' ? kBadLineEnd : kBadCharacter;
        if (lines_ == 0 && static_cast<unsigned char>(fresh[i]) > 0x7F) return kBadRequestLine;
    }
    return std::nullopt;
}

std::optional<Refusal> read_field(std::string_view line, HeadField& out) {
    if (line.starts_with(' ') || line.starts_with('\t')) return Refusal{400, "A field must not be folded."};
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return Refusal{400, "A field needs a colon."};
    out.name = line.substr(0, colon);
    out.value = trimmed(line.substr(colon + 1));
    if (!is_token(out.name)) return Refusal{400, "A field name holds a character that has no place there."};
    if (std::ranges::any_of(out.value, is_control)) return kBadCharacter;
    return std::nullopt;
}

std::optional<Refusal> read_head(std::string_view bytes, RequestHead& out) {
    auto fields = std::move(out.fields);
    fields.clear();
    out = {};
    out.fields = std::move(fields);
    const auto next_line = [&] {
        const auto end = bytes.find("\r\n");
        const auto line = bytes.substr(0, end);
        bytes.remove_prefix(end + 2);
        return line;
    };
    std::string_view authority;
    if (auto refusal = read_request_line(next_line(), out, authority)) return refusal;
    for (auto line = next_line(); !line.empty(); line = next_line()) {
        HeadField field;
        if (auto refusal = read_field(line, field)) return refusal;
        if (auto refusal = note_field(field, out)) return refusal;
        out.fields.push_back(field);
    }
    return check_whole(out, authority);
}

}  // namespace inboxpro::http
