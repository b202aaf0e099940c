#include "worker/hindsights.h"

#include <gtest/gtest.h>

#include <thread>

#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "tracking/classify/classify.h"
#include "tracking/mentions.h"
#include "tracking/recount.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;

enum class Told : std::uint8_t { by_the_intake, by_the_store };

struct HindsightWorld {
    HindsightWorld() {
        run(keys.create(account)).value();
        message.links = 3;
        run(messages.add(message)).value();
        run(messages.mark_sent(account, message.id, "g1", "t1", clock.now() - 1h)).value();
    }
    ~HindsightWorld() {
        hindsights.stop(1s);
        loop.stop();
        if (thread.joinable()) thread.join();
    }
    HindsightWorld(const HindsightWorld&) = delete;
    HindsightWorld& operator=(const HindsightWorld&) = delete;

    void start() {
        hindsights.start();
        thread = std::thread([this] { loop.run(); });
    }
    JudgedEvent open_at(TimePoint at) {
        Event open{.id = EventId::make(clock.now(), random),
                   .kind = EventKind::open,
                   .account = account,
                   .message = message.id,
                   .recipient = 0,
                   .link = {},
                   .at = at};
        open.method = "GET";
        open.user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        return {.event = open, .verdict = classify({.kind = open.kind, .user_agent = open.user_agent})};
    }
    void store_all(const std::vector<JudgedEvent>& seen) {
        for (const auto& judged : seen)
            run(documents.insert(kEvents, document_of(judged, outside_the_intake()))).value();
        run(recount(documents, account, message.id)).value();
    }
    std::vector<JudgedEvent> stored() { return run(events.of_message(account, message.id, 100, {})).value(); }

    testing::FakeClock clock;
    testing::SeededRandom random;
    KeyFile key_file = KeyFile::in_memory(random);
    std::unique_ptr<Store> store = make_memory_store({&kAccountKeys, &kMessages, &kEvents, &kTallies, &kMentions});
    KeyRing keys{*store, key_file.keys(KeyPurpose::master), random};
    Documents documents{*store, keys, random};
    Messages messages{documents};
    Events events{documents};
    AccountId account = AccountId::make(clock.now(), random);
    Message message{.id = MessageId::make(clock.now(), random), .account = account, .created_at = clock.now()};
    boost::asio::io_context loop;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{loop.get_executor()};
    Hindsight hindsight{documents, clock};
    std::atomic<bool> all_is_stored = true;
    Hindsights hindsights{hindsight,
                          messages,
                          loop,
                          clock,
                          [this] { return all_is_stored.load(); },
                          [](const Error& error) { ADD_FAILURE() << error.detail; }};
    std::thread thread;
};

class Hindsighted : public ::testing::TestWithParam<Told>, public HindsightWorld {};
INSTANTIATE_TEST_SUITE_P(AsTheyHappenAndAfterACrash, Hindsighted,
                         ::testing::Values(Told::by_the_intake, Told::by_the_store));

TEST_P(Hindsighted, JudgesAMessageAgainTenSecondsAfterItsLastEvent) {
    std::vector<JudgedEvent> seen;
    for (const auto ago : {1min, 0min}) seen.push_back(open_at(clock.now() - ago - 1s));
    for (std::uint16_t link = 0; link < 3; ++link) {
        Event click{.id = EventId::make(clock.now(), random),
                    .kind = EventKind::click,
                    .account = account,
                    .message = message.id,
                    .recipient = 0,
                    .link = link,
                    .at = clock.now()};
        click.method = "GET";
        click.user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        auto verdict = classify({.kind = EventKind::click, .user_agent = click.user_agent});
        verdict.provisional = true;
        seen.push_back({.event = click, .verdict = verdict});
    }
    store_all(seen);
    if (GetParam() == Told::by_the_intake)
        for (const auto& judged : seen) hindsights.note(judged);
    else
        run(hindsights.take_up(account, events)).value();
    EXPECT_EQ(hindsights.waiting(), 1U);
    start();
    EXPECT_EQ(stored().at(2).verdict.label, Label::human);
    clock.advance(Hindsight::kSettledAfter);
    for (int tries = 0; hindsights.waiting() != 0 && tries < 20'000; ++tries) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(hindsights.waiting(), 0U);
    const auto judged = stored();
    ASSERT_EQ(judged.size(), 5U);
    EXPECT_DOUBLE_EQ(judged[0].verdict.confidence, .75);
    EXPECT_DOUBLE_EQ(judged[1].verdict.confidence, .875) << "the mail had been opened before";
    for (std::size_t i = 2; i < 5; ++i) {
        EXPECT_EQ(judged[i].verdict.label, Label::scanner);
        EXPECT_FALSE(judged[i].verdict.provisional);
    }
    EXPECT_EQ(run(Tallies{documents}.get(account, message.id))->total().clicks_by_machines, 3);
}

TEST(Hindsights, WaitForWhatHasComeAndIsNotStored) {
    HindsightWorld world;
    const std::vector<JudgedEvent> seen{world.open_at(world.clock.now() - 1min), world.open_at(world.clock.now())};
    world.store_all(seen);
    world.all_is_stored = false;
    for (const auto& judged : seen) world.hindsights.note(judged);
    world.clock.advance(Hindsight::kSettledAfter);
    world.start();
    // Longer than the second after which it looks again.
    std::this_thread::sleep_for(1200ms);
    EXPECT_EQ(world.hindsights.waiting(), 1U);
    world.all_is_stored = true;
    for (int tries = 0; world.hindsights.waiting() != 0 && tries < 20'000; ++tries) std::this_thread::sleep_for(1ms);
    EXPECT_DOUBLE_EQ(world.stored()[1].verdict.confidence, .875);
}

TEST(Hindsights, JudgesAMessageThatIsAskedForAllTheTimeAboutOnceAMinute) {
    HindsightWorld world;
    world.start();
    std::vector<JudgedEvent> seen{world.open_at(world.clock.now() - 1min)};
    world.store_all(seen);
    const auto surer = [&] {
        const auto all = world.stored();
        return std::ranges::count_if(all, [](const JudgedEvent& one) { return one.verdict.confidence > .8; });
    };
    for (int minute = 1; minute <= 3; ++minute) {
        for (int i = 0; i < 15; ++i) {
            const auto open = world.open_at(world.clock.now());
            world.store_all({open});
            world.hindsights.note(open);
            world.clock.advance(5s);
        }
        for (int tries = 0; surer() < 10 * minute && tries < 20'000; ++tries) std::this_thread::sleep_for(1ms);
        EXPECT_GE(surer(), 10 * minute);
        EXPECT_EQ(world.hindsights.waiting(), 1U);
    }
}

}  // namespace
}  // namespace inboxpro
