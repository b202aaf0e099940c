#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mail/mail.h"

namespace inboxpro {

/// What a mail is to somebody who sent one before.
enum class MailKind : std::uint8_t {
    none,        ///< None of these: ordinary mail, newsletters, invitations, feedback reports.
    reply,       ///< A person's answer to an earlier mail.
    bounce,      ///< A mail system could not deliver a mail, or not yet.
    auto_reply,  ///< A program's answer: absence, "we have your request", a closed address.
    receipt      ///< Says that a mail was read or delivered.
};
std::string_view name_of(MailKind kind);

/// What a report says of one address (RFC 3464 section 2.3).
struct ReportedAddress {
    std::string address;  ///< As it was sent to, where the report says so.
    std::string action;   ///< failed, delayed, delivered, relayed, expanded; in lower case.
    std::string status;   ///< "5.1.1"; empty when the report does not say.
};

struct Inspection {
    MailKind kind = MailKind::none;
    std::string detail;  ///< bounce: failed, delayed. receipt: read, deleted, delivered, deliverable.
    std::vector<ReportedAddress> addresses;  ///< Of a bounce or a receipt, as far as it names them.
    std::vector<std::string> answers;        ///< Message-IDs that it refers to, with < and >, the nearest first.
    std::string rule;                        ///< What settled it, such as "report" or "reply-header".
};

/// Field names with values as they stand in the mail: folded and encoded or not.
using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// By the header alone, which is all that Gmail shows to who may not read mail. Pure.
Inspection inspect_header(const HeaderList& headers);

/// By the whole mail: its report and the beginning of its text are read where the header does not settle it. `invalid`
/// when a limit is crossed.
Result<Inspection> inspect_mail(BytesView raw, const MailLimits& limits = {});

/// The names of all fields that inspection looks at.
std::span<const std::string_view> inspected_headers();

}  // namespace inboxpro
