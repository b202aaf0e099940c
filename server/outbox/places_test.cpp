#include <gtest/gtest.h>

#include <thread>

#include "base/run.h"
#include "outbox/outbox_world.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;

/// An account with sending hours and a limit of mails a day.
struct Places : testing::OutboxWorld {
    void SetUp() override {
        OutboxWorld::SetUp();
        go_to("2026-11-26T10:00");  // A Thursday.
    }
    TimePoint at(const char* reading, const char* zone = "Europe/Berlin") {
        return zones.instant_of({.reading = reading_from(reading).value(), .zone = zone}).value();
    }
    void go_to(const char* reading) { clock.advance(at(reading) - clock.now()); }
    std::string shown(TimePoint time) { return text_of(zones.shown_at(time, "Europe/Berlin").value().reading); }
    void use(SendingRules rules) {
        auto stored = run(accounts.get(account)).value();
        stored.sending = std::move(rules);
        run(accounts.update(std::move(stored))).value();
    }
    void limit(int mails) {
        use({.time_zone = "Europe/Berlin", .hours = {{0x1f, 9 * 60, 17 * 60}}, .daily_limit = mails});
    }
    Result<Send> submit(Timing timing = {}) {
        auto submission = letter();
        submission.timing = std::move(timing);
        const auto submitted = run(outbox.submit(account, std::move(submission)));
        if (!submitted) return std::unexpected(submitted.error());
        return submitted->send;
    }
    /// Sends what is due; how many went out.
    std::size_t work() {
        const auto before = sent_count();
        for (auto due = run(outbox.due(64)).value(); !due.empty(); due = run(outbox.due(64)).value())
            for (auto& send : due) EXPECT_TRUE(run(outbox.advance(std::move(send))));
        return sent_count() - before;
    }
};

TEST_F(Places, SpreadOverflowOverTheNextAllowedDaysInOrder) {
    limit(2);
    std::vector<Send> all;
    for (int i = 0; i < 7; ++i) {
        all.push_back(submit({.undo = i == 3 ? 10s : 0s}).value());
        clock.advance(1s);
    }
    const char* const expected[] = {"2026-11-26T10:00:00", "2026-11-26T10:00:01", "2026-11-27T09:00:00",
                                    "2026-11-27T09:00:00", "2026-11-30T09:00:00", "2026-11-30T09:00:00",
                                    "2026-12-01T09:00:00"};
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(shown(all[i].wanted_at), expected[i]);
        EXPECT_EQ(all[i].put_off.has_value(), i >= 2);
    }
    EXPECT_EQ(all[3].state, SendState::scheduled);
    EXPECT_EQ(all[3].put_off->limit, 2);
    EXPECT_EQ(all[3].wall->zone, "Europe/Berlin") << "it follows the rules of that zone";
    EXPECT_EQ(work(), 2U);
    go_to("2026-11-27T08:59");
    EXPECT_EQ(work(), 0U);
    go_to("2026-11-27T09:00");
    EXPECT_EQ(work(), 2U);
    go_to("2026-11-30T09:00");
    EXPECT_EQ(work(), 2U);
}

TEST_F(Places, AreFreeAgainWhenAMailIsTakenBackOrMoved) {
    limit(1);
    const auto first = submit({.at = clock.now() + 1h}).value();
    run(outbox.cancel(account, first.id)).value();
    const auto second = submit({.at = clock.now() + 1h}).value();
    EXPECT_FALSE(second.put_off);
    run(outbox.reschedule(account, second.id, {.at = at("2026-12-02T12:00")})).value();
    EXPECT_FALSE(submit()->put_off);
    EXPECT_TRUE(submit({.at = at("2026-12-02T13:00")})->put_off);
    run(outbox.reschedule(account, second.id, {.at = at("2026-12-02T14:00")})).value();
    EXPECT_FALSE(run(sends.get(account, second.id))->put_off) << "it had its place already";
}

TEST_F(Places, RefuseSendNowInOneSentenceWhenTheDayIsFull) {
    limit(1);
    EXPECT_FALSE(submit()->put_off);
    const auto over = submit().value();
    const auto refused = run(outbox.send_now(account, over.id));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
    EXPECT_EQ(refused.error().detail, "today's limit of 1 mails is reached, so this mail cannot go out today");
    EXPECT_EQ(run(sends.get(account, over.id))->wanted_at, over.wanted_at);
    go_to("2026-11-27T09:00");
    EXPECT_EQ(work(), 1U) << "its place of that day was not lost";
}

TEST_F(Places, HoldOnlyMailThatAsksForItToTheHours) {
    limit(50);
    go_to("2026-11-27T18:00");
    EXPECT_FALSE(submit()->put_off);
    const auto held = submit({.in_hours = true}).value();
    EXPECT_EQ(shown(held.wanted_at), "2026-11-30T09:00:00");
    EXPECT_EQ(held.put_off->because, Send::PutOff::Because::hours);
    EXPECT_EQ(work(), 1U);
    EXPECT_EQ(run(outbox.send_now(account, held.id))->send.wanted_at, clock.now()) << "its writer may say otherwise";
}

TEST_F(Places, PutOffMailThatCouldNotGoOutWithinItsHours) {
    limit(50);
    const auto send = submit({.at = at("2026-11-27T16:55"), .in_hours = true}).value();
    EXPECT_FALSE(send.put_off);
    go_to("2026-11-27T17:10");
    EXPECT_EQ(work(), 0U);
    EXPECT_EQ(shown(run(sends.get(account, send.id))->wanted_at), "2026-11-30T09:00:00");
    go_to("2026-11-30T09:00");
    EXPECT_EQ(work(), 1U);
}

TEST_F(Places, AreTakenAnewByMailThatComesADayLater) {
    limit(1);
    const auto late = submit({.at = at("2026-11-26T23:59")}).value();
    EXPECT_FALSE(submit({.at = at("2026-11-27T12:00")})->put_off);
    go_to("2026-11-27T00:10");
    EXPECT_EQ(work(), 0U) << "that day's only place is another mail's";
    EXPECT_EQ(shown(run(sends.get(account, late.id))->wanted_at), "2026-11-30T09:00:00");
}

TEST_F(Places, AreGoogles400Or1600UnlessTheUserChoseFewer) {
    EXPECT_EQ(daily_limit_of({}, "ann@gmail.com"), 400);
    EXPECT_EQ(daily_limit_of({}, "ann@GoogleMail.com"), 400);
    EXPECT_EQ(daily_limit_of({}, "ann@example.com"), 1'600);
    EXPECT_EQ(daily_limit_of({.daily_limit = 25}, "ann@gmail.com"), 25);
    EXPECT_EQ(daily_limit_of({.daily_limit = 1'000}, "ann@gmail.com"), 400);
}

TEST_F(Places, AreNeverOneTooManyHoweverManyAskAtOnce) {
    constexpr int kThreads = 8, kEach = 100, kLimit = 123;
    std::atomic<int> taken = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < kEach; ++n) taken += run_to_end(sends.take_place(account, 7, kLimit)).value() ? 1 : 0;
        });
    threads.clear();
    EXPECT_LE(taken, kLimit);
    while (run(sends.take_place(account, 7, kLimit)).value()) ++taken;
    EXPECT_EQ(taken, kLimit);
    run(sends.give_place_back(account, 7)).value();
    EXPECT_TRUE(run(sends.take_place(account, 7, kLimit)).value());
    EXPECT_FALSE(run(sends.take_place(account, 7, kLimit)).value());
}

}  // namespace
}  // namespace inboxpro
