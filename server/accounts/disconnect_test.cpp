#include "accounts/disconnect.h"

#include <gtest/gtest.h>

#include "accounts/accounts_world.h"

namespace inboxpro {
namespace {

using testing::AccountsWorld;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

class DisconnectAnn : public ::testing::Test {
  protected:
    Result<void> disconnect() { return run(world_.disconnect.disconnect(ann_.id)); }

    AccountsWorld world_;
    Account ann_ = world_.activated();
    Secret session_ = run(world_.sessions.open(ann_.id))->value;
    Secret token_ = run(world_.tokens.issue(ann_.id, "script", {"messages:read"}))->value;
};

TEST_F(DisconnectAnn, RevokesAtGoogleAndEndsEverythingHere) {
    ASSERT_TRUE(run(world_.access.access_token(ann_.id, method::kSendDraft)));
    ASSERT_TRUE(disconnect());
    EXPECT_EQ(world_.google.calls(Call::revoke), 1);
    EXPECT_FALSE(run(world_.google.refresh(*ann_.refresh_token)));
    EXPECT_FALSE(run(world_.sessions.find(session_)));
    EXPECT_FALSE(run(world_.tokens.find(token_)));
    const auto stored = run(world_.accounts.get(ann_.id)).value();
    EXPECT_EQ(stored.state, Account::State::disconnected);
    EXPECT_FALSE(stored.refresh_token);
    EXPECT_TRUE(stored.scopes.empty());
}

TEST_F(DisconnectAnn, TellsOthersWhileGoogleStillAnswers) {
    bool answered = false;
    const auto ask = [&](AccountId account) -> Task<void> {
        answered = (co_await world_.access.access_token(account, method::kStopWatch)).has_value();
    };
    Disconnect telling{world_.accounts, world_.access, world_.sessions, world_.tokens, ask};
    ASSERT_TRUE(run(telling.disconnect(ann_.id)));
    EXPECT_TRUE(answered);
    EXPECT_FALSE(run(world_.access.access_token(ann_.id, method::kStopWatch)));
}

TEST_F(DisconnectAnn, LeavesNoWayToCallGoogle) {
    ASSERT_TRUE(disconnect());
    const int calls = world_.google.calls();
    EXPECT_EQ(run(world_.access.access_token(ann_.id, method::kSendDraft)).error().kind, ErrorKind::denied);
    EXPECT_EQ(world_.google.calls(), calls);
}

TEST_F(DisconnectAnn, LeavesOthersAlone) {
    const auto ben = world_.activated({.subject = "2002", .email = "ben@example.com", .name = "Ben"});
    const auto session = run(world_.sessions.open(ben.id))->value;
    ASSERT_TRUE(disconnect());
    EXPECT_TRUE(run(world_.sessions.find(session)));
    EXPECT_TRUE(run(world_.access.access_token(ben.id, method::kSendDraft)));
}

TEST_F(DisconnectAnn, EndsEverythingHereEvenWhenGoogleDoesNotAnswer) {
    world_.google.fail_next(Call::revoke, {.kind = ErrorKind::unavailable, .detail = "no answer"}, 2);
    EXPECT_EQ(disconnect().error().kind, ErrorKind::unavailable);
    EXPECT_FALSE(run(world_.sessions.find(session_)));
    EXPECT_FALSE(run(world_.tokens.find(token_)));
    EXPECT_FALSE(run(world_.accounts.get(ann_.id))->refresh_token);
}

TEST_F(DisconnectAnn, TriesARevocationTwice) {
    world_.google.fail_next(Call::revoke, {.kind = ErrorKind::unavailable, .detail = "no answer"});
    EXPECT_TRUE(disconnect());
    EXPECT_EQ(world_.google.calls(Call::revoke), 2);
}

TEST_F(DisconnectAnn, IsDoneWhenTheGrantWasDeadAlready) {
    world_.google.withdraw("1001");
    EXPECT_TRUE(disconnect());
}

TEST_F(DisconnectAnn, CanBeUndoneOnlyByActivatingAgain) {
    ASSERT_TRUE(disconnect());
    EXPECT_EQ(world_.go(AccountsWorld::returning()).error().kind, ErrorKind::not_found);
    const auto again = world_.activated();
    EXPECT_EQ(again.id, ann_.id);
    EXPECT_EQ(again.state, Account::State::active);
    EXPECT_TRUE(run(world_.access.access_token(ann_.id, method::kSendDraft)));
}

Account reading_mail(AccountsWorld& world) {
    const auto ann = world.activated();
    return world
        .go({.purpose = SignInIntent::Purpose::permit,
             .features = {std::string(kDeliveryReports)},
             .notice_version = {},
             .account = ann.id})
        .value()
        .account;
}

TEST(GiveBack, EndsThePermissionAtGoogleBeforeTheSmallerOneIsAskedFor) {
    AccountsWorld world;
    const auto ann = reading_mail(world);
    const auto session = run(world.sessions.open(ann.id)).value();
    ASSERT_TRUE(run(world.disconnect.give_back_mail(ann.id)));
    EXPECT_EQ(run(world.google.refresh(*ann.refresh_token)).error().detail, "invalid_grant");
    const auto stored = run(world.accounts.get(ann.id)).value();
    EXPECT_EQ(stored.state, Account::State::reconnect_needed) << "its mail waits";
    EXPECT_FALSE(stored.scopes.contains(std::string(scope::kGmailModify)));
    EXPECT_TRUE(run(world.sessions.find(session.value))) << "nobody is signed out";
    const auto again = world.go(AccountsWorld::permission(ann.id)).value().account;
    EXPECT_EQ(again.state, Account::State::active);
    EXPECT_TRUE(is_granted(*find_feature("sending"), again));
    EXPECT_FALSE(is_granted(*find_feature(kDeliveryReports), again));
    EXPECT_FALSE(run(world.access.may_ask(ann.id, method::kReadMessage)));
    const auto token = run(world.access.access_token(ann.id, method::kGetMessage)).value();
    EXPECT_EQ(run(world.google.raw_message(token, "18f")).error().kind, ErrorKind::denied);
}

TEST(GiveBack, ChangesNothingWhileGoogleDoesNotConfirm) {
    AccountsWorld world;
    const auto ann = reading_mail(world);
    world.google.fail_next(Call::revoke, {.kind = ErrorKind::unavailable, .detail = "no answer"}, 2);
    EXPECT_EQ(run(world.disconnect.give_back_mail(ann.id)).error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(is_granted(*find_feature(kDeliveryReports), run(world.accounts.get(ann.id)).value()))
        << "it must not look as if it were gone";
    ASSERT_TRUE(run(world.disconnect.give_back_mail(ann.id)));
    EXPECT_EQ(run(world.disconnect.give_back_mail(ann.id)).error().kind, ErrorKind::invalid) << "it is gone";
}

TEST(GiveBack, IsDoneWhenTheGrantIsDeadAlready) {
    AccountsWorld world;
    const auto ann = reading_mail(world);
    world.google.withdraw("1001");
    EXPECT_TRUE(run(world.disconnect.give_back_mail(ann.id)));
    EXPECT_FALSE(opens_mail(run(world.accounts.get(ann.id))->scopes));
}

}  // namespace
}  // namespace inboxpro
