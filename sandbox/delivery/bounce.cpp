#include <fmt/format.h>

#include "http/server/text.h"
#include "sandbox/delivery/post_office.h"
#include "sandbox/gmail/header.h"

namespace inboxpro::sandbox {
namespace {

// Field by field what Gmail sends for an address that does not exist; see also RFC 3464 2.1.
constexpr std::string_view kBounce =
    "Delivered-To: {sender}\r\n"
    "Return-Path: <>\r\n"
    "Received: by mx.google.com with SMTP; {date}\r\n"
    "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\r\n"
    "To: {sender}\r\n"
    "Auto-Submitted: auto-replied\r\n"
    "Subject: Delivery Status Notification (Failure)\r\n"
    "References: {original_id}\r\n"
    "In-Reply-To: {original_id}\r\n"
    "X-Failed-Recipients: {recipient}\r\n"
    "Message-ID: {message_id}\r\n"
    "Date: {date}\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/report; boundary=\"{boundary}\"; report-type=delivery-status\r\n"
    "\r\n"
    "--{boundary}\r\n"
    "Content-Type: text/plain; charset=\"UTF-8\"\r\n"
    "\r\n"
    "\r\n"
    "** Address not found **\r\n"
    "\r\n"
    "Your message wasn't delivered to {recipient} because the address couldn't be found, or is unable to receive "
    "mail.\r\n"
    "\r\n"
    "The response was:\r\n"
    "\r\n"
    "{response}\r\n"
    "\r\n"
    "--{boundary}\r\n"
    "Content-Type: message/delivery-status\r\n"
    "\r\n"
    "Reporting-MTA: dns; googlemail.com\r\n"
    "Arrival-Date: {date}\r\n"
    "X-Original-Message-ID: {original_id}\r\n"
    "\r\n"
    "Final-Recipient: rfc822; {recipient}\r\n"
    "Action: failed\r\n"
    "Status: 5.1.1\r\n"
    "Diagnostic-Code: smtp; {response}\r\n"
    "Last-Attempt-Date: {date}\r\n"
    "\r\n"
    "--{boundary}\r\n"
    "Content-Type: message/rfc822\r\n"
    "\r\n"
    "{original_header}\r\n"
    "----- Message truncated -----\r\n"
    "\r\n"
    "--{boundary}--\r\n";

/// The original's header without Bcc, with CRLF line ends.
Bytes header_of(const gmail::Mail& mail) {
    Bytes header;
    for (const auto& field : gmail::split_header(mail.raw).fields) {
        if (field.name.empty() || http::same_ignoring_case(field.name, "Bcc")) continue;
        for (std::string_view rest = field.whole; !rest.empty();) {
            auto line = http::take_until(rest, '\n');
            if (line.ends_with('\r')) line.remove_suffix(1);
            header.append(line).append("\r\n");
        }
    }
    return header;
}

}  // namespace

Bytes compose_bounce(const User& sender, const std::string& recipient, const gmail::Mail& original,
                     const std::string& message_id, const std::string& boundary, TimePoint now) {
    using fmt::arg;
    return fmt::format(kBounce, arg("sender", sender.address), arg("date", to_mail_date(now)),
                       arg("original_id", original.envelope.message_id), arg("recipient", recipient),
                       arg("message_id", message_id), arg("boundary", boundary),
                       arg("response",
                           "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 "
                           "double-checking the recipient's email address for typos or 550-5.1.1 unnecessary spaces. "
                           "For more information, go to 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser - "
                           "gsmtp"),
                       arg("original_header", header_of(original)));
}

}  // namespace inboxpro::sandbox
