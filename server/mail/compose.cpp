#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/id.h"
#include "mail/gmime.h"
#include "mail/header_text.h"
#include "mail/html_text.h"
#include "mail/mail.h"
#include "mail/structure.h"

namespace inboxpro {
namespace {

using Part = GmimeObjectOf<GMimeObject>;

constexpr std::array kOwnFields = {"from",    "to",   "cc",         "bcc",         "sender",
                                   "subject", "date", "message-id", "mime-version"};

/// "Mon, 23 Nov 2026 09:00:00 +0000", RFC 5322 section 3.3.
std::string date_text(TimePoint date) {
    GDateTime* moment = g_date_time_new_from_unix_utc(to_millis(date) / 1000);
    const GlibText text{g_mime_utils_header_format_date(moment)};
    g_date_time_unref(moment);
    return text.get();
}

Part leaf(const char* type, const char* subtype, BytesView content, GMimeContentEncoding encoding) {
    GMimePart* part = g_mime_part_new_with_type(type, subtype);
    const GmimeObjectOf<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(content.data(), content.size())};
    const GmimeObjectOf<GMimeDataWrapper> wrapper{
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)};
    g_mime_part_set_content(part, wrapper.get());
    g_mime_part_set_content_encoding(part, encoding);
    return Part{GMIME_OBJECT(part)};
}

/// Quoted-printable while most of it is ASCII and stays readable, else base64.
Part text_part(const char* subtype, std::string_view text) {
    const auto others = std::ranges::count_if(text, [](char c) { return static_cast<signed char>(c) < 0; });
    const bool mostly_ascii = static_cast<std::size_t>(others) * 6 < text.size();
    // GMime's quoted-printable makes the line ends itself.
    Part part = leaf("text", subtype, with_line_ends(text, mostly_ascii ? "\n" : "\r\n"),
                     mostly_ascii ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE : GMIME_CONTENT_ENCODING_BASE64);
    g_mime_object_set_content_type_parameter(part.get(), "charset", "utf-8");
    return part;
}

Part multipart(const char* subtype, Part first, std::vector<Part> others, Random& random) {
    GMimeMultipart* part = g_mime_multipart_new_with_subtype(subtype);
    // "=_" cannot occur in quoted-printable (RFC 2045 section 6.7) nor in base64.
    g_mime_multipart_set_boundary(part, fmt::format("=_{}", hex(random.bytes(16))).c_str());
    g_mime_multipart_add(part, first.get());
    for (const auto& other : others) g_mime_multipart_add(part, other.get());
    return Part{GMIME_OBJECT(part)};
}

bool is_token(std::string_view text) {
    return !text.empty() && text.size() <= 127 && std::ranges::all_of(text, [](char c) {
        return c > 0x20 && c < 0x7f && std::string_view{"()<>@,;:\\\"/[]?="}.find(c) == std::string_view::npos;
    });
}

Result<Part> attachment_part(const Attachment& attachment) {
    const std::string_view given = attachment.media_type;
    const std::string media_type = given.empty() ? "application/octet-stream" : lower_case(given);
    const auto slash = media_type.find('/');
    const std::string type = media_type.substr(0, slash);
    const std::string subtype = slash == std::string::npos ? "" : media_type.substr(slash + 1);
    if (!is_token(type) || !is_token(subtype))
        return fail_field("attachments", "A media type of an attachment is none.");
    TRY(check_header_value("attachments", attachment.file_name));
    const auto last_folder = attachment.file_name.find_last_of("/\\");
    const std::string name =
        last_folder == std::string::npos ? attachment.file_name : attachment.file_name.substr(last_folder + 1);
    if (name.size() > 255) return fail_field("attachments", "A file name of an attachment is longer than 255 bytes.");
    // Base64 is not allowed for messages and multiparts (RFC 2045 section 6.4): they travel as plain bytes.
    const bool composite = type == "message" || type == "multipart";
    Part part = leaf(composite ? "application" : type.c_str(), composite ? "octet-stream" : subtype.c_str(),
                     attachment.content, GMIME_CONTENT_ENCODING_BASE64);
    g_mime_object_set_disposition(part.get(), "attachment");
    if (!name.empty()) g_mime_part_set_filename(GMIME_PART(part.get()), name.c_str());
    return part;
}

Result<Part> body_of(const Mail& mail, Random& random) {
    for (const auto& [field, text] : {std::pair{"html", &mail.html}, std::pair{"text", &mail.text}}) {
        if (!is_utf8(*text)) return fail_field(field, fmt::format("{} is not valid UTF-8.", field));
    }
    const std::string text = mail.text.empty() ? text_of_html(mail.html) : mail.text;
    Part body = text_part("plain", text);
    if (!mail.html.empty()) {
        std::vector<Part> html;
        html.push_back(text_part("html", mail.html));
        body = multipart("alternative", std::move(body), std::move(html), random);
    }
    if (mail.attachments.empty()) return body;
    std::vector<Part> attachments;
    for (const auto& attachment : mail.attachments) attachments.push_back(TRY(attachment_part(attachment)));
    return multipart("mixed", std::move(body), std::move(attachments), random);
}

Result<void> check_sizes(const Mail& mail, const MailLimits& limits) {
    std::size_t bytes = mail.html.size() + mail.text.size();
    for (const auto& attachment : mail.attachments) bytes += attachment.content.size() / 3 * 4;
    if (bytes > limits.bytes)
        return fail(ErrorKind::invalid, fmt::format("The mail is larger than {} bytes.", limits.bytes));
    const auto recipients = mail.to.size() + mail.cc.size() + mail.bcc.size();
    if (recipients == 0) return fail_field("to", "The mail has no recipient.");
    if (recipients > static_cast<std::size_t>(limits.recipients))
        return fail_field("to", fmt::format("The mail has more than {} recipients.", limits.recipients));
    return {};
}

Result<std::string> header_of(const Mail& mail, TimePoint date, Random& random) {
    std::string header = TRY(address_line("From", {mail.from}, "from"));
    if (!mail.to.empty()) header += TRY(address_line("To", mail.to, "to"));
    if (!mail.cc.empty()) header += TRY(address_line("Cc", mail.cc, "cc"));
    if (!mail.bcc.empty()) header += TRY(address_line("Bcc", mail.bcc, "bcc"));
    header += TRY(header_line("Subject", mail.subject));
    header += TRY(header_line("Date", date_text(date)));
    const auto domain = mail.from.address.substr(mail.from.address.find('@') + 1);
    header += TRY(header_line("Message-ID", fmt::format("<{}@{}>", RawId::make(date, random).text(), domain)));
    for (const auto& [name, value] : mail.headers) {
        const std::string lower = lower_case(name);
        if (std::ranges::find(kOwnFields, lower) != kOwnFields.end() || lower.starts_with("content-"))
            return fail_field("headers", "A header field is given that the mail writes itself.");
        header += TRY(header_line(name, value));
    }
    return header + "MIME-Version: 1.0\r\n";
}

}  // namespace

Result<Bytes> compose(const Mail& mail, TimePoint date, Random& random, const MailLimits& limits) {
    start_gmime();
    TRY(check_sizes(mail, limits));
    Bytes message = TRY(header_of(mail, date, random));
    const Part body = TRY(body_of(mail, random));
    const GmimeFormat format{g_mime_format_options_new()};
    g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
    const GmimeObjectOf<GMimeStream> stream{g_mime_stream_mem_new()};
    g_mime_object_write_to_stream(body.get(), format.get(), stream.get());
    const GByteArray* written = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    message.append(reinterpret_cast<const char*>(written->data), written->len);
    if (const auto checked = parts_of(message, limits); !checked) return std::unexpected(checked.error());
    return message;
}

}  // namespace inboxpro
