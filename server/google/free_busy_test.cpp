#include "google/free_busy.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "google/google_api.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "testing/scripted_google.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

const TimePoint kMonday = *from_rfc3339("2026-11-23T00:00:00Z");

TimeSpan hours(int from, int until) {
    return {kMonday + std::chrono::hours{from}, kMonday + std::chrono::hours{until}};
}

TEST(PiecesOf, CoverTheSpanWithoutGapInAtMost31Days) {
    EXPECT_TRUE(pieces_of(hours(5, 5)).empty());
    EXPECT_TRUE(pieces_of(hours(6, 5)).empty());
    EXPECT_EQ(pieces_of(hours(0, 31 * 24)).size(), 1U);
    EXPECT_EQ(pieces_of(hours(0, 31 * 24 + 1)).size(), 2U);
    EXPECT_TRUE(rc::check([] {
        const auto span = hours(0, *rc::gen::inRange(1, 24 * 400));
        auto at = span.from;
        for (const auto& piece : pieces_of(span)) {
            RC_ASSERT(piece.from == at && piece.until > piece.from);
            RC_ASSERT(piece.until - piece.from <= CalendarApi::kLongestFreeBusy);
            at = piece.until;
        }
        RC_ASSERT(at == span.until);
    }));
}

TEST(Joined, IsInOrderWithoutOverlap) {
    EXPECT_EQ(joined({hours(5, 6), hours(1, 3), hours(2, 4), hours(4, 5), hours(9, 9), hours(8, 10), hours(8, 9)}),
              (std::vector{hours(1, 6), hours(8, 10)}));
    EXPECT_TRUE(joined({}).empty());
}

class BusyBetween : public ::testing::Test {
  protected:
    void SetUp() override {
        const auto refresh = google_.grant({}, {std::string(scope::kCalendarFreeBusy)});
        token_ = run(google_.refresh(refresh))->access_token;
    }
    void add_event(const std::string& id, TimeSpan when) {
        google_.mailbox("1001").calendars["primary"].events[id] = {
            .id = id, .start = {.at = when.from}, .end = {.at = when.until}};
    }
    BusyTimes ask(std::vector<std::string> calendars, TimeSpan span) {
        return run(busy_between(google_, token_, std::move(calendars), span)).value();
    }

    testing::FakeClock clock_;
    testing::ScriptedGoogle google_{clock_};
    Secret token_;
};

TEST_F(BusyBetween, JoinsThePiecesOfALongTime) {
    add_event("e1", hours(31 * 24 - 1, 31 * 24 + 1));
    add_event("e2", hours(60 * 24, 60 * 24 + 2));
    const auto times = ask({"primary"}, hours(0, 90 * 24));
    EXPECT_EQ(times.at("primary").value(), (std::vector{hours(31 * 24 - 1, 31 * 24 + 1), hours(60 * 24, 60 * 24 + 2)}));
    EXPECT_EQ(google_.calls(Call::free_busy), 3);
}

TEST_F(BusyBetween, NeverTakesAnErrorForFree) {
    const auto times = ask({"primary", "gone"}, hours(0, 24));
    EXPECT_TRUE(times.at("primary"));
    EXPECT_EQ(times.at("gone").error().kind, ErrorKind::not_found);
}

TEST_F(BusyBetween, FailsAsAWholeWhenOnePieceFails) {
    google_.fail_next(Call::free_busy, {.kind = ErrorKind::unavailable, .detail = "no answer"});
    EXPECT_FALSE(run(busy_between(google_, token_, {"primary"}, hours(0, 24 * 60))));
}

TEST_F(BusyBetween, AsksForManyCalendarsInPortions) {
    std::vector<std::string> calendars;
    for (int i = 0; i < 120; ++i) {
        calendars.push_back(fmt::format("c{}", i));
        google_.mailbox("1001").calendars[calendars.back()];
    }
    EXPECT_EQ(ask(calendars, hours(0, 24)).size(), 120U);
    EXPECT_EQ(google_.calls(Call::free_busy), 3);
}

}  // namespace
}  // namespace inboxpro
