#include "sandbox/sandbox.h"

#include "sandbox/batch/routes.h"
#include "sandbox/calendar/api.h"
#include "sandbox/clock.h"
#include "sandbox/control/routes.h"
#include "sandbox/gmail/api.h"
#include "sandbox/gmail/meddling.h"
#include "sandbox/people/api.h"
#include "sandbox/webmail/routes.h"

namespace inboxpro::sandbox {

struct Sandbox::World {
    Origin origin;
    SandboxClock clock;
    std::shared_ptr<oauth::SigningKeys> keys;
    Users users;
    Ledger ledger;
    Faults faults;
    Crowd crowd;
    CallLog log;
    oauth::Clients clients;
    oauth::Grants grants;
    Quota quota;
    people::Behaviour people_behaviour;
    Uploads uploads;
    PostOffice post_office;
    Notices notices;
    Quota calendar_quota;
    calendar::Channels channels;
    calendar::Calendars calendars;
    PubSub pubsub;
    gmail::Watches watches;
    CallGates gates;
    http::Router router;
    http::Router inner;  ///< What batches call.

    World(SandboxOptions options, const Clock& base, Random& random)
        : origin(std::move(options.origin)),
          clock(base),
          keys(options.keys ? std::move(options.keys) : std::make_shared<oauth::SigningKeys>()),
          users(clock, random),
          clients(std::move(options.clients)),
          grants(clock, random),
          quota(clock),
          people_behaviour(clock),
          uploads(random),
          post_office(users, ledger, clock, random),
          calendar_quota(clock),
          channels(notices, clock),
          calendars(users, clock, random, post_office, channels),
          pubsub(clock, random, *keys, notices),
          watches(
              clock,
              [this](const auto& topic, const auto& address, auto history_id) {
                  pubsub.publish(topic, address, history_id);
              },
              [this](const auto& topic) { return pubsub.may_publish(topic); }),
          gates{.faults = faults,
                .crowd = crowd,
                .log = log,
                .clock = clock,
                .who = [this](const auto& request) { return grants.user_of(oauth::bearer_of(request)); },
                .meddle = [this](auto kind, auto& user, const auto& request) { meddle(kind, user, request); }} {
        users.set_listener([this](const User& user, const auto& record) { watches.changed(user.address, record); });
        Calls calls(router, inner, gates);
        add_google(calls, random);
        add_webmail_routes(calls, users);
        const Controls controls{clock, users, ledger, faults, quota, crowd, log, post_office, pubsub, notices};
        add_control_routes(calls, controls);
        add_mailbox_control_routes(calls, controls);
    }

    void add_google(Calls& calls, Random& random) {
        add_sign_in(calls);
        add_gmail(calls);
        add_calendar(calls);
        add_people(calls);
        inner.otherwise(
            [](http::Request) -> Task<http::Response> { co_return to_response(refusal::not_found().error()); });
        add_batch_routes(calls, inner, gates, random);
    }

    void add_sign_in(Calls& calls) {
        const oauth::Desk desk{origin, clock, users, clients, grants, *keys};
        oauth::add_authorize_routes(calls, desk);
        oauth::add_token_routes(calls, desk);
        oauth::add_identity_routes(calls, desk);
        oauth::add_tokeninfo_routes(calls, desk);
        oauth::add_control_routes(calls, desk);
    }

    void add_gmail(Calls& calls) {
        gmail::Api api({calls, grants, quota, uploads});
        gmail::add_message_methods(api, post_office);
        gmail::add_methods_for_many(api);
        gmail::add_draft_methods(api, post_office);
        gmail::add_listing_methods(api, clock);
        gmail::add_history_methods(api, clock);
        gmail::add_label_methods(api);
        gmail::add_account_methods(api);
        gmail::add_watch_methods(api, watches);
    }

    void add_calendar(Calls& calls) {
        Api api({calls, grants, calendar_quota, uploads}, calendar::methods());
        calendar::add_event_methods(api, calendars);
        calendar::add_listing_methods(api, calendars);
        calendar::add_calendar_methods(api, calendars);
        calendar::add_free_busy_method(api, calendars);
        calendar::add_watch_methods(api, calendars, channels);
        calendar::add_control_routes(calls, calendars, users, calendar_quota);
    }

    void add_people(Calls& calls) {
        Api api({calls, grants, quota, uploads}, people::methods());
        people::add_contact_methods(api);
        people::add_listing_methods(api, clock, people_behaviour);
        people::add_search_methods(api);
        people::add_control_routes(calls, people_behaviour);
    }

    void meddle(Fault::Kind kind, User& user, const http::Request& request) {
        using enum Fault::Kind;
        const auto what = kind == draft_deleted       ? gmail::Meddling::erase
                          : kind == draft_sent        ? gmail::Meddling::send
                          : kind == draft_resubjected ? gmail::Meddling::resubject
                                                      : gmail::Meddling::edit;
        gmail::meddle(user, post_office, gmail::draft_named_in(request), what);
    }
};

Sandbox::Sandbox(SandboxOptions options, const Clock& clock, Random& random)
    : world_(std::make_unique<World>(std::move(options), clock, random)) {}
Sandbox::~Sandbox() = default;

const http::Router& Sandbox::router() const {
    return world_->router;
}

void Sandbox::set_origin(std::string origin) {
    world_->origin.set(std::move(origin));
}

Result<void> Sandbox::add_user(std::string address, std::string name, std::vector<Alias> aliases) {
    TRY(world_->users.add(std::move(address), std::move(name), std::move(aliases)));
    return {};
}

}  // namespace inboxpro::sandbox
