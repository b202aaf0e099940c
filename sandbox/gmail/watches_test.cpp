#include "sandbox/gmail/watches.h"

#include <gtest/gtest.h>
#include "testing/fakes.h"

namespace inboxpro::sandbox::gmail {
namespace {

struct Watching : ::testing::Test {
    testing::FakeClock clock;
    std::vector<std::uint64_t> published;
    Watches watches{clock, [this](const auto&, const auto&, auto id) { published.push_back(id); },
                    [](const auto&) { return true; }};

    Result<TimePoint> start(const std::string& topic, Labels labels = {}, bool excludes = false) {
        return watches.start("ada@x.example", "app",
                             {.topic = topic, .labels = std::move(labels), .excludes = excludes});
    }
    void change(std::uint64_t id, Labels labels) {
        clock.advance(Watches::kBetweenNotices);
        watches.changed("ada@x.example", {.id = id, .at = clock.now(), .labels = std::move(labels)});
    }
};

TEST_F(Watching, TellsOfChangesUntilItEnds) {
    change(1, {"INBOX"});
    EXPECT_EQ(start("projects/p/topics/t").value(), clock.now() + Watches::kLife);
    change(2, {"INBOX"});
    watches.changed("grace@x.example", {.id = 3, .at = clock.now()});
    clock.advance(Watches::kLife);
    change(4, {"INBOX"});
    EXPECT_EQ(published, std::vector<std::uint64_t>{2});
}

TEST_F(Watching, DropsWhatComesWithinASecond) {
    start("projects/p/topics/t").value();
    change(1, {});
    watches.changed("ada@x.example", {.id = 2, .at = clock.now()});
    change(3, {});
    EXPECT_EQ(published, (std::vector<std::uint64_t>{1, 3}));
}

TEST_F(Watching, HearsOfTheLabelsItAskedFor) {
    start("projects/p/topics/t", {"INBOX"}).value();
    change(1, {"SENT"});
    change(2, {"INBOX", "UNREAD"});
    start("projects/p/topics/t", {"SENT"}, true).value();
    change(3, {"SENT"});
    change(4, {"INBOX"});
    EXPECT_EQ(published, (std::vector<std::uint64_t>{2, 4}));
}

TEST_F(Watching, KeepsToOneTopicUntilStopped) {
    start("projects/p/topics/t").value();
    EXPECT_TRUE(start("projects/p/topics/t"));
    EXPECT_EQ(start("projects/p/topics/other").error().kind, ErrorKind::conflict);
    EXPECT_TRUE(watches.start("ada@x.example", "another app", {.topic = "projects/q/topics/t"}));
    watches.stop("ada@x.example", "app");
    EXPECT_TRUE(start("projects/p/topics/other"));
}

}  // namespace
}  // namespace inboxpro::sandbox::gmail
