#include "sandbox/gmail/meddling.h"

#include "http/server/text.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::gmail {
namespace {

/// Gmail saves the time anew; a line is added where that can be done without touching MIME.
Bytes edited(const Mail& mail, TimePoint now) {
    auto raw = edit_header(mail.raw, {"Date"}, {{"Date", to_mail_date(now)}});
    const auto encoding = http::lower_case(mail.envelope.header("Content-Transfer-Encoding"));
    if (mail.media_type.starts_with("text/") && encoding != "base64" && encoding != "quoted-printable")
        raw += "Changed by hand.\r\n";
    return raw;
}

bool replace(User& user, const Draft& draft, Bytes raw, MailId thread_id) {
    return user.mailbox.replace_draft(draft.id, read_mail(std::move(raw)), thread_id).has_value();
}

}  // namespace

bool meddle(User& user, PostOffice& post_office, std::string_view draft_id, Meddling what, const std::string& text) {
    const auto draft = user.mailbox.draft(draft_id);
    if (!draft) return false;
    const auto& mail = *draft->message.mail;
    switch (what) {
        case Meddling::erase: return user.mailbox.erase_draft(draft_id);
        case Meddling::send: return post_office.send_draft(user, draft_id).has_value();
        case Meddling::edit:
            return replace(user, *draft, text.empty() ? edited(mail, post_office.now()) : text,
                           draft->message.thread_id);
        case Meddling::resubject: {
            const auto subject = text.empty() ? mail.envelope.subject + " (changed)" : text;
            return replace(user, *draft, edit_header(mail.raw, {"Subject"}, {{"Subject", encoded_header(subject)}}), 0);
        }
    }
    return false;
}

std::string draft_named_in(const http::Request& request) {
    if (request.path_values.size() > 1) return request.path_values[1];
    const auto body = read_object(request.body);
    return body ? text_in(*body, "id") : std::string{};
}

}  // namespace inboxpro::sandbox::gmail
