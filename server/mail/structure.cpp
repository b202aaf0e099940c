#include "mail/structure.h"

#include <fmt/format.h>

#include <algorithm>

#include "mail/content_fields.h"

namespace inboxpro {
namespace {

bool is_blank(char character) {
    return character == ' ' || character == '\t';
}

std::size_t next_line(BytesView text, std::size_t at) {
    const auto end = text.find('\n', at);
    return end == BytesView::npos ? text.size() : end + 1;
}

std::string_view without_line_end(std::string_view line) {
    if (!line.ends_with('\n')) return line;
    line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// RFC 5322 section 3.6.8: printable ASCII without a colon; white space before the colon is old usage.
bool begins_header_field(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos) return false;
    std::string_view name = line.substr(0, colon);
    while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_mbox_line(std::string_view line) {
    return line.starts_with("From ") || line.starts_with(">From ");
}

enum class Boundary : std::uint8_t { none, part, close };

Boundary matched(std::string_view line, std::string_view boundary) {
    line = without_line_end(line);
    if (line.ends_with('\r')) line.remove_suffix(1);  // the last line of a cut mail
    if (!line.starts_with("--") || line.substr(2, boundary.size()) != boundary) return Boundary::none;
    line.remove_prefix(2 + boundary.size());
    const bool closes = line.starts_with("--");
    if (closes) line.remove_prefix(2);
    if (!std::ranges::all_of(line, is_blank)) return Boundary::none;
    return closes ? Boundary::close : Boundary::part;
}

class Walk {
  public:
    Walk(BytesView message, const MailLimits& limits) : message_(message), limits_(limits) {}

    Result<std::vector<MimePart>> parts() {
        if (message_.size() > limits_.bytes)
            return fail(ErrorKind::invalid, fmt::format("The mail is larger than {} bytes.", limits_.bytes));
        parts_.reserve(8);
        open_.reserve(8);
        TRY(begin_part(0, false));
        while (at_ < message_.size()) {
            const std::size_t end = next_line(message_, at_);
            if (!TRY(take_boundary(message_.substr(at_, end - at_), end))) at_ = next_dashes(end - 1);
        }
        close_parts(0, message_.size());
        return std::move(parts_);
    }

  private:
    struct Open {
        std::size_t part;
        std::string boundary;  ///< Empty for what has none: a leaf, an attached message.
        bool is_digest = false;
    };

    /// Reads the header at `begin`, and that of the message inside when the part is an attached message.
    Result<void> begin_part(std::size_t begin, bool in_attached_message) {
        at_ = begin;
        for (bool inside = true; inside;) {
            if (parts_.size() >= static_cast<std::size_t>(limits_.parts))
                return fail(ErrorKind::invalid, fmt::format("The mail has more than {} parts.", limits_.parts));
            if (open_.size() >= static_cast<std::size_t>(limits_.depth))
                return fail(ErrorKind::invalid, fmt::format("The mail nests deeper than {} levels.", limits_.depth));
            MimePart part;
            part.in_attached_message = in_attached_message;
            part.depth = static_cast<int>(open_.size()) + 1;
            TRY(read_header(part));
            ContentFields fields = content_fields(message_, part, !open_.empty() && open_.back().is_digest);
            inside = fields.is_attached_message;
            in_attached_message = in_attached_message || inside;
            open_.push_back({.part = parts_.size(),
                             .boundary = std::move(fields.boundary),
                             .is_digest = part.is("multipart", "digest")});
            parts_.push_back(std::move(part));
        }
        return {};
    }

    /// From at_ to the body; leaves at_ there.
    Result<void> read_header(MimePart& part) {
        if (is_mbox_line(message_.substr(at_, 6))) at_ = next_line(message_, at_);
        part.headers_begin = part.headers_end = at_;
        while (at_ < message_.size()) {
            const std::size_t end = next_line(message_, at_);
            const std::string_view line = message_.substr(at_, end - at_);
            const bool is_empty = without_line_end(line).empty();
            const bool continues = is_blank(line.front()) && at_ > part.headers_begin;
            if (is_empty || is_boundary(line) || !(continues || begins_header_field(line))) {
                if (is_empty) at_ = end;
                break;
            }
            at_ = part.headers_end = end;
            if (part.headers_end - part.headers_begin > limits_.header_bytes)
                return fail(ErrorKind::invalid,
                            fmt::format("The mail has a header of more than {} bytes.", limits_.header_bytes));
        }
        part.body_begin = part.body_end = at_;
        return {};
    }

    bool is_boundary(std::string_view line) const {
        return line.starts_with("--") && std::ranges::any_of(open_, [&](const Open& open) {
                   return !open.boundary.empty() && matched(line, open.boundary) != Boundary::none;
               });
    }

    /// The next line that begins like a boundary, given a line end before it. Base64 has no dashes.
    std::size_t next_dashes(std::size_t line_end) const {
        if (parts_.back().encoding != TransferEncoding::base64) {
            const auto found = message_.find("\n--", line_end);
            return found == BytesView::npos ? message_.size() : found + 1;
        }
        for (auto at = message_.find('-', line_end); at != BytesView::npos; at = message_.find('-', at + 1))
            if (message_[at - 1] == '\n' && message_.substr(at).starts_with("--")) return at;
        return message_.size();
    }

    /// Whether the line, which ends at `end`, was a boundary; the innermost one that fits.
    Result<bool> take_boundary(std::string_view line, std::size_t end) {
        if (!line.starts_with("--")) return false;
        for (std::size_t level = open_.size(); level-- > 0;) {
            if (open_[level].boundary.empty()) continue;
            const Boundary found = matched(line, open_[level].boundary);
            if (found == Boundary::none) continue;
            close_parts(level + 1, at_);
            at_ = end;
            if (found == Boundary::close)
                open_[level].boundary.clear();
            else
                TRY(begin_part(end, parts_[open_[level].part].in_attached_message));
            return true;
        }
        return false;
    }

    /// Ends what is open from `level` on, before a boundary line at `line_begin` or at the end of the message.
    void close_parts(std::size_t level, std::size_t line_begin) {
        std::size_t end = line_begin;
        if (line_begin < message_.size() || level > 0) {
            if (end > 0 && message_[end - 1] == '\n') --end;
            if (end > 0 && message_[end - 1] == '\r' && end < line_begin) --end;
        }
        for (; open_.size() > level; open_.pop_back()) {
            MimePart& part = parts_[open_.back().part];
            part.body_end = std::max(part.body_begin, end);
        }
    }

    BytesView message_;
    const MailLimits& limits_;
    std::size_t at_ = 0;
    std::vector<MimePart> parts_;
    std::vector<Open> open_;
};

}  // namespace

Result<std::vector<MimePart>> parts_of(BytesView message, const MailLimits& limits) {
    return Walk{message, limits}.parts();
}

std::optional<HeaderField> next_header_field(BytesView message, std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end;) {
        HeaderField field{.begin = at, .value_begin = 0, .end = next_line(message, at), .name = {}, .raw_value = {}};
        while (field.end < end && is_blank(message[field.end])) field.end = next_line(message, field.end);
        field.end = std::min(field.end, end);
        at = field.end;
        const auto colon = message.substr(field.begin, field.end - field.begin).find(':');
        if (colon == BytesView::npos) continue;
        field.name = message.substr(field.begin, colon);
        while (!field.name.empty() && is_blank(field.name.back())) field.name.remove_suffix(1);
        field.value_begin = field.begin + colon + 1;
        field.raw_value = message.substr(field.value_begin, field.end - field.value_begin);
        return field;
    }
    return {};
}

std::vector<HeaderField> header_fields(BytesView message, std::size_t begin, std::size_t end) {
    std::vector<HeaderField> fields;
    for (auto field = next_header_field(message, begin, end); field;
         field = next_header_field(message, field->end, end))
        fields.push_back(*field);
    return fields;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string unfolded(std::string_view raw_value) {
    std::string out{trimmed(raw_value)};
    std::erase_if(out, [](char character) { return character == '\r' || character == '\n'; });
    return out;
}

std::string lower_case(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), lower_letter);
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower_letter, lower_letter);
}

Bytes with_line_ends(BytesView text, std::string_view line_end) {
    Bytes out;
    out.reserve(text.size() + text.size() / 32);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::string_view line = text.substr(begin, next_line(text, begin) - begin);
        out += without_line_end(line);
        if (line.ends_with('\n')) out += line_end;
        begin += line.size();
    }
    return out;
}

std::string_view line_end_of(BytesView text) {
    const auto end = text.find('\n');
    return end == BytesView::npos || (end > 0 && text[end - 1] == '\r') ? "\r\n" : "\n";
}

}  // namespace inboxpro
