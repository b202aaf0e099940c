#include "sandbox/delivery/post_office.h"

#include <date/date.h>
#include <fmt/format.h>

#include "http/server/text.h"

namespace inboxpro::sandbox {
namespace {

constexpr std::string_view kBounceFrom = "mailer-daemon@googlemail.com";

bool add_recipients(const std::vector<Mailbox>& mailboxes, std::vector<std::string>& into) {
    for (const auto& mailbox : mailboxes) {
        if (!is_address(mailbox.address)) return false;
        const auto same = [&](const std::string& other) { return http::same_ignoring_case(other, mailbox.address); };
        if (std::ranges::none_of(into, same)) into.push_back(mailbox.address);
    }
    return true;
}

std::expected<std::vector<std::string>, GoogleError> recipients_of(const gmail::Envelope& envelope, int most) {
    std::vector<std::string> recipients;
    if (!add_recipients(envelope.to, recipients)) return refusal::invalid_argument("Invalid To header");
    if (!add_recipients(envelope.cc, recipients)) return refusal::invalid_argument("Invalid Cc header");
    if (!add_recipients(envelope.bcc, recipients)) return refusal::invalid_argument("Invalid Bcc header");
    if (recipients.empty()) return refusal::invalid_argument("Recipient address required");
    if (recipients.size() > static_cast<std::size_t>(most))
        return refusal::invalid_argument("Too many recipients in this message");
    return recipients;
}

void collect_recipients(User& sender, const gmail::Envelope& envelope) {
    for (const auto* mailboxes : {&envelope.to, &envelope.cc, &envelope.bcc})
        for (const auto& mailbox : *mailboxes)
            if (!sender.may_send_as(mailbox.address)) sender.contacts.collect(mailbox.name, mailbox.address);
}

}  // namespace

std::string to_mail_date(TimePoint time) {
    return date::format("%a, %d %b %Y %T +0000", std::chrono::floor<std::chrono::seconds>(time));
}

std::string PostOffice::new_message_id() {
    return fmt::format("<CA{}@mail.gmail.com>", base64url(random_.bytes(36)));
}

std::expected<PostOffice::Outgoing, GoogleError> PostOffice::prepare(User& sender, BytesView raw) {
    if (raw.size() > kMaxBytes)
        return std::unexpected(
            GoogleError{.code = 413, .reason = "uploadTooLarge", .message = "Request Entity Too Large"});
    const auto envelope = gmail::read_envelope(raw);
    auto recipients = recipients_of(envelope, limits_.recipients());
    if (!recipients) return std::unexpected(std::move(recipients).error());
    if (const auto again = limits_.take(sender.address)) return refusal::rate_limited(429, "rateLimitExceeded", *again);

    const auto date = to_mail_date(clock_.now());
    std::vector<std::string_view> remove{"Message-ID"};
    gmail::Headers add{{"Received", "from sandbox named unknown by gmailapi.google.com with HTTPREST; " + date},
                       {"Message-ID", new_message_id()}};
    if (envelope.header("Date").empty()) add.emplace_back("Date", date);
    if (envelope.from.size() != 1 || !sender.may_send_as(envelope.from.front().address)) {
        remove.emplace_back("From");
        add.emplace_back("From", gmail::header_value({sender.name, sender.address}));
        if (!envelope.from.empty())
            add.emplace_back("X-Google-Original-From", gmail::header_value(envelope.from.front()));
    }
    Outgoing outgoing{.sent = gmail::read_mail(gmail::edit_header(raw, remove, add)),
                      .delivered = {},
                      .recipients = std::move(*recipients),
                      .labels = {"SENT"}};
    outgoing.delivered = outgoing.sent->envelope.bcc.empty()
                             ? outgoing.sent
                             : gmail::read_mail(gmail::edit_header(outgoing.sent->raw, {"Bcc"}, {}));
    for (const auto& recipient : outgoing.recipients)
        if (users_.find(recipient) == &sender) outgoing.labels.insert({"INBOX", "UNREAD"});
    return outgoing;
}

Sent PostOffice::send(User& sender, Bytes raw, gmail::MailId thread_id) {
    const auto outgoing = prepare(sender, raw);
    if (!outgoing) return std::unexpected(outgoing.error());
    auto message = sender.mailbox.add(outgoing->sent, outgoing->labels, thread_id);
    distribute(sender, message, *outgoing);
    return message;
}

Sent PostOffice::send_draft(User& sender, std::string_view draft_id) {
    while (const auto draft = sender.mailbox.draft(draft_id)) {
        const auto outgoing = prepare(sender, draft->message.mail->raw);
        if (!outgoing) return std::unexpected(outgoing.error());
        auto message = sender.mailbox.send_draft(draft_id, draft->message.id, outgoing->sent, outgoing->labels);
        if (!message) continue;  // Changed or sent by somebody else in between.
        distribute(sender, *message, *outgoing);
        return *message;
    }
    return refusal::not_found();
}

void PostOffice::distribute(User& sender, const gmail::Message& message, const Outgoing& outgoing) {
    collect_recipients(sender, outgoing.sent->envelope);
    std::set<const User*> reached;
    for (const auto& recipient : outgoing.recipients) {
        auto* user = users_.find(recipient);
        if (user == &sender && reached.insert(user).second)
            ledger_.add(clock_.now(), sender.address, recipient, outgoing.sent);
        else if (user != nullptr && reached.insert(user).second)
            deliver(sender.address, recipient, *user, outgoing.delivered);
        else if (user == nullptr && users_.has_domain(domain_of(recipient)))
            bounce(sender, recipient, message);
        else if (user == nullptr)
            ledger_.add(clock_.now(), sender.address, recipient, outgoing.delivered);
    }
}

void PostOffice::carry(User& sender, const std::string& recipient, gmail::MailPointer mail) {
    if (auto* user = users_.find(recipient))
        deliver(sender.address, recipient, *user, std::move(mail));
    else if (users_.has_domain(domain_of(recipient)))
        bounce(sender, recipient, {.mail = std::move(mail)});
    else
        ledger_.add(clock_.now(), sender.address, recipient, std::move(mail));
}

void PostOffice::deliver(const std::string& from, const std::string& to, User& recipient, gmail::MailPointer mail) {
    const auto thread_id = recipient.mailbox.thread_answered_by(mail->envelope);
    recipient.mailbox.add(mail, {"INBOX", "UNREAD", "CATEGORY_PERSONAL"}, thread_id);
    ledger_.add(clock_.now(), from, to, std::move(mail));
}

void PostOffice::bounce(User& sender, const std::string& recipient, const gmail::Message& message) {
    const auto message_id = fmt::format("<{}@mx.google.com>", hex(random_.bytes(14)));
    auto mail = gmail::read_mail(compose_bounce(sender, recipient, *message.mail, message_id,
                                                "0000000000" + hex(random_.bytes(12)), clock_.now()));
    sender.mailbox.add(mail, {"INBOX", "UNREAD", "CATEGORY_UPDATES"}, message.thread_id);
    ledger_.add(clock_.now(), std::string(kBounceFrom), sender.address, std::move(mail));
}

}  // namespace inboxpro::sandbox
