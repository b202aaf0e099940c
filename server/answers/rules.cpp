#include "answers/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "mail/structure.h"
#include "tracking/classify/classify.h"

namespace inboxpro {
namespace {

std::optional<std::uint16_t> index_of(const Message& message, std::string_view address) {
    const auto found = std::ranges::find_if(message.recipients, [&](const Recipient& recipient) {
        return equal_ignoring_case(recipient.address, address);
    });
    if (found == message.recipients.end()) return {};
    return static_cast<std::uint16_t>(found - message.recipients.begin());
}

Verdict verdict(Label label, double confidence, std::string_view rule, std::string reason) {
    return {.label = label,
            .confidence = confidence,
            .human_p = human_chance(label, confidence),
            .rule = std::string(rule),
            .rules_version = kRulesVersion,
            .reasons = {std::move(reason)}};
}

Meaning of_reply(std::uint16_t recipient) {
    return {.kind = EventKind::reply,
            .recipients = {recipient},
            .verdict = verdict(Label::human, .97, "reply", "They answered your mail.")};
}

Meaning of_program(std::uint16_t recipient, MailKind kind) {
    const bool receipt = kind == MailKind::receipt;
    return {.kind = EventKind::reply,
            .recipients = {recipient},
            .verdict = verdict(Label::bot, .95, receipt ? "receipt" : "auto-reply",
                               receipt ? "A receipt came by itself; it is no reply."
                                       : "A program answered, such as an absence note; it is no reply.")};
}

std::string reason_of(const ReportedAddress* reported) {
    if (reported == nullptr || reported->status.empty()) return "Their mail system gave it back as undeliverable.";
    const std::string_view what = reported->status.starts_with("5.1")   ? "the address does not exist there"
                                  : reported->status.starts_with("5.2") ? "the mailbox takes no mail"
                                  : reported->status.starts_with("5.7") ? "it was refused"
                                  : reported->status.starts_with("4")   ? "it could not be delivered in time"
                                                                        : "it will not be tried again";
    return fmt::format("Their mail system gave it back for good: {} ({}).", what, reported->status);
}

std::optional<Meaning> of_bounce(const Inspection& inspection, const Message& message) {
    if (inspection.detail == "delayed") return {};
    Meaning meaning{.kind = EventKind::bounce, .recipients = {}, .verdict = {}};
    const ReportedAddress* named = nullptr;
    for (const auto& reported : inspection.addresses) {
        if (reported.action != "failed") continue;
        const auto recipient = index_of(message, reported.address);
        if (!recipient || std::ranges::find(meaning.recipients, recipient) != meaning.recipients.end()) continue;
        if (named == nullptr) named = &reported;
        meaning.recipients.push_back(recipient);
    }
    if (meaning.recipients.empty())
        meaning.recipients = {message.recipients.size() == 1 ? std::optional<std::uint16_t>{0} : std::nullopt};
    meaning.verdict = verdict(Label::bot, .97, "bounce", reason_of(named));
    return meaning;
}

}  // namespace

std::optional<Meaning> meaning_of(const Answer& answer, const Message& message) {
    const auto kind = answer.inspection.kind;
    if (kind == MailKind::none) return {};
    if (kind == MailKind::bounce) return of_bounce(answer.inspection, message);
    const auto recipient = index_of(message, answer.from);
    if (!recipient) return {};
    return kind == MailKind::reply ? of_reply(*recipient) : of_program(*recipient, kind);
}

bool needs_report(const Answer& answer, const Message& message) {
    if (answer.inspection.kind != MailKind::bounce) return false;
    const auto meaning = meaning_of(answer, message);
    const bool named =
        std::ranges::any_of(answer.inspection.addresses, [](const auto& reported) { return !reported.status.empty(); });
    return !meaning || !named;
}

}  // namespace inboxpro
