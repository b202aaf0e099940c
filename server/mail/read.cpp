#include <fmt/format.h>

#include <algorithm>

#include "mail/addresses.h"
#include "mail/header_text.h"
#include "mail/mail.h"
#include "mail/structure.h"

namespace inboxpro {
namespace {

/// A NUL or a lone CR could hide a header field from us that others see.
Result<void> check_header_bytes(std::string_view header) {
    for (std::size_t i = 0; i < header.size(); ++i)
        if (header[i] == '\0' || (header[i] == '\r' && (i + 1 == header.size() || header[i + 1] != '\n')))
            return fail_field("raw", "The mail's header holds a NUL or a carriage return without a line feed.");
    return {};
}

bool mixes_line_ends(BytesView text) {
    const bool first_is_crlf = line_end_of(text) == "\r\n";
    for (auto at = text.find('\n'); at != BytesView::npos; at = text.find('\n', at + 1))
        if ((at > 0 && text[at - 1] == '\r') != first_is_crlf) return true;
    return false;
}

}  // namespace

Result<MailHead> read_head(BytesView raw, const MailLimits& limits) {
    const auto parts = TRY(parts_of(raw, limits));
    const MimePart& message = parts.front();
    TRY(check_header_bytes(raw.substr(message.headers_begin, message.headers_end - message.headers_begin)));
    MailHead head;
    const std::pair<std::string_view, std::vector<Mailbox>*> lists[] = {
        {"From", &head.from}, {"To", &head.to}, {"Cc", &head.cc}, {"Bcc", &head.bcc}};
    for (const auto& field : header_fields(raw, message.headers_begin, message.headers_end)) {
        for (const auto& [name, list] : lists)
            if (equal_ignoring_case(field.name, name))
                std::ranges::move(TRY(mailboxes_in(field.raw_value)), std::back_inserter(*list));
        if (equal_ignoring_case(field.name, "Message-ID")) head.message_id = unfolded(field.raw_value);
    }
    const auto recipients = head.to.size() + head.cc.size() + head.bcc.size();
    if (recipients > static_cast<std::size_t>(limits.recipients))
        return fail_field("raw", fmt::format("The mail has more than {} recipients.", limits.recipients));
    return head;
}

Result<Bytes> with_headers(BytesView raw, const std::vector<std::pair<std::string, std::string>>& headers) {
    const auto message = TRY(parts_of(raw)).front();
    Bytes out{raw.substr(0, message.headers_begin)};
    for (const auto& [name, value] : headers) {
        out += TRY(header_line(name, value));
    }
    if (line_end_of(raw) == "\n" && !mixes_line_ends(raw)) std::erase(out, '\r');
    std::size_t copied = message.headers_begin;
    for (const auto& field : header_fields(raw, message.headers_begin, message.headers_end)) {
        const bool replaced = std::ranges::any_of(
            headers, [&](const auto& header) { return equal_ignoring_case(header.first, field.name); });
        if (!replaced) continue;
        out += raw.substr(copied, field.begin - copied);
        copied = field.end;
    }
    out += raw.substr(copied);
    return mixes_line_ends(raw) ? with_line_ends(out, "\r\n") : out;
}

}  // namespace inboxpro
