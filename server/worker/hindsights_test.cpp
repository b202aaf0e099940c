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
class Hindsighted : public ::testing::TestWithParam<Told> {};
INSTANTIATE_TEST_SUITE_P(AsTheyHappenAndAfterACrash, Hindsighted,
                         ::testing::Values(Told::by_the_intake, Told::by_the_store));

TEST_P(Hindsighted, JudgesAMessageAgainTenSecondsAfterItsLastEvent) {
    testing::FakeClock clock;
    testing::SeededRandom random;
    const auto key_file = KeyFile::in_memory(random);
    const auto store = make_memory_store({&kAccountKeys, &kMessages, &kEvents, &kTallies, &kMentions});
    KeyRing keys{*store, key_file.keys(KeyPurpose::master), random};
    Documents documents{*store, keys, random};
    Messages messages{documents};
    Events events{documents};
    const auto account = AccountId::make(clock.now(), random);
    run(keys.create(account)).value();
    Message message{.id = MessageId::make(clock.now(), random), .account = account, .created_at = clock.now()};
    message.links = 3;
    run(messages.add(message)).value();
    run(messages.mark_sent(account, message.id, "g1", "t1", clock.now() - 1h)).value();
    std::vector<JudgedEvent> seen;
    for (const auto ago : {1min, 0min}) {
        Event open{.id = EventId::make(clock.now(), random),
                   .kind = EventKind::open,
                   .account = account,
                   .message = message.id,
                   .recipient = 0,
                   .link = {},
                   .at = clock.now() - ago - 1s};
        open.method = "GET";
        open.user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        seen.push_back({.event = open, .verdict = classify({.kind = open.kind, .user_agent = open.user_agent})});
    }
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
    for (const auto& judged : seen) run(documents.insert(kEvents, document_of(judged, outside_the_intake()))).value();
    run(recount(documents, account, message.id)).value();

    boost::asio::io_context loop;
    const auto work = boost::asio::make_work_guard(loop);
    Hindsight hindsight{documents, clock};
    Hindsights hindsights{hindsight, messages, loop, clock, [](const Error& error) { ADD_FAILURE() << error.detail; }};
    if (GetParam() == Told::by_the_intake)
        for (const auto& judged : seen) hindsights.note(judged);
    else
        run(hindsights.take_up(account, events)).value();
    EXPECT_EQ(hindsights.waiting(), 1U);
    hindsights.start();
    std::thread thread([&loop] { loop.run(); });
    EXPECT_EQ(run(events.of_message(account, message.id, 10, {}))->at(2).verdict.label, Label::human);
    clock.advance(Hindsight::kSettledAfter);
    for (int tries = 0; hindsights.waiting() != 0 && tries < 20'000; ++tries) std::this_thread::sleep_for(1ms);
    hindsights.stop(1s);
    loop.stop();
    thread.join();
    EXPECT_EQ(hindsights.waiting(), 0U);
    const auto judged = run(events.of_message(account, message.id, 10, {})).value();
    ASSERT_EQ(judged.size(), 5U);
    EXPECT_DOUBLE_EQ(judged[0].verdict.confidence, .75);
    EXPECT_DOUBLE_EQ(judged[1].verdict.confidence, .875) << "the mail had been opened before";
    for (std::size_t i = 2; i < 5; ++i) {
        EXPECT_EQ(judged[i].verdict.label, Label::scanner);
        EXPECT_FALSE(judged[i].verdict.provisional);
    }
    EXPECT_EQ(run(Tallies{documents}.get(account, message.id))->total().clicks_by_machines, 3);
}

}  // namespace
}  // namespace inboxpro
