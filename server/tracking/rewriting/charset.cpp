#include "tracking/rewriting/charset.h"

#include <algorithm>

#include "mail/gmime.h"

namespace inboxpro {
namespace {

/// iconv's name. "utf-16" leaves the byte order open: the byte order mark tells, or the first "<".
std::string iconv_name(std::string_view charset, BytesView sample) {
    if (charset == "utf-16" || charset == "utf16") {
        const bool little = sample.starts_with("\xff\xfe") || (sample.size() > 1 && sample[0] != 0 && sample[1] == 0);
        return little ? "UTF-16LE" : "UTF-16BE";
    }
    start_gmime();
    return text_or_empty(g_mime_charset_iconv_name(std::string{charset}.c_str()));
}

std::optional<std::string> converted(BytesView text, const std::string& to, const std::string& from) {
    gsize size = 0;
    const GlibText out{
        g_convert(text.data(), static_cast<gssize>(text.size()), to.c_str(), from.c_str(), nullptr, &size, nullptr)};
    if (!out) return {};
    return std::string{out.get(), size};
}

}  // namespace

bool reads_as_ascii(std::string_view charset) {
    static constexpr std::string_view kOthers[] = {"utf-16",    "utf16",  "utf-32", "utf32",   "ucs-2",    "ucs-4",
                                                   "iso-10646", "utf-7",  "utf7",   "unicode", "iso-2022", "csiso2022",
                                                   "hz",        "ibm037", "cp037",  "ebcdic",  "x-imap"};
    return std::ranges::none_of(kOthers, [&](std::string_view other) { return charset.starts_with(other); });
}

std::optional<std::string> to_utf8(BytesView text, std::string_view charset) {
    return converted(text, "UTF-8", iconv_name(charset, text));
}

std::optional<Bytes> from_utf8(std::string_view text, std::string_view charset, BytesView sample) {
    return converted(text, iconv_name(charset, sample), "UTF-8");
}

}  // namespace inboxpro
