#include "mail/header_text.h"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>

#include "mail/addresses.h"
#include "mail/structure.h"

namespace inboxpro {
namespace {

constexpr std::size_t kFoldAt = 76;
constexpr std::size_t kLongestWord = 900;         // Fits into 998 behind any name.
constexpr std::size_t kLongestEncoded = 75 - 12;  // RFC 2047 section 2, without "=?utf-8?Q?" and "?=".

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// Whether readers get back exactly this text when it is written as it is, folded at its spaces.
bool is_plain(std::string_view text) {
    if (!is_printable_ascii(text) || text.starts_with(' ') || text.ends_with(' ')) return false;
    if (text.find("=?") != std::string_view::npos || text.find("  ") != std::string_view::npos) return false;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        if (end - begin > kLongestWord) return false;
        begin = end + 1;
    }
    return true;
}

std::string folded(std::string_view text, std::size_t column) {
    std::string out;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        const auto word = text.substr(begin, end - begin);
        if (begin > 0) {
            const bool folds = column + 1 + word.size() > kFoldAt;
            out += folds ? "\r\n " : " ";
            column = folds ? 1 : column + 1;
        }
        out += word;
        column += word.size();
        begin = end + 1;
    }
    return out;
}

/// One UTF-8 character in the Q encoding, with nothing that has a meaning in a name (RFC 2047 section 5, rule 3).
std::string encoded_character(std::string_view character) {
    const char first = character.front();
    if (first == ' ') return "_";
    if ((first >= '0' && first <= '9') || ((first | 32) >= 'a' && (first | 32) <= 'z')) return std::string{character};
    std::string out;
    for (unsigned char byte : character) fmt::format_to(std::back_inserter(out), "={:02X}", byte);
    return out;
}

std::size_t character_size(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
    return size;
}

/// Q rather than B, because programs differ about base64 padding between words.
std::string encoded_words(std::string_view text) {
    std::string out, word;
    for (std::size_t at = 0; at < text.size();) {
        const auto size = character_size(text.substr(at));
        const std::string character = encoded_character(text.substr(at, size));
        if (word.size() + character.size() > kLongestEncoded) {
            out += fmt::format("=?utf-8?Q?{}?=\r\n ", word);
            word.clear();
        }
        word += character;
        at += size;
    }
    return out + fmt::format("=?utf-8?Q?{}?=", word);
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char character : text) {
        if (character == '"' || character == '\\') out.push_back('\\');
        out.push_back(character);
    }
    return out + '"';
}

std::string name_text(std::string_view name) {
    return is_plain(name) && name.size() <= 60 ? quoted(name) : encoded_words(name);
}

bool is_header_name(std::string_view name) {
    return !name.empty() && name.size() <= 76 &&
           std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
}

}  // namespace

bool is_utf8(std::string_view text) {
    return g_utf8_validate_len(text.data(), text.size(), nullptr) != 0;
}

Result<void> check_header_value(std::string_view field, std::string_view value) {
    if (value.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos)
        return fail_field(std::string{field}, fmt::format("A line end or NUL stands in {}.", field));
    if (!is_utf8(value)) return fail_field(std::string{field}, fmt::format("{} is not valid UTF-8.", field));
    return {};
}

Result<std::string> header_line(std::string_view name, std::string_view value) {
    const std::string field = lower_case(name);
    if (!is_header_name(name)) return fail_field("headers", "This is not the name of a header field.");
    TRY(check_header_value(field, value));
    return fmt::format("{}: {}\r\n", name, is_plain(value) ? folded(value, name.size() + 2) : encoded_words(value));
}

Result<std::string> address_line(std::string_view header, const std::vector<Mailbox>& mailboxes,
                                 std::string_view field) {
    std::string line{header};
    std::string_view separator = ": ";
    for (const auto& mailbox : mailboxes) {
        TRY(check_header_value(field, mailbox.name));
        if (!check_address(mailbox.address))
            return fail_field(std::string{field}, fmt::format("An address in {} is not one.", field));
        line += separator;
        separator = ",\r\n ";
        const std::string name = unfolded(mailbox.name);
        if (name.empty()) {
            line += mailbox.address;
            continue;
        }
        const std::string shown = name_text(name);
        const bool folds = shown.size() + mailbox.address.size() > kFoldAt - 16;
        line += fmt::format("{}{}<{}>", shown, folds ? "\r\n " : " ", mailbox.address);
    }
    return line + "\r\n";
}

}  // namespace inboxpro
