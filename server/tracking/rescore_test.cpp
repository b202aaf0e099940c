#include <algorithm>
#include <boost/json.hpp>
#include <random>

#include "tracking/agents_for_tests.h"
#include "tracking/classify/classify.h"
#include "tracking/classify/facts_of.h"
#include "tracking/hindsight.h"
#include "tracking/recount.h"
#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using testing::run;
using testing::TrackingWorld;
using namespace std::chrono_literals;

/// All that is seen of a message, whichever one it is.
struct Story {
    std::vector<Event> requests;
    TimePoint answered_at;
    TimePoint looked_at;
};

/// As in production: requests come in batches that are folded now and then, whoever is told of one looks again some
/// time, and an answer is judged with what it answers at once.
struct Rescored : ::testing::Test {
    std::size_t below(std::size_t sides) { return dice() % sides; }

    Event request(TimePoint at) {
        const std::string agents[] = {TrackingWorld::request().user_agent, std::string(testing::kMac),
                                      std::string(testing::kGmail), "Mozilla/5.0", "curl/8.0"};
        auto event = TrackingWorld::request();
        event.account = world.account;
        event.recipient = 0;
        event.at = at;
        event.user_agent = agents[below(std::size(agents))];
        event.kind = below(2) == 0 ? EventKind::open : EventKind::click;
        if (event.kind == EventKind::click) event.link = static_cast<std::uint16_t>(below(2));
        return event;
    }
    Story story() {
        const auto begun = world.clock.now() + 1h;
        const auto within = [&](std::size_t seconds) { return begun + std::chrono::seconds{below(seconds)}; };
        Story all{.requests = {}, .answered_at = within(900) + 500ms, .looked_at = within(600) + 700ms};
        for (int i = 0; i < 24; ++i) all.requests.push_back(request(within(600) + std::chrono::milliseconds{i}));
        return all;
    }

    void judge_again(MessageId message) {
        const auto outcome = run(hindsight.judge_again(run(world.messages.get(world.account, message)).value()));
        ASSERT_TRUE(outcome);
        changed = outcome->changed;
    }
    void comes(MessageId of, Event event) {
        event.message = of;
        event.id = EventId::make(event.at, world.random);
        const auto message = run(world.messages.get(world.account, of)).value();
        const JudgedEvent judged{.event = event, .verdict = classify(facts_of(event, message.sent_at, message.links))};
        const auto mark = node.begin_batch();
        ASSERT_TRUE(run(world.documents.insert(kEvents, document_of(judged, mark))));
        node.settle(mark.batch, {judged});
        if (below(3) != 0) ASSERT_TRUE(run(node.advance()));
    }
    void is_answered(MessageId message, TimePoint at) {
        world.store_reply(message, at);
        judge_again(message);
    }
    void is_looked_at(MessageId message, TimePoint at) {
        ASSERT_TRUE(run(world.messages.note_viewing(world.account, message, at)));
        told.insert(message);
    }
    /// In an order of its own, judged again in between.
    void happens(MessageId message, Story all) {
        std::ranges::shuffle(all.requests, dice);
        const auto answer_after = below(all.requests.size());
        const auto look_after = below(all.requests.size());
        for (std::size_t i = 0; i < all.requests.size(); ++i) {
            comes(message, all.requests[i]);
            if (i == answer_after) is_answered(message, all.answered_at);
            if (i == look_after) is_looked_at(message, all.looked_at);
            if (below(4) == 0 && told.erase(message) != 0) judge_again(message);
        }
    }
    void look_at_all_that_was_told() {
        ASSERT_TRUE(run(node.advance()));
        world.clock.advance(2h);
        for (const auto message : std::exchange(told, {})) judge_again(message);
    }
    /// What is stored of it, without what says which message it is of.
    std::vector<std::string> stored(MessageId message) {
        std::vector<std::string> out;
        for (auto judged : world.events_of(message)) {
            for (const auto& reason : judged.verdict.reasons) ++reasons[reason];
            judged.event.id = {};
            judged.event.message = {};
            const auto document = document_of(judged, {});
            out.push_back(serialize(document.body));
            for (const auto& field : document.fields)
                out.back() += std::holds_alternative<std::int64_t>(field) ? fmt::format(" {}", std::get<1>(field)) : "";
            out.back() += " " + judged.verdict.rule;
        }
        return out;
    }

    std::mt19937 dice{5};
    TrackingWorld world;
    std::set<MessageId> told;
    Fold node{world.documents, RawId::make(world.clock.now(), world.random),
              [this](const JudgedEvent& judged) { told.insert(judged.event.message); }};
    Hindsight hindsight{world.documents, world.clock};
    std::size_t changed = 0;  ///< By the last look.
    std::map<std::string, int> reasons;
};

TEST_F(Rescored, TheSameEventsHaveTheSameVerdictsHoweverTheyCame) {
    for (int pair = 0; pair < 40; ++pair) {
        const std::array<MessageId, 2> twins{world.send(2), world.send(2)};
        const auto all = story();
        for (const auto twin : twins) happens(twin, all);
        look_at_all_that_was_told();
        EXPECT_EQ(stored(twins[0]).size(), 25U);
        EXPECT_EQ(stored(twins[0]), stored(twins[1])) << pair;
        for (const auto twin : twins) {
            judge_again(twin);
            EXPECT_EQ(changed, 0U) << "whoever judges everything again finds the same";
            EXPECT_EQ(world.tally_of(twin).body, world.recount_of(twin).body);
        }
    }
    EXPECT_GT(reasons["The mail had been opened before."], 100);
    EXPECT_GT(reasons["They answered the mail later."], 100);
    EXPECT_GT(reasons["The same link was followed from another kind of computer within 30 seconds."], 10);
    EXPECT_GT(reasons["You were active in Gmail within two minutes of it."], 10);
}

}  // namespace
}  // namespace inboxpro
