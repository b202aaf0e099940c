#include "app/serving.h"

namespace inboxpro::app {

std::vector<http::Figure> Serving::figures() const {
    const auto seen = intake_->figures();
    std::vector<http::Figure> all;
    const auto add = [&](std::string name, std::string help, double value,
                         std::vector<std::pair<std::string, std::string>> labels = {}) {
        all.push_back({.name = std::move(name), .help = std::move(help), .labels = std::move(labels), .value = value});
    };
    const std::string stored = "inboxpro_events_stored_total";
    add(stored, "Opens and clicks stored durably", static_cast<double>(seen.opens_stored), {{"kind", "open"}});
    add(stored, "Opens and clicks stored durably", static_cast<double>(seen.clicks_stored), {{"kind", "click"}});
    add("inboxpro_events_journaled_total", "Events that waited in the local journal",
        static_cast<double>(seen.journaled));
    add("inboxpro_events_over_limit_total", "Events left out because their link's hour was full",
        static_cast<double>(seen.over_limit));
    add("inboxpro_events_dropped_total", "Events lost: journal full or unwritable", static_cast<double>(seen.dropped));
    add("inboxpro_events_unknown_total", "Requests for mail that is no longer known",
        static_cast<double>(seen.unknown));
    add("inboxpro_journal_waiting", "Events in the local journal now", static_cast<double>(seen.waiting));
    add("inboxpro_hindsight_waiting", "Messages that will be judged again",
        static_cast<double>(hindsights_->waiting()));
    add("inboxpro_records_unreadable_total", "Stored records that did not open",
        static_cast<double>(node_->documents.unreadable()));
    const auto followed = follower_->figures();
    add("inboxpro_mailboxes_followed", "Mailboxes that are followed, on all nodes",
        static_cast<double>(followed.followed));
    add("inboxpro_mailboxes_parked", "Mailboxes that Google refuses, on all nodes",
        static_cast<double>(followed.parked));
    add("inboxpro_mailbox_looks_total", "Looks into mailboxes", static_cast<double>(followed.looks));
    add("inboxpro_mailbox_looks_failed_total", "Looks that Google or a listener did not let finish",
        static_cast<double>(followed.failed));
    add("inboxpro_mailbox_changes_total", "Changes in mailboxes that were handed over",
        static_cast<double>(followed.changes));
    add("inboxpro_mailbox_resyncs_total", "Mailboxes read anew because Gmail forgot their history",
        static_cast<double>(followed.resyncs));
    add("inboxpro_mailbox_hints_total", "Hints that brought a look forward", static_cast<double>(followed.hints));
    for (const auto& [name, server] :
         {std::pair{"app", app_server_.get()}, std::pair{"tracking", tracking_server_.get()}}) {
        const auto served = server->figures();
        add("inboxpro_http_requests_total", "Requests answered", static_cast<double>(served.requests),
            {{"listener", name}});
        add("inboxpro_http_refused_total", "Requests refused as malformed or too large",
            static_cast<double>(served.refused), {{"listener", name}});
        add("inboxpro_http_connections_open", "Connections open now", static_cast<double>(served.connections_open),
            {{"listener", name}});
    }
    return all;
}

}  // namespace inboxpro::app
