#pragma once
// Only for this folder. All words are UTF-8 in lower case.
#include <string_view>

namespace inboxpro::inspection {

/// What stands before a subject's own words.
enum class Prefix { none, reply, forward };
/// The outermost one: "re:", "aw:", "re[2]:", "回复：".
Prefix prefix_of(std::string_view subject);

/// Whether a subject is that of an automatic answer, of a report that a mail did not get through, or of one that says
/// it is only late.
bool speaks_of_absence(std::string_view subject);
/// The same in words that people use as well.
bool may_speak_of_absence(std::string_view subject);
bool speaks_of_failure(std::string_view subject);
bool speaks_of_delay(std::string_view text);
/// "Read: ...", "Delivered: ...", as mail programs title receipts.
bool speaks_of_reading(std::string_view subject);
bool speaks_of_success(std::string_view subject);

/// Whether the beginning of a text is such an answer or report.
bool reads_like_absence(std::string_view text);
bool may_read_like_absence(std::string_view text);
bool reads_like_failure(std::string_view text);

/// Whether the text goes on with an earlier mail that it answers, and has words of its own before that.
bool quotes_a_mail(std::string_view text);
bool forwards_a_mail(std::string_view text);

/// Whether the sender is a mail system by the address, "mailer-daemon@...", or only by name, "Mail Delivery Subsystem".
bool is_mail_system(std::string_view address);
bool is_mail_system_name(std::string_view name);
/// An address whose mail may be a report, and may be a person's: "postmaster@...".
bool is_postmaster(std::string_view address);
/// "no-reply@...", "notifications@...": nobody answers from there.
bool is_unattended(std::string_view address);

}  // namespace inboxpro::inspection
