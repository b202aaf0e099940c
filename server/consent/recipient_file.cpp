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

}  // namespace

Task<Result<std::optional<FiledMail>>> RecipientFiles::filed(AccountId account, Mention mention) {
    auto message = co_await messages_.get(account, mention.message);
    if (!message && message.error().kind == ErrorKind::not_found) co_return std::optional<FiledMail>{};
    if (!message) co_return std::unexpected(message.error());
    if (mention.recipient >= message->recipients.size()) co_return std::optional<FiledMail>{};
    FiledMail mail{.message = std::move(*message), .recipient = mention.recipient, .events = {}};
    std::optional<EventId> last;
    for (;;) {
        const auto page = CO_TRY(co_await events_.of_message(account, mention.message, kEventPage, last));
        for (const auto& judged : page)
            if (judged.event.recipient.value_or(mention.recipient) == mention.recipient) mail.events.push_back(judged);
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
            if (auto mail = CO_TRY(co_await filed(account, mention))) mails.push_back(std::move(*mail));
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

Task<Result<void>> RecipientFiles::erase_mail(AccountId account, std::string address, Mention mention) {
    const auto message = co_await messages_.get(account, mention.message);
    if (!message && message.error().kind != ErrorKind::not_found) co_return std::unexpected(message.error());
    if (message) {
        // Without the address nothing tells any more whose this mail's events are.
        CO_TRY(co_await consents_.objections().object(mention.message));
        CO_TRY(co_await events_.erase_of_recipient(account, mention.message, mention.recipient));
        CO_TRY(co_await recount(documents_, account, mention.message));
        CO_TRY(co_await messages_.forget_recipient(account, mention.message, mention.recipient));
    }
    co_return co_await consents_.mentions().remove(account, address, mention.message);
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
