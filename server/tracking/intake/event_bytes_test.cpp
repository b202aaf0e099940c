#include "tracking/intake/event_bytes.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace inboxpro {
namespace {

/// Every part of it filled; `part` leaves some out.
Event event_without(unsigned part) {
    static SystemRandom random;
    const auto now = from_millis(1'790'000'000'123);
    Event event;
    event.id = EventId::make(now, random);
    event.kind = EventKind::click;
    event.account = AccountId::make(now, random);
    event.message = MessageId::make(now, random);
    event.at = now;
    if ((part & 1) == 0) event.recipient = 65'535;
    if ((part & 2) == 0) event.link = 0;
    event.method = "GET";
    if ((part & 4) == 0) event.user_agent = std::string(512, 'x') + "\xff\n\"";
    if ((part & 8) == 0) event.address = "2001:db8::1";
    if ((part & 16) == 0) event.headers = {{"Sec-Purpose", "prefetch"}, {"X-Moz", ""}};
    event.from_sender_address = (part & 32) == 0;
    event.sender_in_gmail = (part & 64) == 0;
    return event;
}

void expect_same(const Event& read, const Event& written) {
    EXPECT_EQ(read.id, written.id);
    EXPECT_EQ(read.kind, written.kind);
    EXPECT_EQ(read.account, written.account);
    EXPECT_EQ(read.message, written.message);
    EXPECT_EQ(read.recipient, written.recipient);
    EXPECT_EQ(read.link, written.link);
    EXPECT_EQ(read.at, written.at);
    EXPECT_EQ(read.method, written.method);
    EXPECT_EQ(read.user_agent, written.user_agent);
    EXPECT_EQ(read.address, written.address);
    EXPECT_EQ(read.headers, written.headers);
    EXPECT_EQ(read.from_sender_address, written.from_sender_address);
    EXPECT_EQ(read.sender_in_gmail, written.sender_in_gmail);
}

TEST(EventBytes, GiveBackEveryPartOfWhatTheyTook) {
    for (unsigned part = 0; part < 128; ++part) {
        const auto written = event_without(part);
        Bytes bytes;
        append_event(bytes, written);
        append_event(bytes, event_without(127));
        BytesView rest = bytes;
        const auto read = take_event(rest);
        ASSERT_TRUE(read.has_value()) << part;
        expect_same(*read, written);
        EXPECT_TRUE(take_event(rest).has_value());
        EXPECT_TRUE(rest.empty());
    }
}

TEST(EventBytes, AreCorruptWhereverTheyAreCutOff) {
    Bytes bytes;
    append_event(bytes, event_without(0));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        auto cut = BytesView{bytes}.substr(0, size);
        const auto read = take_event(cut);
        ASSERT_FALSE(read.has_value()) << size;
        EXPECT_EQ(read.error().kind, ErrorKind::corrupt);
    }
}

}  // namespace
}  // namespace inboxpro
