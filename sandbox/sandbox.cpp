#include "sandbox/sandbox.h"

#include "sandbox/clock.h"
#include "sandbox/control/routes.h"
#include "sandbox/gmail/api.h"
#include "sandbox/people/api.h"
#include "sandbox/webmail/routes.h"

namespace inboxpro::sandbox {

struct Sandbox::World {
    Origin origin;
    SandboxClock clock;
    Users users;
    Ledger ledger;
    Faults faults;
    oauth::Clients clients;
    oauth::Grants grants;
    Quota quota;
    people::Behaviour people_behaviour;
    std::shared_ptr<oauth::SigningKeys> keys;
    PostOffice post_office;
    http::Router router;

    World(SandboxOptions options, const Clock& base, Random& random)
        : origin(std::move(options.origin)),
          clock(base),
          users(clock, random),
          clients(std::move(options.clients)),
          grants(clock, random),
          quota(clock),
          people_behaviour(clock),
          keys(options.keys ? std::move(options.keys) : std::make_shared<oauth::SigningKeys>()),
          post_office(users, ledger, clock, random) {
        Calls calls(router, faults, clock);
        const oauth::Desk desk{origin, clock, users, clients, grants, *keys};
        oauth::add_authorize_routes(calls, desk);
        oauth::add_token_routes(calls, desk);
        oauth::add_identity_routes(calls, desk);
        oauth::add_tokeninfo_routes(calls, desk);
        oauth::add_control_routes(calls, desk);

        const Gatekeeper gatekeeper{calls, grants, quota};
        gmail::Api gmail(gatekeeper);
        gmail::add_message_methods(gmail, post_office);
        gmail::add_draft_methods(gmail, post_office);
        gmail::add_listing_methods(gmail, clock);
        gmail::add_history_methods(gmail);
        gmail::add_account_methods(gmail);

        Api people(gatekeeper, people::methods());
        people::add_contact_methods(people);
        people::add_listing_methods(people, clock, people_behaviour);
        people::add_search_methods(people);

        people::add_control_routes(calls, people_behaviour);
        add_webmail_routes(calls, users);
        add_control_routes(calls, {clock, users, ledger, faults, quota});
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
