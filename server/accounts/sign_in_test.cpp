#include "accounts/sign_in.h"

#include <gmock/gmock.h>

#include <boost/url/parse.hpp>

#include "accounts/accounts_world.h"

namespace inboxpro {
namespace {

using testing::AccountsWorld;
using testing::Person;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

std::map<std::string, std::string> parameters_of(const std::string& url) {
    std::map<std::string, std::string> parameters;
    const auto parsed = boost::urls::parse_uri(url).value();
    for (const auto& parameter : parsed.params()) {
        EXPECT_TRUE(parameters.emplace(std::string(parameter.key), parameter.value).second) << url;
    }
    return parameters;
}

TEST(SignIn, AsksGoogleForExactlyWhatTheFeatureNeeds) {
    AccountsWorld world;
    const auto started = run(world.sign_in.start(AccountsWorld::activation())).value();
    EXPECT_THAT(started.url, ::testing::StartsWith("https://accounts.google.com/o/oauth2/v2/auth?"));
    auto asked = parameters_of(started.url);
    EXPECT_EQ(asked["client_id"], "client-1");
    EXPECT_EQ(asked["redirect_uri"], "https://app.example/oauth/callback");
    EXPECT_EQ(asked["response_type"], "code");
    EXPECT_EQ(asked["code_challenge_method"], "S256");
    EXPECT_EQ(asked["code_challenge"].size(), 43U);
    EXPECT_EQ(asked["access_type"], "offline");
    EXPECT_EQ(asked["prompt"], "consent");
    EXPECT_EQ(asked["include_granted_scopes"], "true");
    EXPECT_EQ(asked["scope"],
              "openid email profile https://www.googleapis.com/auth/gmail.compose "
              "https://www.googleapis.com/auth/gmail.metadata https://www.googleapis.com/auth/gmail.settings.basic");
    EXPECT_EQ(asked.size(), 11U);
}

TEST(SignIn, AsksForNoFeatureThatIsNotWanted) {
    AccountsWorld world;
    auto activation = parameters_of(run(world.sign_in.start(AccountsWorld::activation(TrackingMode::off, {})))->url);
    EXPECT_EQ(activation["scope"], "openid email profile");
    auto returning = parameters_of(run(world.sign_in.start(AccountsWorld::returning()))->url);
    EXPECT_EQ(returning["scope"], "openid email profile");
    EXPECT_FALSE(returning.contains("prompt"));
    EXPECT_FALSE(returning.contains("access_type"));
}

TEST(SignIn, RefusesAFeatureThatDoesNotExist) {
    AccountsWorld world;
    EXPECT_EQ(run(world.sign_in.start(AccountsWorld::activation(TrackingMode::off, {"calendar"}))).error().field,
              "feature");
}

TEST(SignIn, NeverUsesAValueTwice) {
    AccountsWorld world;
    std::set<std::string> seen;
    for (int i = 0; i < 20; ++i) {
        const auto started = run(world.sign_in.start(AccountsWorld::activation())).value();
        auto asked = parameters_of(started.url);
        for (const auto* name : {"state", "nonce", "code_challenge"}) EXPECT_TRUE(seen.insert(asked[name]).second);
        EXPECT_TRUE(seen.insert(std::string(started.browser.reveal())).second);
        EXPECT_GE(asked["state"].size(), 43U);
    }
}

TEST(SignIn, MakesAnAccountOfWhoeverAcceptedTheNotice) {
    AccountsWorld world;
    const auto completed = world.go(AccountsWorld::activation(TrackingMode::consented_only));
    ASSERT_TRUE(completed);
    const auto stored = run(world.accounts.by_subject("1001")).value();
    EXPECT_EQ(stored.id, completed->account.id);
    EXPECT_EQ(stored.email, "ann@example.com");
    EXPECT_EQ(stored.name, "Ann Example");
    EXPECT_EQ(stored.state, Account::State::active);
    EXPECT_EQ(stored.tracking_mode, TrackingMode::consented_only);
    EXPECT_EQ(stored.notice_version, kNoticeVersion);
    EXPECT_EQ(stored.notice_accepted_at, world.clock.now());
    EXPECT_TRUE(stored.refresh_token);
    EXPECT_TRUE(is_granted(*find_feature("sending"), stored));
}

TEST(SignIn, KnowsNobodyWhoDidNotAcceptTheNotice) {
    AccountsWorld world;
    const auto refused = world.go(AccountsWorld::returning());
    EXPECT_EQ(refused.error().kind, ErrorKind::not_found);
    EXPECT_FALSE(run(world.accounts.by_subject("1001")));
}

TEST(SignIn, LetsTheKnownComeBackWithTheirGrantUntouched) {
    AccountsWorld world;
    const auto before = world.activated();
    const auto completed = world.go(AccountsWorld::returning());
    ASSERT_TRUE(completed);
    EXPECT_EQ(completed->account.id, before.id);
    EXPECT_EQ(completed->account.refresh_token, before.refresh_token);
    EXPECT_EQ(completed->account.scopes, before.scopes);
}

TEST(SignIn, KnowsPeopleBySubjectAndFollowsAChangedAddress) {
    AccountsWorld world;
    const auto before = world.activated();
    const auto completed =
        world.go(AccountsWorld::returning(), Person{.email = "ann.new@example.com", .name = "Ann Newly-Named"});
    ASSERT_TRUE(completed);
    EXPECT_EQ(completed->account.id, before.id);
    EXPECT_EQ(run(world.accounts.by_email("Ann.New@Example.com"))->id, before.id);
    EXPECT_EQ(run(world.accounts.by_email("ann@example.com")).error().kind, ErrorKind::not_found);
}

TEST(SignIn, GivesAnAddressToNobodyElse) {
    AccountsWorld world;
    const auto ann = world.activated();
    const auto other = world.go(AccountsWorld::activation(), Person{.subject = "2002"});
    EXPECT_EQ(other.error().kind, ErrorKind::conflict);
    EXPECT_EQ(run(world.accounts.get(ann.id))->google_subject, "1001");
}

TEST(SignIn, LinksAnAccountThatWasMadeByCommand) {
    AccountsWorld world;
    const auto made = run(world.accounts.create({.email = "ann@example.com", .name = "Ann"})).value();
    EXPECT_EQ(world.go(AccountsWorld::returning()).error().kind, ErrorKind::not_found);
    EXPECT_EQ(world.activated().id, made.id);
}

TEST(SignIn, IsGoodOnce) {
    AccountsWorld world;
    const auto callback = world.callback_of(AccountsWorld::activation());
    ASSERT_TRUE(run(world.sign_in.complete(callback)));
    const int calls = world.google.calls();
    EXPECT_EQ(run(world.sign_in.complete(callback)).error().kind, ErrorKind::invalid);
    EXPECT_EQ(world.google.calls(), calls);
}

TEST(SignIn, IsGoodOnceEvenForTwoAtTheSameMoment) {
    AccountsWorld world;
    const auto callback = world.callback_of(AccountsWorld::activation());
    boost::asio::io_context loop;
    int completed = 0;
    for (int i = 0; i < 2; ++i)
        boost::asio::co_spawn(
            loop, world.sign_in.complete(callback),
            [&](std::exception_ptr, Result<SignIn::Completed> outcome) { completed += outcome ? 1 : 0; });
    loop.run();
    EXPECT_EQ(completed, 1);
    EXPECT_EQ(world.google.calls(Call::exchange_code), 1);
}

TEST(SignIn, EndsAfterTenMinutes) {
    AccountsWorld world;
    const auto in_time = world.callback_of(AccountsWorld::activation());
    world.clock.advance(std::chrono::minutes{10} - std::chrono::milliseconds{1});
    EXPECT_TRUE(run(world.sign_in.complete(in_time)));
    const auto late = world.callback_of(AccountsWorld::activation());
    const int calls = world.google.calls();
    world.clock.advance(std::chrono::minutes{10});
    EXPECT_EQ(run(world.sign_in.complete(late)).error().kind, ErrorKind::invalid);
    EXPECT_EQ(world.google.calls(), calls);
}

TEST(SignIn, AsksGoogleNothingForAMissingOrForeignState) {
    AccountsWorld world;
    const auto mine = world.callback_of(AccountsWorld::activation());
    const auto theirs = world.callback_of(AccountsWorld::activation(), Person{.subject = "2002"});
    auto without_state = mine, without_browser = mine, made_up = mine, other_browser = mine, other_state = mine;
    without_state.state.clear();
    without_browser.browser = {};
    made_up.state = base64url(world.random.bytes(32));
    other_browser.browser = theirs.browser;
    other_state.state = theirs.state;
    for (const auto& wrong : {without_state, without_browser, made_up, other_browser, other_state})
        EXPECT_EQ(run(world.sign_in.complete(wrong)).error().kind, ErrorKind::invalid);
    EXPECT_EQ(world.google.calls(), 0);
    EXPECT_TRUE(run(world.sign_in.complete(mine))) << "A stranger's attempt must not use up the state.";
}

TEST(SignIn, RefusesACodeFromAnotherSignIn) {
    AccountsWorld world;
    auto mine = world.callback_of(AccountsWorld::activation());
    mine.code = world.callback_of(AccountsWorld::activation(), Person{.subject = "2002"}).code;
    EXPECT_EQ(run(world.sign_in.complete(mine)).error().kind, ErrorKind::invalid);
    EXPECT_FALSE(run(world.accounts.by_subject("2002")));
}

TEST(SignIn, RefusesAnAnswerOfAnotherIssuer) {
    AccountsWorld world;
    auto callback = world.callback_of(AccountsWorld::activation());
    callback.issuer = "https://evil.example";
    EXPECT_EQ(run(world.sign_in.complete(callback)).error().kind, ErrorKind::invalid);
    EXPECT_EQ(world.google.calls(), 0);
}

TEST(SignIn, ChangesNothingWhenTheUserRefuses) {
    AccountsWorld world;
    auto callback = world.callback_of(AccountsWorld::activation());
    callback.code.clear();
    callback.error = "access_denied";
    EXPECT_EQ(run(world.sign_in.complete(callback)).error().kind, ErrorKind::denied);
    EXPECT_EQ(world.google.calls(), 0);
}

TEST(SignIn, ChecksTheIdToken) {
    const std::vector<boost::json::object> forgeries{{{"iss", "https://evil.example"}},
                                                     {{"aud", "another-client"}},
                                                     {{"exp", 1'000}},
                                                     {{"nonce", "another"}},
                                                     {{"email_verified", false}}};
    for (const auto& forgery : forgeries) {
        AccountsWorld world;
        world.google.change_next_id_token(forgery);
        EXPECT_EQ(world.go(AccountsWorld::activation()).error().kind, ErrorKind::invalid)
            << boost::json::serialize(forgery);
        EXPECT_FALSE(run(world.accounts.by_subject("1001")));
    }
}

TEST(SignIn, SwitchesAFeatureOffWhosePermissionWasUnticked) {
    AccountsWorld world;
    const auto completed = world.go(AccountsWorld::activation(), {}, {std::string(scope::kGmailMetadata)});
    ASSERT_TRUE(completed);
    EXPECT_FALSE(is_granted(*find_feature("sending"), completed->account));
    EXPECT_TRUE(completed->account.scopes.contains(std::string(scope::kGmailCompose)));
    const auto again = world.go(AccountsWorld::permission(completed->account.id));
    ASSERT_TRUE(again);
    EXPECT_TRUE(is_granted(*find_feature("sending"), again->account));
}

TEST(SignIn, AsksForConsentOnlyWhileNoRefreshTokenIsKept) {
    AccountsWorld world;
    const auto account = world.activated();
    auto with_token = parameters_of(run(world.sign_in.start(AccountsWorld::permission(account.id)))->url);
    EXPECT_FALSE(with_token.contains("prompt"));
    EXPECT_EQ(with_token["login_hint"], "ann@example.com");

    world.google.withdraw("1001");
    EXPECT_FALSE(run(world.access.access_token(account.id, method::kSendDraft)));
    auto dead = parameters_of(run(world.sign_in.start(AccountsWorld::permission(account.id)))->url);
    EXPECT_EQ(dead["prompt"], "consent");
}

TEST(SignIn, RemembersWhenGoogleEndsTheGrantByItself) {
    AccountsWorld world;
    EXPECT_FALSE(world.activated().grant_ends_at);
    world.google.put_app_in_testing();
    EXPECT_EQ(world.activated({.subject = "2002", .email = "ben@example.com"}).grant_ends_at,
              world.clock.now() + std::chrono::days{7});
}

TEST(SignIn, KeepsTheRefreshTokenWhenGoogleGivesNoNewOne) {
    AccountsWorld world;
    const auto before = world.activated();
    const auto after = world.go(AccountsWorld::permission(before.id));
    ASSERT_TRUE(after);
    EXPECT_EQ(after->account.refresh_token, before.refresh_token);
    EXPECT_EQ(after->account.state, Account::State::active);
}

TEST(SignIn, RevivesAnAccountWhoseGrantDied) {
    AccountsWorld world;
    const auto account = world.activated();
    world.google.withdraw("1001");
    EXPECT_FALSE(run(world.access.access_token(account.id, method::kSendDraft)));
    EXPECT_EQ(run(world.accounts.get(account.id))->state, Account::State::reconnect_needed);
    ASSERT_TRUE(world.go(AccountsWorld::returning())) << "Signing in must stay possible.";
    EXPECT_EQ(world.go(AccountsWorld::permission(account.id))->account.state, Account::State::active);
    EXPECT_TRUE(run(world.access.access_token(account.id, method::kSendDraft)));
}

constexpr std::string_view kMailScope = "https://www.googleapis.com/auth/gmail.modify";

SignInIntent reports_for(AccountId account) {
    return {.purpose = SignInIntent::Purpose::permit,
            .features = {std::string(kDeliveryReports)},
            .notice_version = {},
            .account = account};
}

TEST(SignIn, AsksToReadMailOnlyByItselfAndWithoutWhatWouldShutItAgain) {
    AccountsWorld world;
    auto activation = AccountsWorld::activation(TrackingMode::off, {std::string(kDeliveryReports)});
    EXPECT_EQ(run(world.sign_in.start(activation)).error().field, "feature");
    const auto ann = world.activated();
    EXPECT_FALSE(is_granted(*find_feature(kDeliveryReports), ann)) << "off until it is chosen";
    auto asked = parameters_of(run(world.sign_in.start(reports_for(ann.id)))->url);
    EXPECT_EQ(asked["scope"], fmt::format("openid email profile {}", kMailScope));
    EXPECT_FALSE(asked.contains("include_granted_scopes"));
    EXPECT_EQ(asked["prompt"], "consent") << "the token that is kept does not open it";
}

TEST(SignIn, EverythingGoesOnUnderThePermissionToReadMail) {
    AccountsWorld world;
    const auto before = world.activated();
    const auto ann = world.go(reports_for(before.id)).value().account;
    EXPECT_NE(ann.refresh_token, before.refresh_token);
    EXPECT_TRUE(ann.scopes.contains(std::string(kMailScope)));
    EXPECT_FALSE(ann.scopes.contains(std::string(scope::kGmailMetadata)));
    for (const auto& feature : all_features()) EXPECT_TRUE(is_granted(feature, ann)) << feature.id;
    for (const auto* method : all_methods()) {
        if (api_of(*method) == "gmail") EXPECT_TRUE(run(world.access.may_ask(ann.id, *method))) << method->id;
    }
}

TEST(SignIn, ReconnectsWithTheSamePermissionAsBefore) {
    AccountsWorld world;
    const auto ann = world.go(reports_for(world.activated().id)).value().account;
    world.google.withdraw("1001");
    EXPECT_FALSE(run(world.access.access_token(ann.id, method::kSendDraft)));
    auto asked = parameters_of(run(world.sign_in.start(AccountsWorld::permission(ann.id)))->url);
    EXPECT_EQ(asked["scope"], fmt::format("openid email profile {}", kMailScope));
    EXPECT_FALSE(asked.contains("include_granted_scopes"));
    EXPECT_EQ(asked["prompt"], "consent");
}

TEST(SignIn, DoesNotReadMailWhenGoogleJoinsWhatShutsIt) {
    AccountsWorld world;
    auto ann = world.activated();
    ann.scopes.insert(std::string(kMailScope));
    EXPECT_FALSE(is_granted(*find_feature(kDeliveryReports), ann)) << "gmail.metadata is in the token too";
    EXPECT_FALSE(opens_mail(ann.scopes));
}

TEST(SignIn, GivesAPermissionOnlyToTheAccountThatAskedForIt) {
    AccountsWorld world;
    const auto ann = world.activated();
    const auto ben = world.activated({.subject = "2002", .email = "ben@example.com", .name = "Ben"});
    const auto mixed_up = world.go(AccountsWorld::permission(ann.id), {.subject = "2002", .email = "ben@example.com"});
    EXPECT_EQ(mixed_up.error().kind, ErrorKind::denied);
    EXPECT_EQ(run(world.accounts.get(ben.id))->version, ben.version);
}

TEST(SignIn, RefusesForeignDomains) {
    AccountsWorld world({"clinic.example", "gmail.com"});
    EXPECT_EQ(world.go(AccountsWorld::activation()).error().kind, ErrorKind::denied);
    EXPECT_TRUE(world.go(AccountsWorld::activation(), {.hosted_domain = "clinic.example"}));
    EXPECT_TRUE(world.go(AccountsWorld::activation(), {.subject = "2002", .email = "ben@gmail.com"}));
    EXPECT_EQ(world
                  .go(AccountsWorld::activation(),
                      {.subject = "3003", .email = "eve@clinic.example", .hosted_domain = "evil.example"})
                  .error()
                  .kind,
              ErrorKind::denied);
}

TEST(SignIn, AsksAgainWhenTheNoticeIsANewerOne) {
    AccountsWorld world;
    auto account = world.activated();
    account.notice_version = "2020-01";
    ASSERT_TRUE(run(world.accounts.update(account)));
    EXPECT_EQ(world.go(AccountsWorld::returning()).error().kind, ErrorKind::not_found);
    EXPECT_TRUE(world.go(AccountsWorld::activation()));
    EXPECT_TRUE(world.go(AccountsWorld::returning()));
}

TEST(SignIn, FetchesGooglesKeysOnceWhileTheyAreGood) {
    AccountsWorld world;
    world.activated();
    ASSERT_TRUE(world.go(AccountsWorld::returning()));
    EXPECT_EQ(world.google.calls(Call::signing_keys), 1);
    world.clock.advance(std::chrono::hours{1});
    ASSERT_TRUE(world.go(AccountsWorld::returning()));
    EXPECT_EQ(world.google.calls(Call::signing_keys), 2);
}

TEST(SignIn, FetchesKeysAgainForAnUnknownKeyId) {
    AccountsWorld world;
    world.activated();
    world.google.rotate_signing_key("key-2");
    ASSERT_TRUE(world.go(AccountsWorld::returning()));
    EXPECT_EQ(world.google.calls(Call::signing_keys), 2);
}

TEST(SignIn, TellsWhenAnAccountIsLinkedAndNotWhenItComesBack) {
    AccountsWorld world;
    const auto ann = world.activated();
    EXPECT_EQ(world.linked, std::vector{ann.id});
    ASSERT_TRUE(world.go(AccountsWorld::returning()));
    EXPECT_EQ(world.linked.size(), 1U);
    ASSERT_TRUE(world.go(AccountsWorld::permission(ann.id)));
    EXPECT_EQ(world.linked.size(), 2U);
    const Person stranger{.subject = "2002", .email = "ben@example.com", .name = "Ben"};
    EXPECT_FALSE(world.go(AccountsWorld::returning(), stranger));
    EXPECT_EQ(world.linked.size(), 2U);
}

TEST(SignIn, HandsOutagesOn) {
    AccountsWorld world;
    world.google.fail_next(Call::exchange_code, {.kind = ErrorKind::unavailable, .detail = "no answer"});
    EXPECT_EQ(world.go(AccountsWorld::activation()).error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(world.go(AccountsWorld::activation()));
}

}  // namespace
}  // namespace inboxpro
