#include <gmock/gmock.h>

#include "accounts/disconnect.h"
#include "accounts/features.h"
#include "accounts/notice.h"
#include "accounts/sign_in.h"
#include "app/against_sandbox.h"

// The choice to have delivery reports read, and back, with the sandbox's own consent and revocation.
namespace inboxpro::app {
namespace {

using testing::run;
using Purpose = SignInIntent::Purpose;

struct Choice : ::testing::Test {
    Choice() {
        run(world.ring.create(AccountId{})).value();
        EXPECT_TRUE(world.google.add_user(kAddress, "Ann"));
        ann = go({.purpose = Purpose::activate,
                  .features = {"sending"},
                  .notice_version = std::string(kNoticeVersion),
                  .account = {}});
    }
    /// The browser's part at Google, which agrees to all that is asked.
    Account go(SignInIntent intent) {
        const auto started = run(sign_in.start(std::move(intent))).value();
        const boost::urls::url_view url = boost::urls::parse_uri(started.url).value();
        auto form = std::string(url.encoded_query()) + "&account=" + sandbox::query_encoded(kAddress);
        const auto answer = world.ask(http::Method::post, "/o/oauth2/v2/auth", std::move(form), AgainstSandbox::kForm);
        const boost::urls::url_view back = boost::urls::parse_uri(answer.headers.get("Location")).value();
        const auto completed = run(sign_in.complete({.state = (*back.params().find("state")).value,
                                                     .code = (*back.params().find("code")).value,
                                                     .error = {},
                                                     .issuer = {},
                                                     .browser = started.browser}));
        EXPECT_TRUE(completed) << (completed ? "" : completed.error().detail);
        if (!completed) return {};
        world.node->access.forget(completed->account.id);
        return completed->account;
    }
    Account permit(std::string_view feature) {
        return go(
            {.purpose = Purpose::permit, .features = {std::string(feature)}, .notice_version = {}, .account = ann.id});
    }
    /// What Google says when the text of some mail is asked for with the account's token.
    std::string asked_for_text() {
        const auto outcome = run(world.node->access.as<Bytes>(ann.id, method::kGetMessage, [&](Secret token) {
            return world.node->google.raw_message(std::move(token), "18f0000000000000");
        }));
        return outcome ? "text" : outcome.error().kind == ErrorKind::not_found ? "no such mail" : "refused";
    }

    static constexpr const char* kAddress = "ann@sandbox.example";
    AgainstSandbox world;
    SignIn sign_in{{.client_id = "app",
                    .authorize = world.origin + "/o/oauth2/v2/auth",
                    .redirect_uri = "http://localhost/oauth/callback",
                    .allowed_domains = {}},
                   world.documents,
                   world.accounts,
                   world.node->google,
                   world.index,
                   world.clock,
                   world.random};
    Sessions sessions{world.documents, world.index, world.clock, world.random};
    ApiTokens tokens{world.documents, world.index, world.clock, world.random};
    Disconnect disconnect{world.accounts, world.node->access, sessions, tokens};
    Account ann;
};

TEST_F(Choice, OpensTextsAndGivingItBackShutsThem) {
    EXPECT_FALSE(is_granted(*find_feature(kDeliveryReports), ann));
    EXPECT_EQ(asked_for_text(), "refused");
    ann = permit(kDeliveryReports);
    for (const auto& feature : all_features()) EXPECT_TRUE(is_granted(feature, ann)) << feature.id;
    EXPECT_EQ(asked_for_text(), "no such mail") << "it would have been handed out";
    const auto wide = *ann.refresh_token;

    ASSERT_TRUE(run(disconnect.give_back_mail(ann.id)));
    EXPECT_EQ(run(world.node->google.refresh(wide)).error().kind, ErrorKind::denied) << "nobody can use it any more";
    ann = permit("sending");
    EXPECT_TRUE(is_granted(*find_feature("sending"), ann));
    EXPECT_FALSE(ann.scopes.contains(std::string(scope::kGmailModify))) << "Google joins nothing of before";
    EXPECT_EQ(asked_for_text(), "refused");
}

TEST_F(Choice, ReconnectingKeepsIt) {
    ann = permit(kDeliveryReports);
    ASSERT_TRUE(run(world.node->google.revoke(*ann.refresh_token)));
    EXPECT_FALSE(run(world.node->access.access_token(ann.id, method::kSendDraft)));
    ann = permit("sending");
    EXPECT_TRUE(is_granted(*find_feature(kDeliveryReports), ann));
    EXPECT_EQ(asked_for_text(), "no such mail");
}

}  // namespace
}  // namespace inboxpro::app
