#pragma once
#include "accounts/disconnect.h"
#include "accounts/features.h"
#include "accounts/notice.h"
#include "accounts/sign_in.h"
#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "testing/scripted_google.h"

namespace inboxpro::testing {

inline constexpr std::string_view kSending = "sending";

/// Accounts with everything below them in memory, for tests of this room and of the routes over it.
struct AccountsWorld {
    explicit AccountsWorld(std::vector<std::string> allowed_domains = {}, std::vector<const Collection*> more = {})
        : store(make_memory_store(with(std::move(more)))),
          sign_in({.client_id = "client-1",
                   .authorize = "https://accounts.google.com/o/oauth2/v2/auth",
                   .redirect_uri = "https://app.example/oauth/callback",
                   .allowed_domains = std::move(allowed_domains),
                   .linked = [this](AccountId account) { return note(linked, account); }},
                  documents, accounts, google, index, clock, random) {
        run(keys.create(AccountId{})).value();
    }

    static std::vector<const Collection*> with(std::vector<const Collection*> more) {
        more.insert(more.end(), {&kAccountKeys, &kAccounts, &kSessions, &kApiTokens, &kSignIns});
        return more;
    }

    /// What the activation page asks for.
    static SignInIntent activation(TrackingMode mode = TrackingMode::off,
                                   std::set<std::string> features = {"sending"}) {
        return {.purpose = SignInIntent::Purpose::activate,
                .features = std::move(features),
                .notice_version = std::string(kNoticeVersion),
                .tracking_mode = mode,
                .account = {}};
    }
    static SignInIntent returning() {
        return {.purpose = SignInIntent::Purpose::sign_in, .features = {}, .notice_version = {}, .account = {}};
    }
    static SignInIntent permission(AccountId account) {
        return {.purpose = SignInIntent::Purpose::permit,
                .features = {std::string(kSending)},
                .notice_version = {},
                .account = account};
    }

    /// The browser goes to Google and comes back with this.
    SignIn::Callback callback_of(SignInIntent intent, const Person& person = {}, std::set<std::string> unticked = {}) {
        const auto started = run(sign_in.start(std::move(intent))).value();
        const auto back = google.consent(started.url, person, std::move(unticked));
        return {.state = back.state, .code = back.code, .error = {}, .issuer = {}, .browser = started.browser};
    }
    Result<SignIn::Completed> go(SignInIntent intent, const Person& person = {}, std::set<std::string> unticked = {}) {
        return run(sign_in.complete(callback_of(std::move(intent), person, std::move(unticked))));
    }
    /// Notes whom it was called for.
    static Task<void> note(std::vector<AccountId>& whom, AccountId account) {
        whom.push_back(account);
        co_return;
    }
    Account activated(const Person& person = {}) { return go(activation(), person).value().account; }

    std::vector<AccountId> linked;  ///< As sign_in told.
    FakeClock clock;
    SeededRandom random;
    KeyFile key_file = KeyFile::in_memory(random);
    std::unique_ptr<Store> store;
    KeyRing keys{*store, key_file.keys(KeyPurpose::master), random};
    Documents documents{*store, keys, random};
    BlindIndex index{key_file.keys(KeyPurpose::index)};
    Accounts accounts{documents, keys, index, clock, random};
    ScriptedGoogle google{clock};
    GoogleAccess access{google, accounts, clock};
    Sessions sessions{documents, index, clock, random};
    ApiTokens tokens{documents, index, clock, random};
    Disconnect disconnect{accounts, access, sessions, tokens};
    SignIn sign_in;
};

}  // namespace inboxpro::testing
