#include "consent/consents.h"

namespace inboxpro {

using Kind = RecipientRule::Kind;

std::string_view why_not_tracked(TrackingMode account, const Standing& recipient) {
    if (account == TrackingMode::off) return "account_off";
    if (recipient.objects) return "opted_out";
    if (recipient.never) return "never_track";
    const auto mode = recipient.domain_mode.value_or(account);
    if (mode == TrackingMode::off) return "domain_off";
    return mode == TrackingMode::consented_only && !recipient.consented ? "no_consent" : "";
}

Task<Result<Standing>> Consents::standing(AccountId account, std::string address) {
    const auto normalised = normalised_address(address);
    Standing standing{.objects = objections_.holds(objections_.person(normalised))};
    standing.never = CO_TRY(co_await rules_.find(account, Kind::never, normalised)).has_value();
    standing.consented = CO_TRY(co_await rules_.find(account, Kind::consent, normalised)).has_value();
    for (const auto& domain : domains_of(normalised)) {
        if (!standing.never) standing.never = CO_TRY(co_await rules_.find(account, Kind::never, domain)).has_value();
        if (standing.domain_mode) continue;
        if (const auto rule = CO_TRY(co_await rules_.find(account, Kind::domain, domain)))
            standing.domain_mode = rule->mode;
    }
    co_return standing;
}

Task<Result<void>> Consents::prepare(Account account, Message& message) {
    // In this order: who objects from now on finds the message among those that name him.
    CO_TRY(co_await mentions_.note(message));
    message.not_tracked_because = why_not_tracked(account.tracking_mode, {});
    if (account.tracking_mode == TrackingMode::off) co_return Result<void>{};
    message.not_tracked_because.clear();
    CO_TRY(co_await objections_.catch_up());
    for (const auto& recipient : message.recipients) {
        const auto each = CO_TRY(co_await standing(account.id, recipient.address));
        message.not_tracked_because = why_not_tracked(account.tracking_mode, each);
        if (!message.not_tracked_because.empty()) break;
    }
    co_return Result<void>{};
}

}  // namespace inboxpro
