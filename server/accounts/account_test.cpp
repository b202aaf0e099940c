#include "accounts/account.h"

#include <gtest/gtest.h>

#include "accounts/accounts_world.h"

namespace inboxpro {
namespace {

using testing::AccountsWorld;
using testing::run;

TEST(Account, ComesBackAsItWasStored) {
    AccountsWorld world;
    const auto made = run(world.accounts.create({.state = Account::State::reconnect_needed,
                                                 .email = "Ann@Example.com",
                                                 .name = "Ann",
                                                 .google_subject = "1001",
                                                 .tracking_mode = TrackingMode::on,
                                                 .notice_version = "2026-11",
                                                 .notice_accepted_at = world.clock.now(),
                                                 .scopes = {"openid", "email"},
                                                 .refresh_token = Secret{"1//token"},
                                                 .grant_ends_at = world.clock.now() + std::chrono::days{7}}))
                          .value();
    const auto stored = run(world.accounts.get(made.id)).value();
    EXPECT_EQ(stored.version, made.version);
    EXPECT_EQ(stored.state, Account::State::reconnect_needed);
    EXPECT_EQ(stored.email, "Ann@Example.com");
    EXPECT_EQ(stored.name, "Ann");
    EXPECT_EQ(stored.google_subject, "1001");
    EXPECT_EQ(stored.tracking_mode, TrackingMode::on);
    EXPECT_EQ(stored.notice_version, "2026-11");
    EXPECT_EQ(stored.notice_accepted_at, world.clock.now());
    EXPECT_EQ(stored.scopes, (std::set<std::string>{"openid", "email"}));
    EXPECT_EQ(stored.refresh_token, Secret{"1//token"});
    EXPECT_EQ(stored.grant_ends_at, world.clock.now() + std::chrono::days{7});
    EXPECT_EQ(stored.created_at, world.clock.now());
}

TEST(Account, TellsHowAllStandWithGoogle) {
    AccountsWorld world;
    EXPECT_EQ(run(world.accounts.health())->active, 0U);
    const auto ann = world.activated();
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(run(world.accounts.create(
            {.state = Account::State::reconnect_needed, .email = fmt::format("{}@example.com", i)})));
    ASSERT_TRUE(run(world.accounts.create({.state = Account::State::disconnected, .email = "d@example.com"})));
    ASSERT_TRUE(run(world.accounts.create({.email = "t@example.com", .grant_ends_at = world.clock.now()})));
    const auto health = run(world.accounts.health()).value();
    EXPECT_EQ(health.active, 2U);
    EXPECT_EQ(health.reconnect_needed, 3U);
    EXPECT_EQ(health.ending, 1U);
    EXPECT_EQ(health.an_active, ann.id);
}

TEST(Accounts, WalkTheActiveOnesInBoundedSteps) {
    AccountsWorld world;
    std::set<AccountId> active;
    for (int i = 0; i < 450; ++i) {
        Account account{.email = fmt::format("u{}@example.com", i), .google_subject = std::to_string(i)};
        account.state = i % 3 == 0 ? Account::State::disconnected : Account::State::active;
        const auto made = run(world.accounts.create(account)).value();
        if (account.state == Account::State::active) active.insert(made.id);
    }
    std::set<AccountId> seen;
    int steps = 0;
    Accounts::Step step;
    do {
        step = run(world.accounts.active(step.next)).value();
        seen.insert(step.accounts.begin(), step.accounts.end());
        ++steps;
    } while (step.next);
    EXPECT_EQ(seen, active);
    EXPECT_EQ(steps, 3);
}

TEST(Account, IsTrackedByNothingUntilItsUserChose) {
    EXPECT_EQ(Account{}.tracking_mode, TrackingMode::off);
}

TEST(Account, IsStoredWithoutAWordInClear) {
    AccountsWorld world;
    const auto account = world.activated({.subject = "108004215", .email = "canary@example.com", .name = "Canary"});
    const auto record = run(world.store->get(kAccounts, account.id.raw)).value();
    Bytes all = record.payload;
    for (const auto& field : record.fields)
        if (const auto* bytes = std::get_if<Bytes>(&field)) all += *bytes;
    for (const auto* canary : {"canary", "Canary", "108004215", "1//", "gmail.compose"})
        EXPECT_EQ(all.find(canary), Bytes::npos) << canary;
}

TEST(Account, IsFoundBySubjectAndByAddressInAnyCase) {
    AccountsWorld world;
    const auto ann = world.activated();
    EXPECT_EQ(run(world.accounts.by_subject("1001"))->id, ann.id);
    EXPECT_EQ(run(world.accounts.by_email(" ANN@example.com "))->id, ann.id);
    EXPECT_EQ(run(world.accounts.by_subject("2002")).error().kind, ErrorKind::not_found);
    EXPECT_EQ(run(world.accounts.by_email("ben@example.com")).error().kind, ErrorKind::not_found);
}

TEST(Account, SharesNeitherSubjectNorAddress) {
    AccountsWorld world;
    const auto ann = world.activated();
    EXPECT_EQ(
        run(world.accounts.create({.email = "ben@example.com", .name = {}, .google_subject = "1001"})).error().kind,
        ErrorKind::conflict);
    EXPECT_EQ(run(world.accounts.create({.email = "ANN@example.com", .name = {}})).error().kind, ErrorKind::conflict);
    EXPECT_TRUE(run(world.accounts.get(ann.id)));
}

TEST(Account, MayBeOneOfManyThatAreNotLinkedYet) {
    AccountsWorld world;
    EXPECT_TRUE(run(world.accounts.create({.email = "ann@example.com", .name = {}})));
    EXPECT_TRUE(run(world.accounts.create({.email = "ben@example.com", .name = {}})));
    EXPECT_EQ(run(world.accounts.by_subject("")).error().kind, ErrorKind::not_found);
}

TEST(Account, IsChangedByWhoReadItLast) {
    AccountsWorld world;
    const auto ann = world.activated();
    auto first = ann, second = ann;
    first.tracking_mode = TrackingMode::on;
    second.tracking_mode = TrackingMode::consented_only;
    EXPECT_TRUE(run(world.accounts.update(first)));
    EXPECT_EQ(run(world.accounts.update(second)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(run(world.accounts.get(ann.id))->tracking_mode, TrackingMode::on);
}

TEST(TrackingMode, HasANameForEachValueAndBack) {
    for (const auto mode : {TrackingMode::off, TrackingMode::consented_only, TrackingMode::on})
        EXPECT_EQ(tracking_mode_named(name_of(mode)), mode);
    EXPECT_FALSE(tracking_mode_named("ON"));
    EXPECT_FALSE(tracking_mode_named(""));
}

TEST(Features, AskForNoPermissionTwiceAndForNoneThatIsNotListed) {
    const std::set<std::string_view> listed{scope::kGmailCompose, scope::kGmailMetadata, scope::kGmailSettings,
                                            scope::kGmailModify};
    std::set<std::string_view> asked;
    for (const auto& feature : all_features())
        for (const auto& permission : feature.permissions) EXPECT_TRUE(asked.insert(permission.scope).second);
    EXPECT_EQ(asked, listed);
}

}  // namespace
}  // namespace inboxpro
