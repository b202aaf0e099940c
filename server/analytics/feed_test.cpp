#include "analytics/feed.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <thread>

#include "testing/fakes.h"
#include "testing/run.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;

struct FeedTest : ::testing::Test {
    testing::FakeClock clock;
    testing::SeededRandom random;
    AccountId ann = AccountId::make(clock.now(), random);
    AccountId bob = AccountId::make(clock.now(), random);
    Feed feed;

    JudgedEvent event_of(AccountId account) {
        JudgedEvent judged;
        judged.event.id = EventId::make(clock.now(), random);
        judged.event.account = account;
        return judged;
    }
};

Task<std::vector<EventId>> listen(Feed& feed, AccountId account, std::size_t count, std::function<void()> listening) {
    Feed::Subscription subscription(feed, account, co_await boost::asio::this_coro::executor);
    listening();
    std::vector<EventId> seen;
    while (seen.size() < count) {
        const auto event = co_await subscription.next(5s);
        if (!event) break;
        seen.push_back(event->event.id);
    }
    co_return seen;
}

TEST_F(FeedTest, TellsAListenerOfItsOwnAccountOnlyAndInOrder) {
    const auto first = event_of(ann), foreign = event_of(bob), second = event_of(ann);
    std::thread publisher;
    const auto seen = testing::run(listen(feed, ann, 2, [&] {
        publisher = std::thread([&] {
            for (const auto& event : {first, foreign, second}) feed.publish(event);
        });
    }));
    publisher.join();
    EXPECT_EQ(seen, (std::vector<EventId>{first.event.id, second.event.id}));
}

TEST_F(FeedTest, DropsTheOldestForAListenerThatDoesNotKeepUp) {
    std::vector<EventId> published;
    const auto seen = testing::run(listen(feed, ann, Feed::kMostWaiting, [&] {
        for (std::size_t i = 0; i < Feed::kMostWaiting + 10; ++i) {
            const auto event = event_of(ann);
            published.push_back(event.event.id);
            feed.publish(event);
        }
    }));
    ASSERT_EQ(seen.size(), Feed::kMostWaiting);
    EXPECT_EQ(seen.front(), published.at(10));
    EXPECT_EQ(seen.back(), published.back());
}

TEST_F(FeedTest, EndsTheWaitWhenItCloses) {
    std::thread closer;
    const auto seen = testing::run(listen(feed, ann, 1, [&] { closer = std::thread([&] { feed.close(); }); }));
    closer.join();
    EXPECT_TRUE(seen.empty());
    EXPECT_TRUE(feed.closed());
}

TEST_F(FeedTest, GivesUpWaitingAfterTheListenersPatience) {
    const auto nothing = testing::run([](Feed& quiet, AccountId account) -> Task<bool> {
        Feed::Subscription subscription(quiet, account, co_await boost::asio::this_coro::executor);
        co_return !(co_await subscription.next(1ms)).has_value();
    }(feed, ann));
    EXPECT_TRUE(nothing);
}

}  // namespace
}  // namespace inboxpro
