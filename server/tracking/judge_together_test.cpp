#include "tracking/judge_together.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "testing/fakes.h"
#include "tracking/agents_for_tests.h"
#include "tracking/classify/classify.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::kGmail;
using testing::kMac;
using testing::kWindows;

struct Together : ::testing::Test {
    Together() {
        message.sent_at = sent;
        message.links = 3;
    }
    Event& seen(EventKind kind, std::chrono::milliseconds after, std::string_view agent = kWindows) {
        Event event{.id = EventId::make(sent + after, random), .kind = kind, .recipient = 0, .link = {}};
        event.at = sent + after;
        event.method = "GET";
        event.user_agent = agent;
        if (kind == EventKind::click) event.link = 0;
        events.push_back({.event = event, .verdict = {.label = Label::human, .rule = "reply"}});
        return events.back().event;
    }
    Event& open(std::chrono::milliseconds after, std::string_view agent = kWindows) {
        return seen(EventKind::open, after, agent);
    }
    Event& click(std::chrono::milliseconds after, std::string_view agent = kWindows) {
        return seen(EventKind::click, after, agent);
    }
    std::vector<double> confidences() {
        std::vector<double> out;
        for (const auto& verdict : judge_together(message, events, sent + 24h, 10s)) out.push_back(verdict.confidence);
        return out;
    }
    using Confidences = std::vector<double>;

    testing::FakeClock clock;
    testing::SeededRandom random;
    TimePoint sent = clock.now();
    Message message;
    std::vector<JudgedEvent> events;
};

TEST_F(Together, AnEarlierOpenCountsFromTenSecondsOn) {
    open(1h);
    open(1h + 9'999ms);
    open(1h + 10s);
    click(2h);
    EXPECT_EQ(confidences(), (Confidences{.75, .75, .875, .925}));
}

TEST_F(Together, OnlyAPersonsOrAProxysOpenIsAnEarlierOne) {
    open(1h, "curl/8.0");
    open(1h + 1min, "Mozilla/5.0");
    click(1h + 2min);
    open(1h + 3min);
    EXPECT_EQ(confidences().back(), .75);
    open(30min, kGmail);
    EXPECT_EQ(confidences()[3], .875);
    EXPECT_EQ(confidences()[4], .80);
}

TEST_F(Together, OfOneOfSeveralRecipientsNothingIsConcluded) {
    for (const auto after : {1h, 2h}) open(after).recipient.reset();
    seen(EventKind::reply, 3h).recipient = 1;
    click(4h, kWindows).recipient.reset();
    click(4h + 5s, kMac).recipient.reset();
    EXPECT_EQ(confidences(), (Confidences{.75, .75, .5, .85, .85}));
}

TEST_F(Together, AnAnswerCountsForWhatWasBeforeItAndIsAPersons) {
    open(1h);
    seen(EventKind::reply, 2h);
    open(3h);
    EXPECT_EQ(confidences()[0], .875);
    EXPECT_EQ(confidences()[2], .875) << "by the open before it, not by the answer";
    events[1].verdict.label = Label::bot;
    EXPECT_EQ(confidences()[0], .75);
}

TEST_F(Together, TwoSystemsForOneLinkSpeakAgainstBoth) {
    click(1h, kWindows);
    click(1h + 30s, kMac);
    EXPECT_EQ(confidences(), (Confidences{.76, .76}));
    events[1].event.at += 1ms;
    EXPECT_EQ(confidences(), (Confidences{.85, .85}));
    events[1].event.at -= 10s;
    events[1].event.link = 1;
    EXPECT_EQ(confidences(), (Confidences{.85, .85})) << "another link";
    events[1].event.link = 0;
    events[1].event.user_agent = "Slackbot-LinkExpanding 1.0 (Macintosh)";
    EXPECT_EQ(confidences()[0], .85) << "a program explains itself";
}

TEST_F(Together, AProxysOpenNearTheSendersLookMayBeTheSenders) {
    message.viewings = {sent + 1h};
    open(1h + 2s, kGmail);
    open(1h + 2min, kGmail);
    open(1h - 2min, kGmail);
    open(1h + 2min + 1ms, kGmail);
    const auto verdicts = judge_together(message, events, sent + 24h, 10s);
    EXPECT_EQ(verdicts[0].label, Label::self) << "the look itself";
    EXPECT_EQ(verdicts[1].confidence, .68);
    EXPECT_EQ(verdicts[2].confidence, .68);
    EXPECT_EQ(verdicts[3].confidence, .80);
    events[3].event.sender_in_gmail = true;
    EXPECT_EQ(confidences()[3], .68) << "looking at another mail";
}

TEST_F(Together, TheOrderInWhichTheyAreGivenDoesNotMatter) {
    message.viewings = {sent + 1h};
    for (int i = 0; i < 6; ++i) {
        open(1h + i * 7s, i % 2 == 0 ? kGmail : kWindows);
        click(1h + i * 11s, i % 2 == 0 ? kMac : kWindows).link = static_cast<std::uint16_t>(i % 3);
    }
    seen(EventKind::reply, 1h + 20s);
    const auto sorted = [&] {
        std::map<EventId, std::pair<double, std::vector<std::string>>> by_id;
        const auto verdicts = judge_together(message, events, sent + 24h, 10s);
        for (std::size_t i = 0; i < events.size(); ++i)
            by_id[events[i].event.id] = {verdicts[i].confidence, verdicts[i].reasons};
        return by_id;
    };
    const auto expected = sorted();
    std::mt19937 dice(7);
    for (int i = 0; i < 50; ++i) {
        std::ranges::shuffle(events, dice);
        EXPECT_EQ(sorted(), expected);
    }
}

}  // namespace
}  // namespace inboxpro
