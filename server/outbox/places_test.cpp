#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>
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
    /// As the API does when its user chooses them.
    void use(SendingRules rules) {
        auto account_now = run(accounts.get(account)).value();
        rules.generation = account_now.sending.generation + 1;
        account_now.sending = std::move(rules);
        run(outbox.rules_will_change(account)).value();
        run(accounts.update(std::move(account_now))).value();
        run(outbox.rules_changed(account)).value();
    }
    /// What a worker does about it; in how many steps.
    int plan_anew() {
        int steps = 0;
        for (auto due = run(outbox.replans_due(2)).value(); !due.empty(); due = run(outbox.replans_due(2)).value()) {
            for (auto& replan : due) EXPECT_TRUE(run(outbox.replan(std::move(replan))));
            ++steps;
        }
        return steps;
    }
    std::vector<std::string> shown_waiting() {
        std::vector<std::string> all;
        for (const auto& send : run(outbox.waiting(account, 1'000, {})).value()) all.push_back(shown(send.wanted_at));
        return all;
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
    constexpr Place kDay{.day = 7};
    std::atomic<int> taken = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < kEach; ++n)
                taken += run_to_end(sends.take_place(account, kDay, kLimit)).value() ? 1 : 0;
        });
    threads.clear();
    EXPECT_LE(taken, kLimit);
    while (run(sends.take_place(account, kDay, kLimit)).value()) ++taken;
    EXPECT_EQ(taken, kLimit);
    run(sends.give_place_back(account, kDay, false)).value();
    EXPECT_TRUE(run(sends.take_place(account, kDay, kLimit)).value());
    EXPECT_FALSE(run(sends.take_place(account, kDay, kLimit)).value());
}

TEST_F(Places, AreUsedByNoMoreThanTheLimitUnderWhateverRulesTheyWereGiven) {
    constexpr int kLimit = 2;
    constexpr Place kOld{.day = 7}, kNew{.day = 7, .generation = 1};
    const auto use = [&](Place place) { return run(sends.use_place(account, place, kLimit)).value(); };
    EXPECT_TRUE(use(kOld));
    EXPECT_TRUE(use(kNew));
    EXPECT_FALSE(use(kOld));
    EXPECT_FALSE(use(kNew));
    run(sends.give_place_back(account, kOld, true)).value();
    EXPECT_TRUE(use(kNew)) << "of a mail that did not go out after all";
    EXPECT_FALSE(use(kOld));
}

using ::testing::ElementsAre;

TEST_F(Places, AreGivenAwayAnewUnderLooserRulesInTheSameOrder) {
    limit(1);
    std::vector<MessageId> ids;
    for (int i = 0; i < 4; ++i) ids.push_back(submit({.at = at("2026-11-26T12:00")}).value().id);
    const auto late =
        submit({.wall = WallTime{.reading = reading_from("2026-11-26T12:30").value(), .zone = "Asia/Tokyo"},
                .in_hours = true});
    EXPECT_FALSE(late) << "past";
    EXPECT_EQ(shown(stored(ids[3]).wanted_at), "2026-12-01T09:00:00");
    limit(3);
    EXPECT_EQ(plan_anew(), 1);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(shown(stored(ids[i]).wanted_at), "2026-11-26T12:00:00") << i;
        EXPECT_FALSE(stored(ids[i]).put_off);
        EXPECT_FALSE(stored(ids[i]).wall);
    }
    EXPECT_EQ(shown(stored(ids[3]).wanted_at), "2026-11-27T09:00:00");
    EXPECT_EQ(stored(ids[3]).put_off->limit, 3);
    EXPECT_EQ(plan_anew(), 0);
    go_to("2026-11-26T12:00");
    EXPECT_EQ(work(), 3U);
}

TEST_F(Places, AreGivenAwayAnewUnderTighterRulesInTheSameOrder) {
    limit(4);
    std::vector<MessageId> ids;
    for (int i = 0; i < 8; ++i) {
        ids.push_back(submit({.at = i < 2 ? clock.now() : at("2026-11-26T12:00")}).value().id);
        clock.advance(1ms);
    }
    EXPECT_EQ(work(), 2U);
    clock.advance(1min);
    limit(2);
    EXPECT_EQ(plan_anew(), 1);
    EXPECT_THAT(shown_waiting(), ElementsAre("2026-11-27T09:00:00", "2026-11-27T09:00:00", "2026-11-30T09:00:00",
                                             "2026-11-30T09:00:00", "2026-12-01T09:00:00", "2026-12-01T09:00:00"));
    const auto waiting = run(outbox.waiting(account, 10, {})).value();
    for (std::size_t i = 0; i < waiting.size(); ++i) EXPECT_EQ(waiting[i].id, ids[i + 2]) << "in the order of writing";
    EXPECT_EQ(submit()->put_off->limit, 2) << "what went out today counts on";
    go_to("2026-11-26T13:00");
    EXPECT_EQ(work(), 0U);
    go_to("2026-11-27T09:00");
    EXPECT_EQ(work(), 2U);
}

TEST_F(Places, FollowNewHoursAndBackToWhatItsWriterSaid) {
    limit(50);
    const WallTime wall{.reading = reading_from("2026-11-26T16:00").value(), .zone = "Europe/Berlin"};
    const auto id = submit({.wall = wall, .in_hours = true}).value().id;
    use({.time_zone = "Europe/Berlin", .hours = {{0x1f, 8 * 60, 12 * 60}}});
    EXPECT_EQ(plan_anew(), 1);
    EXPECT_EQ(shown(stored(id).wanted_at), "2026-11-27T08:00:00");
    EXPECT_EQ(stored(id).put_off->because, Send::PutOff::Because::hours);
    use({.time_zone = "Europe/Berlin", .hours = {{0x1f, 15 * 60, 17 * 60}}});
    EXPECT_EQ(plan_anew(), 1);
    EXPECT_EQ(shown(stored(id).wanted_at), "2026-11-26T16:00:00");
    EXPECT_EQ(stored(id).wall, wall);
    EXPECT_FALSE(stored(id).put_off);
}

TEST_F(Places, AreGivenAwayAnewAPageAtATimeAndGoOnWhereAProcessEnded) {
    limit(1'000);
    for (int i = 0; i < 120; ++i) ASSERT_TRUE(submit({.at = at("2026-11-26T12:00")}));
    limit(40);
    auto first = run(outbox.replans_due(2)).value();
    ASSERT_EQ(first.size(), 1U);
    ASSERT_TRUE(run(outbox.replan(first[0])));
    EXPECT_FALSE(run(outbox.replan(first[0]))) << "another process was faster";
    EXPECT_EQ(plan_anew(), 4) << "all 120, and 80 once more where they moved to, are four pages and the end";
    std::map<std::string, int> days;
    for (const auto& each : shown_waiting()) ++days[each.substr(0, 10)];
    EXPECT_THAT(days, ElementsAre(::testing::Pair("2026-11-26", 40), ::testing::Pair("2026-11-27", 40),
                                  ::testing::Pair("2026-11-30", 40)));
    // A page that nobody ended is taken up when its claim is over.
    limit(50);
    auto left = run(outbox.replans_due(2)).value().at(0);
    left.due_at = clock.now() + 2min;
    run(sends.update(left)).value();
    EXPECT_EQ(plan_anew(), 0);
    clock.advance(2min);
    EXPECT_GT(plan_anew(), 0);
}

TEST_F(Places, AreNeverMoreThanTheLimitOfThatMomentHoweverOftenItChanges) {
    std::mt19937 dice(7);
    int most = 3;
    limit(most);
    for (int day = 26; day <= 30; ++day) {
        go_to(fmt::format("2026-11-{}T09:00", day).c_str());
        std::size_t out = 0;
        for (int hour = 0; hour < 8; ++hour) {
            for (int i = 0; i < 2; ++i) submit({.at = clock.now() + std::chrono::minutes{dice() % 3'000}}).value();
            if (dice() % 3 == 0) limit(most = static_cast<int>(1 + dice() % 6));
            if (dice() % 2 == 0) plan_anew();
            const auto more = work();
            if (more > 0) EXPECT_LE(out + more, static_cast<std::size_t>(most)) << day << " " << hour;
            out += more;
            clock.advance(1h);
        }
    }
    EXPECT_GT(sent_count(), 10U);
}

TEST_F(Places, OfDaysThatAreLongOverAreForgotten) {
    limit(5);
    for (int day = 1; day <= 20; ++day) {
        submit().value();
        submit({.at = clock.now() + std::chrono::days{40}}).value();
        work();
        clock.advance(std::chrono::days{1});
    }
    const auto days = run(store->find(kSendDays, {.index = "by_account", .equals = {Bytes(account.view())}})).value();
    const auto past = std::ranges::count_if(days, [&](const auto& day) { return day.id.made_at() < clock.now(); });
    EXPECT_LE(past, 5);
    EXPECT_GE(past, 1);
    EXPECT_GE(days.size(), 14U) << "those that are to come stay";
}

}  // namespace
}  // namespace inboxpro
