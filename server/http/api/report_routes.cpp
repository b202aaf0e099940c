#include "http/api/report_routes.h"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <ranges>

#include "http/api/json_input.h"
#include "http/api/message_json.h"
#include "http/api/notice_routes.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::size_t kMostMissed = 200;
constexpr std::size_t kNewestNotices = 20;
constexpr std::size_t kCsvPage = 500;
constexpr std::chrono::days kDefaultRange{30};

json::object row_json(const SummaryRow& row) {
    return {{"key", row.key},         {"sent", row.sent},       {"delivered", row.delivered},
            {"read", row.read},       {"clicked", row.clicked}, {"replied", row.replied},
            {"unknown", row.unknown}, {"machine", row.machine}, {"not_tracked", row.not_tracked}};
}

Result<GroupBy> group_of(const Request& request) {
    const auto by = request.query_value("by").value_or("day");
    if (by == "day") return GroupBy::day;
    if (by == "hour") return GroupBy::hour;
    if (by == "template") return GroupBy::message_template;
    if (by == "recipient_domain") return GroupBy::recipient_domain;
    return fail_field("by", "by must be day, hour, template or recipient_domain");
}

/// How many past events a feed begins with.
Result<std::size_t> recent_of(const Request& request) {
    const auto text = request.query_value("recent").value_or("0");
    std::size_t recent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), recent);
    if (error != std::errc{} || end != text.data() + text.size() || recent > kMostMissed)
        return fail_field("recent", fmt::format("recent must be 0 to {}", kMostMissed));
    return recent;
}

/// RFC 4180, and nothing that a spreadsheet would take for a formula.
std::string csv_cell(std::string_view value) {
    std::string cell = "\"";
    if (!value.empty() && std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos) cell += '\'';
    for (char character : value) {
        if (character == '"') cell += '"';
        cell += character;
    }
    return cell + '"';
}

std::string csv_line(const JudgedEvent& judged) {
    const auto& [event, verdict] = judged;
    std::string reasons;
    for (const auto& reason : verdict.reasons) reasons += (reasons.empty() ? "" : "; ") + reason;
    return fmt::format("{},{},{},{},{},{},{},{:.2f},{},{},{}\r\n", csv_cell(event.id.text()),
                       csv_cell(to_rfc3339(event.at)), csv_cell(event.message.text()),
                       csv_cell(inboxpro::name_of(event.kind)), event.recipient ? fmt::to_string(*event.recipient) : "",
                       event.link ? fmt::to_string(*event.link) : "", csv_cell(inboxpro::name_of(verdict.label)),
                       verdict.confidence, verdict.counted(), csv_cell(verdict.rule), csv_cell(reasons));
}

}  // namespace

void ReportRoutes::add_to(Router& router, Gate& gate) {
    const auto route = [&](std::string_view path, auto member) {
        router.add(Method::get, path, gate.guard("reports:read", guarded(this, member)));
    };
    route("/api/v1/reports/summary", &ReportRoutes::summary);
    route("/api/v1/feed", &ReportRoutes::feed);
    route("/api/v1/events.csv", &ReportRoutes::csv);
}

Answer ReportRoutes::summary(Request request, Caller caller) {
    const TimePoint now = clock_.now();
    const auto from = CO_TRY(time_of(request, "from", now - kDefaultRange));
    const auto to = CO_TRY(time_of(request, "to", now));
    const auto by = CO_TRY(group_of(request));
    const std::string zone(request.query_value("tz").value_or("UTC"));
    const auto summary = CO_TRY(co_await reports_.summary(caller.account, from, to, by, zone));
    json::array items;
    for (const auto& row : summary.rows) items.push_back(row_json(row));
    auto totals = row_json(summary.totals);
    totals.erase("key");
    co_return json_response(200, json::object{{"items", std::move(items)}, {"totals", std::move(totals)}});
}

Answer ReportRoutes::feed(Request request, Caller caller) {
    std::optional<EventId> last_seen;
    if (const auto id = EventId::parse(request.headers.get("Last-Event-ID"))) last_seen = *id;
    const auto recent = CO_TRY(recent_of(request));
    Response response;
    response.headers.set("Content-Type", "text/event-stream");
    response.headers.set("Cache-Control", "no-store");
    response.stream = [this, account = caller.account, last_seen, recent](BodyStream& stream) {
        return stream_feed(stream, account, last_seen, recent);
    };
    co_return response;
}

Task<std::string> ReportRoutes::activity(const JudgedEvent& event) {
    auto data = event_json(event);
    if (event.event.recipient) {
        const auto message = co_await messages_.get(event.event.account, event.event.message);
        if (message && *event.event.recipient < message->recipients.size())
            data["address"] = message->recipients[*event.event.recipient].address;
    }
    co_return fmt::format("id: {}\nevent: activity\ndata: {}\n\n", event.event.id.text(), json::serialize(data));
}

Task<std::string> ReportRoutes::fresh_notices(AccountId account, NoticePosition& last) {
    std::string told;
    const auto notices = co_await outbox_.notices(account, kNewestNotices, {});
    if (!notices) co_return told;
    for (const auto& notice : std::views::reverse(*notices)) {
        const NoticePosition position{notice.at, notice.id};
        if (position <= last) continue;
        last = position;
        told += fmt::format("event: notice\ndata: {}\n\n", json::serialize(notice_json(notice)));
    }
    co_return told;
}

Task<void> ReportRoutes::stream_feed(BodyStream& stream, AccountId account, std::optional<EventId> last_seen,
                                     std::size_t recent) {
    // Listening starts before looking back, so that nothing falls between the two.
    Feed::Subscription subscription(feed_, account, co_await boost::asio::this_coro::executor);
    NoticePosition told;
    co_await fresh_notices(account, told);
    if (!co_await stream.write(": connected\n\n")) co_return;
    if (const auto most = last_seen ? kMostMissed : recent; most > 0) {
        auto missed = co_await events_.latest(account, most, std::nullopt);
        if (missed) {
            std::erase_if(*missed, [&](const JudgedEvent& event) { return last_seen && event.event.id <= *last_seen; });
            for (const auto& event : std::views::reverse(*missed))
                if (!co_await stream.write(co_await activity(event))) co_return;
        }
    }
    while (!feed_.closed()) {
        const auto event = co_await subscription.next(kHeartbeat);
        // Other processes tell as well; theirs are seen at the next heartbeat.
        auto news = event ? co_await activity(*event) : co_await fresh_notices(account, told);
        if (!co_await stream.write(news.empty() ? ": still here\n\n" : std::move(news))) co_return;
    }
}

Answer ReportRoutes::csv(Request request, Caller caller) {
    const auto from = CO_TRY(time_of(request, "from", from_millis(0)));
    const auto to = CO_TRY(time_of(request, "to", clock_.now()));
    Response response;
    response.headers.set("Content-Type", "text/csv; charset=utf-8");
    response.headers.set("Content-Disposition", "attachment; filename=\"events.csv\"");
    response.headers.set("Cache-Control", "no-store");
    response.stream = [this, account = caller.account, from, to](BodyStream& stream) {
        return stream_csv(stream, account, from, to);
    };
    co_return response;
}

Task<void> ReportRoutes::stream_csv(BodyStream& stream, AccountId account, TimePoint from, TimePoint to) {
    if (!co_await stream.write("id,at,message_id,kind,recipient,link,label,confidence,counted,rule,reasons\r\n"))
        co_return;
    std::optional<EventId> after;
    for (bool more = true; more;) {
        const auto page = co_await events_.latest(account, kCsvPage, after);
        if (!page) co_return;
        std::string lines;
        for (const auto& event : *page) {
            after = event.event.id;
            if (event.event.at >= from && event.event.at < to) lines += csv_line(event);
        }
        more = page->size() == kCsvPage && page->back().event.at >= from;
        if (!lines.empty() && !co_await stream.write(std::move(lines))) co_return;
    }
}

}  // namespace inboxpro::http
