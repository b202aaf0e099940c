#include "analytics/summary.h"

#include <date/tz.h>

#include <map>
#include <set>

namespace inboxpro {
namespace {

constexpr std::size_t kPage = 500;

std::string domain_of(const Recipient& recipient) {
    const auto at = recipient.address.rfind('@');
    if (at == std::string::npos) return "unknown";
    std::string domain = recipient.address.substr(at + 1);
    for (char& character : domain)
        if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
    return domain;
}

/// Groups a mail belongs to: one, or one for each domain it went to.
std::set<std::string> keys_of(const Message& message, GroupBy by, const date::time_zone& zone) {
    const date::zoned_time local{&zone, *message.sent_at};
    switch (by) {
        case GroupBy::day: return {date::format("%F", local)};
        case GroupBy::hour: return {date::format("%H", local)};
        case GroupBy::message_template: return {""};
        case GroupBy::recipient_domain: break;
    }
    std::set<std::string> domains;
    for (const auto& recipient : message.recipients) domains.insert(domain_of(recipient));
    return domains;
}

const date::time_zone* zone_named(const std::string& name) {
    try {
        return date::locate_zone(name.empty() ? "UTC" : name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

}  // namespace

void count(SummaryRow& row, const Message& message, const Tally& tally, bool is_silent) {
    const auto status = tally.status();
    const auto seen = tally.total();
    row.sent += 1;
    if (status == ReadStatus::bounced) return;
    row.delivered += 1;
    if (status == ReadStatus::replied) row.replied += 1;
    if (!message.not_tracked_because.empty()) {
        row.not_tracked += 1;
        return;
    }
    if (seen.clicks_by_people > 0) row.clicked += 1;
    if (status == ReadStatus::read || status == ReadStatus::clicked || status == ReadStatus::replied)
        row.read += 1;
    else if (status == ReadStatus::prefetched)
        row.unknown += 1;
    else if (seen.opens_by_machines + seen.clicks_by_machines > 0)
        row.machine += 1;
    else if (is_silent)
        row.not_tracked += 1;
}

Task<Result<Summary>> Reports::summary(AccountId account, TimePoint from, TimePoint below, GroupBy by,
                                       std::string zone) {
    const auto* rules = zone_named(zone);
    if (rules == nullptr) co_return fail_field("tz", "there is no time zone of this name");

    CO_TRY(co_await objections_.catch_up());
    std::map<std::string, SummaryRow> rows;
    Summary summary;
    std::optional<MessageId> after;
    for (bool more = true; more;) {
        const auto page = CO_TRY(co_await messages_.created_between(account, from, below, kPage, after));
        more = page.size() == kPage;
        for (const auto& message : page) {
            after = message.id;
            if (!message.sent_at) continue;
            const auto tally = CO_TRY(co_await tallies_.get(account, message.id));
            const bool is_silent = objections_.silence(message);
            count(summary.totals, message, tally, is_silent);
            for (const auto& key : keys_of(message, by, *rules)) count(rows[key], message, tally, is_silent);
        }
    }
    for (auto& [key, row] : rows) {
        row.key = key;
        summary.rows.push_back(std::move(row));
    }
    co_return summary;
}

}  // namespace inboxpro
