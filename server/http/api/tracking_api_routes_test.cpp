#include "http/api/tracking_api_routes.h"

#include <gtest/gtest.h>

#include "http/api/app_world.h"

namespace inboxpro::http {
namespace {

using testing::AppWorld;
using testing::run;

TEST(Viewing, IsNotedForOnesOwnMessageOnly) {
    AppWorld world;
    const auto ann = world.activated();
    const auto ben = world.activated({.subject = "2002", .email = "ben@example.com", .name = "Ben"});
    const Message message{
        .id = MessageId::make(world.clock.now(), world.random), .account = ann.id, .created_at = world.clock.now()};
    ASSERT_TRUE(run(world.messages.add(message)));
    const auto path = "/api/v1/tracking/" + message.id.text() + "/viewing";
    const auto ask = [&](const Account& account, const std::string& where) {
        return world.ask(AppWorld::by_token(Method::post, where, world.token_of(account))).status;
    };
    EXPECT_EQ(ask(ben, path), 404);
    EXPECT_EQ(ask(ann, "/api/v1/tracking/nonsense/viewing"), 404);
    EXPECT_TRUE(run(world.messages.get(ann.id, message.id))->viewings.empty());
    EXPECT_TRUE(world.looked_again.empty());
    EXPECT_FALSE(world.traces.was_in_gmail(ben.id));
    EXPECT_EQ(ask(ann, path), 204);
    EXPECT_EQ(run(world.messages.get(ann.id, message.id))->viewings, std::vector{world.clock.now()});
    EXPECT_EQ(world.looked_again, std::vector{message.id});
    EXPECT_TRUE(world.traces.was_in_gmail(ann.id));
    EXPECT_FALSE(world.traces.was_in_gmail(ben.id));
    const auto reading = world.token_of(ann, {"messages:read"});
    EXPECT_EQ(world.ask(AppWorld::by_token(Method::post, path, reading)).status, 403);
}

}  // namespace
}  // namespace inboxpro::http
