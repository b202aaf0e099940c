#include "consent/recipient_file.h"

#include <limits>

#include "tracking/recount.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 200;
constexpr std::size_t kEventPage = 1'000;

json::object json_of(const JudgedEvent& judged) {
    const auto& [event, verdict] = judged;
    json::array headers;
    for (const auto& [name, value] : event.headers) headers.push_back({{"name", name}, {"value", value}});
    json::object out{{"id", event.id.text()},
                     {"kind", name_of(event.kind)},
                     {"at", to_rfc3339(event.at)},
                     {"certainly_yours", event.recipient.has_value()},
                     {"method", event.method},
                     {"user_agent", event.user_agent},
                     {"address", event.address},
                     {"headers", std::move(headers)},
                     {"label", name_of(verdict.label)},
                     {"confidence", verdict.confidence},
                     {"rule", verdict.rule},
                     {"reasons", json::array(verdict.reasons.begin(), verdict.reasons.end())}};
    if (event.link) out["link"] = *event.link;
    return out;
}

json::object json_of(const FiledMail& mail) {
    const auto& message = mail.message;
    json::array events;
    for (const auto& event : mail.events) events.push_back(json_of(event));
    json::object out{{"id", message.id.text()},
                     {"created_at", to_rfc3339(message.created_at)},
                     {"your_name", message.recipients[mail.recipient].name},
                     {"other_recipients", message.recipients.size() - 1},
                     {"tracked", message.not_tracked_because.empty()},
                     {"tracked_links", message.links},
                     {"events", std::move(events)}};
    if (message.sent_at) out["sent_at"] = to_rfc3339(*message.sent_at);
    if (!message.not_tracked_because.empty()) out["not_tracked_because"] = message.not_tracked_because;
    return out;
}

json::object json_of(const RecipientRule& rule) {
    return {{"kind", name_of(rule.kind)}, {"note", rule.note}, {"created_at", to_rfc3339(rule.created_at)}};
}

std::optional<std::uint16_t> place_of(const Message& message, std::string_view address) {
    for (std::size_t i = 0; i < message.recipients.size(); ++i)
        if (normalised_address(message.recipients[i].address) == normalised_address(address))
            return static_cast<std::uint16_t>(i);
    return {};
}

}  // namespace

Task<Result<std::optional<FiledMail>>> RecipientFiles::filed(AccountId account, std::string address, MessageId id) {
    auto message = co_await messages_.get(account, id);
    if (!message && message.error().kind == ErrorKind::not_found) co_return std::optional<FiledMail>{};
    if (!message) co_return std::unexpected(message.error());
    const auto place = place_of(*message, address);
    if (!place) co_return std::optional<FiledMail>{};
    FiledMail mail{.message = std::move(*message), .recipient = *place, .events = {}};
    std::optional<EventId> last;
    for (;;) {
        const auto page = CO_TRY(co_await events_.of_message(account, id, kEventPage, last));
        for (const auto& judged : page)
            if (judged.event.recipient.value_or(*place) == *place) mail.events.push_back(judged);
        if (page.size() < kEventPage) co_return mail;
        last = page.back().event.id;
    }
}

Task<Result<std::vector<FiledMail>>> RecipientFiles::mails(AccountId account, std::string address, std::size_t limit) {
    std::vector<FiledMail> mails;
    std::optional<Query::Position> after;
    do {
        for (const auto& mention : CO_TRY(co_await consents_.mentions().of(account, address, kPage, after))) {
            if (mails.size() == limit) co_return mails;
            if (auto mail = CO_TRY(co_await filed(account, address, mention))) mails.push_back(std::move(*mail));
        }
    } while (after);
    co_return mails;
}

Task<Result<json::object>> RecipientFiles::exported(AccountId account, std::string address) {
    json::array mails, rules;
    for (const auto& mail : CO_TRY(co_await this->mails(account, address, std::numeric_limits<std::size_t>::max())))
        mails.push_back(json_of(mail));
    for (const auto& rule : CO_TRY(co_await consents_.rules().about(account, address))) rules.push_back(json_of(rule));
    CO_TRY(co_await consents_.objections().catch_up());
    const auto& objections = consents_.objections();
    co_return json::object{{"address", address},
                           {"objected", objections.holds(objections.person(address))},
                           {"rules", std::move(rules)},
                           {"mails", std::move(mails)}};
}

Task<Result<void>> RecipientFiles::erase_mail(AccountId account, std::string address, MessageId id) {
    const auto message = co_await messages_.get(account, id);
    if (!message && message.error().kind != ErrorKind::not_found) co_return std::unexpected(message.error());
    if (const auto place = message ? place_of(*message, address) : std::nullopt) {
        // Without the address nothing tells any more whose this mail's events are.
        CO_TRY(co_await consents_.objections().object(id));
        CO_TRY(co_await events_.erase_of_recipient(account, id, *place));
        CO_TRY(co_await recount(documents_, account, id));
        CO_TRY(co_await messages_.forget_recipient(account, id, *place));
    }
    co_return co_await consents_.mentions().remove(account, address, id);
}

Task<Result<void>> RecipientFiles::erase(AccountId account, std::string address) {
    CO_TRY(co_await consents_.objections().object(consents_.objections().person(address)));
    for (;;) {
        std::optional<Query::Position> from_the_first;
        const auto page = CO_TRY(co_await consents_.mentions().of(account, address, kPage, from_the_first));
        if (page.empty()) break;
        for (const auto& mention : page) CO_TRY(co_await erase_mail(account, address, mention));
    }
    for (const auto& rule : CO_TRY(co_await consents_.rules().about(account, address)))
        CO_TRY(co_await consents_.rules().remove(account, rule.id));
    co_return Result<void>{};
}

}  // namespace inboxpro
