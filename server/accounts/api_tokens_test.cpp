#include "accounts/api_tokens.h"

#include <gmock/gmock.h>

#include "accounts/accounts_world.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::AccountsWorld;
using testing::run;

class ApiTokensOfAnn : public ::testing::Test {
  protected:
    ApiTokens::Issued issue() {
        return run(world_.tokens.issue(ann_.id, "Weekly report", {"messages:read", "reports:read"})).value();
    }

    AccountsWorld world_;
    Account ann_ = world_.activated();
};

TEST_F(ApiTokensOfAnn, SayWhoseTheyAreAndWhatTheyMayDo) {
    const auto issued = issue();
    EXPECT_THAT(std::string(issued.value.reveal()), ::testing::MatchesRegex("ipx_[A-Za-z0-9_-]+"));
    EXPECT_EQ(issued.value.size(), 4U + 43U);
    const auto found = run(world_.tokens.find(issued.value)).value();
    EXPECT_EQ(found.account, ann_.id);
    EXPECT_EQ(found.name, "Weekly report");
    EXPECT_EQ(found.scopes, (std::set<std::string>{"messages:read", "reports:read"}));
}

TEST_F(ApiTokensOfAnn, CannotBeMadeFromWhatIsStored) {
    const auto issued = issue();
    const auto record =
        run(world_.store->find(kApiTokens, {.index = "by_account", .equals = {Bytes(ann_.id.view())}}))->front();
    EXPECT_EQ(record.payload.find(issued.value.reveal()), Bytes::npos);
    for (const auto& replayed : {Bytes(record.id.view()), record.id.text(), "ipx_" + base64url(record.id.view())})
        EXPECT_EQ(run(world_.tokens.find(Secret{replayed})).error().kind, ErrorKind::denied);
}

TEST_F(ApiTokensOfAnn, RememberWhenTheyWereLastUsedToTheMinute) {
    const auto issued = issue();
    EXPECT_FALSE(run(world_.tokens.list(ann_.id))->front().last_used_at);
    ASSERT_TRUE(run(world_.tokens.find(issued.value)));
    const auto first = world_.clock.now();
    world_.clock.advance(59s);
    ASSERT_TRUE(run(world_.tokens.find(issued.value)));
    EXPECT_EQ(run(world_.tokens.list(ann_.id))->front().last_used_at, first);
    world_.clock.advance(1s);
    ASSERT_TRUE(run(world_.tokens.find(issued.value)));
    EXPECT_EQ(run(world_.tokens.list(ann_.id))->front().last_used_at, first + 1min);
}

TEST_F(ApiTokensOfAnn, StopWorkingWhenRevoked) {
    const auto issued = issue();
    const auto other = issue();
    ASSERT_TRUE(run(world_.tokens.revoke(ann_.id, issued.token.id)));
    EXPECT_EQ(run(world_.tokens.find(issued.value)).error().kind, ErrorKind::denied);
    EXPECT_TRUE(run(world_.tokens.find(other.value)));
    EXPECT_EQ(run(world_.tokens.revoke(ann_.id, issued.token.id)).error().kind, ErrorKind::not_found);
}

TEST_F(ApiTokensOfAnn, BelongToNobodyElse) {
    const auto issued = issue();
    const auto ben = world_.activated({.subject = "2002", .email = "ben@example.com", .name = "Ben"});
    EXPECT_TRUE(run(world_.tokens.list(ben.id))->empty());
    EXPECT_EQ(run(world_.tokens.revoke(ben.id, issued.token.id)).error().kind, ErrorKind::not_found);
    ASSERT_TRUE(run(world_.tokens.revoke_all(ben.id)));
    EXPECT_TRUE(run(world_.tokens.find(issued.value)));
}

}  // namespace
}  // namespace inboxpro
