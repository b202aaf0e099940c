#include "mail/content_fields.h"

#include <unordered_map>

#include "mail/gmime.h"

namespace inboxpro {
namespace {

TransferEncoding encoding_named(std::string_view name) {
    if (equal_ignoring_case(name, "quoted-printable")) return TransferEncoding::quoted_printable;
    if (equal_ignoring_case(name, "base64")) return TransferEncoding::base64;
    for (const auto* unreadable : {"x-uuencode", "uuencode", "x-uue", "uue", "x-yencode"})
        if (equal_ignoring_case(name, unreadable)) return TransferEncoding::other;
    return TransferEncoding::identity;
}

struct ContentType {
    std::string type, subtype, charset, name, boundary;
};

ContentType content_type_of(const std::string& value) {
    const GmimeObjectOf<GMimeContentType> type{g_mime_content_type_parse(nullptr, value.c_str())};
    const auto parameter = [&](const char* name) {
        return text_or_empty(g_mime_content_type_get_parameter(type.get(), name));
    };
    return {.type = lower_case(text_or_empty(g_mime_content_type_get_media_type(type.get()))),
            .subtype = lower_case(text_or_empty(g_mime_content_type_get_media_subtype(type.get()))),
            .charset = lower_case(parameter("charset")),
            .name = parameter("name"),
            .boundary = parameter("boundary")};
}

/// A few values stand in nearly all mails, and reading one takes GMime longer than all the rest of its part. Values
/// with a name or a boundary are of one mail only.
const ContentType& known_content_type(const std::string& value) {
    constexpr std::size_t kMostKnown = 64, kLongest = 80;
    thread_local std::unordered_map<std::string, ContentType> known;
    thread_local ContentType only_here;
    const auto found = known.find(value);
    if (found != known.end()) return found->second;
    only_here = content_type_of(value);
    if (!only_here.name.empty() || !only_here.boundary.empty() || value.size() > kLongest) return only_here;
    if (known.size() == kMostKnown) known.clear();
    return known.emplace(value, only_here).first->second;
}

std::string read_type(MimePart& part, const std::string& value) {
    const ContentType& type = known_content_type(value);
    part.type = type.type;
    part.subtype = type.subtype;
    part.charset = type.charset;
    part.type_name = type.name;
    return part.type == "multipart" ? type.boundary : "";
}

}  // namespace

ContentFields content_fields(BytesView message, MimePart& part, bool in_digest) {
    start_gmime();
    ContentFields result;
    part.type = in_digest ? "message" : "text";
    part.subtype = in_digest ? "rfc822" : "plain";
    bool has_type = false, has_encoding = false, has_disposition = false;
    const auto next = [&](std::size_t begin) { return next_header_field(message, begin, part.headers_end); };
    for (auto field = next(part.headers_begin); field; field = next(field->end)) {
        if (!has_type && equal_ignoring_case(field->name, "Content-Type")) {
            result.boundary = read_type(part, unfolded(field->raw_value));
            has_type = true;
        } else if (!has_encoding && equal_ignoring_case(field->name, "Content-Transfer-Encoding")) {
            part.encoding = encoding_named(unfolded(field->raw_value));
            has_encoding = true;
        } else if (!has_disposition && equal_ignoring_case(field->name, "Content-Disposition")) {
            part.disposition_begin = field->value_begin;
            part.disposition_end = field->end;
            has_disposition = true;
        }
    }
    result.is_attached_message = part.type == "message" && (part.subtype == "rfc822" || part.subtype == "global") &&
                                 part.encoding == TransferEncoding::identity;
    return result;
}

Disposition disposition_of(BytesView message, const MimePart& part) {
    if (part.disposition_end == 0) return {.is_attachment = false, .file_name = part.type_name};
    start_gmime();
    const auto value = unfolded(message.substr(part.disposition_begin, part.disposition_end - part.disposition_begin));
    const GmimeObjectOf<GMimeContentDisposition> disposition{g_mime_content_disposition_parse(nullptr, value.c_str())};
    const auto name = text_or_empty(g_mime_content_disposition_get_parameter(disposition.get(), "filename"));
    return {.is_attachment = g_mime_content_disposition_is_attachment(disposition.get()) != 0,
            .file_name = name.empty() ? part.type_name : name};
}

}  // namespace inboxpro
