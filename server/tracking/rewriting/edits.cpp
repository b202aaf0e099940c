#include "tracking/rewriting/edits.h"

#include <fmt/format.h>

#include <algorithm>

#include "mail/gmime.h"

namespace inboxpro {
namespace {

constexpr std::size_t kLongestLine = 998;
constexpr std::size_t kLongestQuotedLine = 76;

int hex_value(char character) {
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'A' && character <= 'F') return character - 'A' + 10;
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    return -1;
}

/// Goes through quoted-printable text byte by byte of what it stands for.
class QuotedPrintable {
  public:
    explicit QuotedPrintable(BytesView text) : text_(text) {}

    /// The next byte, which stands in [begin(), end()); false at the end of the text.
    bool next() {
        begin_ = end_;
        while (const std::size_t size = soft_break_at(begin_)) begin_ += size;
        if (begin_ >= text_.size()) return false;
        const bool is_code = text_[begin_] == '=' && begin_ + 2 < text_.size() && hex_value(text_[begin_ + 1]) >= 0 &&
                             hex_value(text_[begin_ + 2]) >= 0;
        byte_ = is_code ? static_cast<char>(hex_value(text_[begin_ + 1]) << 4 | hex_value(text_[begin_ + 2]))
                        : text_[begin_];
        end_ = begin_ + (is_code ? 3 : 1);
        return true;
    }
    /// The bytes behind that stand for themselves, up to the next "=" or to `most`; passes over them.
    BytesView plain_run(std::size_t most = BytesView::npos) {
        const BytesView rest = text_.substr(end_, most);
        const BytesView run = rest.substr(0, rest.find('='));
        end_ += run.size();
        return run;
    }
    char byte() const { return byte_; }
    std::size_t begin() const { return begin_; }
    std::size_t end() const { return end_; }

  private:
    /// "=", white space, line end; its length, or 0.
    std::size_t soft_break_at(std::size_t at) const {
        if (at >= text_.size() || text_[at] != '=') return 0;
        std::size_t end = at + 1;
        while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t')) ++end;
        if (end < text_.size() && text_[end] == '\r') ++end;
        if (end < text_.size() && text_[end] != '\n') return 0;
        return std::min(end + 1, text_.size()) - at;
    }

    BytesView text_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    char byte_ = 0;
};

/// Writes quoted-printable, breaking lines where they grow too long.
class QuotedWriter {
  public:
    QuotedWriter(std::size_t column, std::string_view line_end) : column_(column), line_end_(line_end) {}

    void put(char character, bool ends_line = false) {
        const bool is_space = character == ' ' || character == '\t';
        const bool plain = (character > ' ' && character < 0x7f && character != '=') || (is_space && !ends_line);
        const std::size_t size = plain ? 1 : 3;
        if (column_ + size > kLongestQuotedLine - 1) soft_break();
        if (plain)
            out_.push_back(character);
        else
            fmt::format_to(std::back_inserter(out_), "={:02X}", static_cast<unsigned char>(character));
        column_ += size;
    }
    void soft_break() {
        out_.push_back('=');
        hard_break(line_end_);
    }
    void hard_break(std::string_view line_end) {
        out_ += line_end;
        column_ = 0;
    }
    std::size_t column() const { return column_; }
    std::string written() && { return std::move(out_); }

  private:
    std::string out_;
    std::size_t column_;
    std::string_view line_end_;
};

/// Up to the line end, without it.
std::size_t rest_of_line(BytesView text, std::size_t at) {
    auto end = std::min(text.find('\n', at), text.size());
    if (end > at && text[end - 1] == '\r') --end;
    return end - at;
}

std::size_t line_begin(BytesView text, std::size_t at) {
    const auto before = at == 0 ? BytesView::npos : text.rfind('\n', at - 1);
    return before == BytesView::npos ? 0 : before + 1;
}

std::vector<Edit> quoted_edits(BytesView body, const std::vector<Edit>& edits, std::string_view line_end) {
    std::vector<Edit> encoded;
    QuotedPrintable reader{body};
    std::size_t position = 0;  // of the byte that the reader stands on
    bool more = reader.next();
    std::size_t column_shift_line = BytesView::npos, column_at = 0, column_after = 0;
    const auto advance_to = [&](std::size_t wanted) {
        for (; more && position < wanted; ++position) {
            position += reader.plain_run(wanted - position - 1).size();
            more = reader.next();
        }
    };
    for (const auto& edit : edits) {
        advance_to(edit.offset);
        const std::size_t begin = more ? reader.begin() : reader.end();
        std::size_t end = begin;
        if (edit.length > 0) {
            advance_to(edit.offset + edit.length - 1);
            end = reader.end();
        }
        // Where an earlier edit moved this line's text, its column is counted from there.
        const std::size_t line = line_begin(body, begin);
        const std::size_t column = column_shift_line == line ? column_after + (begin - column_at) : begin - line;
        QuotedWriter writer{column, line_end};
        for (char character : edit.text) writer.put(character);
        const std::size_t rest = rest_of_line(body, end);
        if (!edit.text.empty() && rest > 0 && writer.column() + rest > kLongestQuotedLine) writer.soft_break();
        column_shift_line = line_begin(body, end);
        column_at = end;
        column_after = writer.column();
        encoded.push_back({.offset = begin, .length = end - begin, .text = std::move(writer).written()});
    }
    return encoded;
}

/// GMime passes over whatever is not base64.
Bytes from_loose_base64(BytesView text) {
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_BASE64);
    Bytes out(g_mime_encoding_outlen(&state, text.size()), '\0');
    out.resize(g_mime_encoding_flush(&state, text.data(), text.size(), out.data()));
    return out;
}

Bytes in_base64_like(BytesView before, BytesView content, std::string_view line_end) {
    std::size_t line_size = rest_of_line(before, 0);
    if (line_size < 4 || line_size > kLongestLine) line_size = kLongestQuotedLine;
    line_size -= line_size % 4;
    const std::string code = base64(content);
    Bytes out;
    out.reserve(code.size() + code.size() / line_size * 2 + 4);
    for (std::size_t at = 0; at < code.size(); at += line_size) {
        if (at > 0) out += line_end;
        out += std::string_view{code}.substr(at, line_size);
    }
    const auto last = before.find_last_not_of("\r\n");
    return out.append(before.substr(last == BytesView::npos ? 0 : last + 1));
}

}  // namespace

Bytes applied(BytesView text, const std::vector<Edit>& edits) {
    std::size_t size = text.size();
    for (const auto& edit : edits) size += edit.text.size();
    Bytes out;
    out.reserve(size);
    std::size_t copied = 0;
    for (const auto& edit : edits) {
        out.append(text.substr(copied, edit.offset - copied)).append(edit.text);
        copied = edit.offset + edit.length;
    }
    return out.append(text.substr(copied));
}

std::vector<Edit> difference(BytesView from, BytesView to) {
    if (from == to) return {};
    const auto front = static_cast<std::size_t>(std::ranges::mismatch(from, to).in1 - from.begin());
    from.remove_prefix(front);
    to.remove_prefix(front);
    std::size_t back = 0;
    while (back < from.size() && back < to.size() && from[from.size() - 1 - back] == to[to.size() - 1 - back]) ++back;
    return {{.offset = front, .length = from.size() - back, .text = Bytes{to.substr(0, to.size() - back)}}};
}

Bytes decoded_body(BytesView body, TransferEncoding encoding) {
    if (encoding == TransferEncoding::base64) return from_loose_base64(body);
    if (encoding != TransferEncoding::quoted_printable) return Bytes{body};
    Bytes out;
    out.reserve(body.size());
    QuotedPrintable reader{body};
    for (out += reader.plain_run(); reader.next(); out += reader.plain_run()) out.push_back(reader.byte());
    return out;
}

std::vector<Edit> encoded_edits(BytesView body, TransferEncoding encoding, const std::vector<Edit>& edits,
                                std::string_view line_end) {
    if (edits.empty() || encoding == TransferEncoding::identity || encoding == TransferEncoding::other) return edits;
    if (encoding == TransferEncoding::quoted_printable) return quoted_edits(body, edits, line_end);
    const Bytes content = applied(decoded_body(body, encoding), edits);
    return difference(body, in_base64_like(body, content, line_end));
}

bool lines_stay_short(BytesView body, const std::vector<Edit>& edits) {
    const Bytes result = applied(body, edits);
    std::size_t shift = 0;
    for (const auto& edit : edits) {
        const std::size_t at = edit.offset + shift;
        const std::size_t begin = line_begin(result, at);
        if (at - begin + rest_of_line(result, at) > kLongestLine) return false;
        shift += edit.text.size() - edit.length;
    }
    return true;
}

Bytes in_quoted_printable(BytesView text, std::string_view line_end) {
    QuotedWriter writer{0, line_end};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const BytesView here = text.substr(i);
        if (here.starts_with("\r\n")) {
            writer.hard_break("\r\n");
            ++i;
        } else if (here.front() == '\n') {
            writer.hard_break("\n");
        } else {
            writer.put(here.front(), here.size() == 1 || here[1] == '\n' || here.substr(1).starts_with("\r\n"));
        }
    }
    return std::move(writer).written();
}

}  // namespace inboxpro
