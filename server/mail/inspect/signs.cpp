#include "mail/inspect/signs.h"

#include <algorithm>

#include "mail/addresses.h"
#include "mail/gmime.h"
#include "mail/html_text.h"
#include "mail/structure.h"

namespace inboxpro::inspection {
namespace {

/// Behind this much text nothing is looked for.
constexpr std::size_t kMostText = 8 * 1024;
constexpr std::size_t kMostHtml = 256 * 1024;

std::string valid_utf8(std::string_view text) {
    return text_or_empty(GlibText{g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()))}.get());
}

Bytes decoded_body(BytesView body, TransferEncoding encoding) {
    if (encoding != TransferEncoding::base64 && encoding != TransferEncoding::quoted_printable) return Bytes{body};
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding == TransferEncoding::base64 ? GMIME_CONTENT_ENCODING_BASE64
                                                                             : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    Bytes out(g_mime_encoding_outlen(&state, body.size()), '\0');
    out.resize(g_mime_encoding_step(&state, body.data(), body.size(), out.data()));
    return out;
}

std::string to_utf8(const Bytes& text, const std::string& charset) {
    if (charset.empty() || charset == "us-ascii" || charset == "utf-8") return valid_utf8(text);
    gsize written = 0;
    const GlibText converted{g_convert_with_fallback(text.data(), static_cast<gssize>(text.size()), "UTF-8",
                                                     g_mime_charset_iconv_name(charset.c_str()), "?", nullptr, &written,
                                                     nullptr)};
    return converted == nullptr ? valid_utf8(text) : valid_utf8({converted.get(), written});
}

std::string text_in(BytesView raw, const MimePart& part) {
    const bool is_html = part.is("text", "html");
    const auto most = is_html ? kMostHtml : 2 * kMostText;
    const auto body = raw.substr(part.body_begin, std::min(part.body_end - part.body_begin, most));
    auto text = to_utf8(decoded_body(body, part.encoding), part.charset);
    if (is_html) text = text_of_html(text);
    return lower(text.substr(0, kMostText));
}

void read_part(BytesView raw, const MimePart& part, Signs& signs) {
    if (part.in_attached_message) return;
    const bool original = part.is("message", "rfc822") || part.is("text", "rfc822-headers") ||
                          part.is("message", "rfc822-headers") || part.is("message", "global");
    if (original && part.depth > 1) signs.carries_original = true;
    const auto body = [&] {
        return decoded_body(raw.substr(part.body_begin, part.body_end - part.body_begin), part.encoding);
    };
    if (part.type == "message" && (part.subtype == "delivery-status" || part.subtype == "global-delivery-status"))
        signs.report = read_delivery_report(body());
    if (part.type == "message" &&
        (part.subtype == "disposition-notification" || part.subtype == "global-disposition-notification"))
        signs.report = read_disposition_report(body());
    const bool is_text = part.is("text", "plain") || part.is("text", "html");
    if (signs.text.empty() && is_text && !disposition_of(raw, part).is_attachment) signs.text = text_in(raw, part);
}

}  // namespace

std::string lower(std::string_view utf8) {
    const auto valid = valid_utf8(utf8);
    return text_or_empty(GlibText{g_utf8_strdown(valid.data(), static_cast<gssize>(valid.size()))}.get());
}

std::string decoded(std::string_view raw_value) {
    start_gmime();
    const auto line = unfolded(raw_value);
    return lower(text_or_empty(GlibText{g_mime_utils_header_decode_text(nullptr, line.c_str())}.get()));
}

std::string Signs::value(std::string_view name) const {
    for (const auto& header : headers)
        if (equal_ignoring_case(header.first, name)) return lower_case(unfolded(header.second));
    return {};
}

bool Signs::has(std::string_view name) const {
    return std::ranges::any_of(headers, [&](const auto& header) { return equal_ignoring_case(header.first, name); });
}

Signs signs_of(HeaderList headers) {
    Signs signs;
    signs.headers = std::move(headers);
    for (const auto& [name, value] : signs.headers) {
        if (equal_ignoring_case(name, "Subject") && signs.subject.empty()) signs.subject = decoded(value);
        if (equal_ignoring_case(name, "From") && signs.from.empty()) {
            signs.from_name = decoded(value);
            const auto mailboxes = mailboxes_in(value);
            if (mailboxes && !mailboxes->empty()) signs.from = lower_case(mailboxes->front().address);
        }
    }
    signs.content_type = signs.value("Content-Type");
    std::erase_if(signs.content_type, [](char c) { return c == '"' || c == ' ' || c == '\t'; });
    const auto envelope = signs.has("Return-Path") ? signs.value("Return-Path") : signs.value("X-Envelope-From");
    signs.null_sender = envelope == "<>" || envelope.starts_with("mailer-daemon") ||
                        envelope.starts_with("<mailer-daemon") ||
                        (signs.has("From") && signs.from.empty() && signs.value("From") == "<>");
    return signs;
}

Result<Signs> signs_of(BytesView raw, const MailLimits& limits) {
    start_gmime();
    const auto parts = TRY(parts_of(raw, limits));
    HeaderList headers;
    for (const auto& field : header_fields(raw, parts.front().headers_begin, parts.front().headers_end))
        headers.emplace_back(field.name, field.raw_value);
    auto signs = signs_of(std::move(headers));
    signs.has_text = true;
    for (const auto& part : parts) read_part(raw, part, signs);
    return signs;
}

}  // namespace inboxpro::inspection
