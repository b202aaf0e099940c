#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/secret.h"
#include "base/turn.h"
#include "testing/fakes.h"

namespace inboxpro {
namespace {

TEST(Base64, KnowsTheExamplesOfRfc4648) {
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
    EXPECT_EQ(base64("foob"), "Zm9vYg==");
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
}

TEST(Base64, GivesBackWhatWentIn) {
    EXPECT_TRUE(rc::check([](const std::string& bytes) {
        RC_ASSERT(from_base64(base64(bytes)).value() == bytes);
        RC_ASSERT(from_base64url(base64url(bytes)).value() == bytes);
        RC_ASSERT(from_hex(hex(bytes)).value() == bytes);
    }));
}

TEST(Base64, RefusesWhatHasNoSingleText) {
    EXPECT_FALSE(from_base64url("Zm9vYh"));  // spare bits set
    EXPECT_FALSE(from_base64url("Z"));
    EXPECT_FALSE(from_base64url("Zm9v!mFy"));
    EXPECT_FALSE(from_base64("Zm9v-_Fy"));
    EXPECT_FALSE(from_hex("0g"));
    EXPECT_FALSE(from_hex("abc"));
}

TEST(Numbers, AreReadAsTheyWereWritten) {
    Bytes out;
    append_u16(out, 0x1234);
    append_u32(out, 0x89abcdef);
    append_u64(out, 0x0123456789abcdefULL);
    BytesView in = out;
    EXPECT_EQ(take_u16(in).value(), 0x1234);
    EXPECT_EQ(take_u32(in).value(), 0x89abcdefU);
    EXPECT_EQ(take_u64(in).value(), 0x0123456789abcdefULL);
    EXPECT_EQ(take_u16(in).error().kind, ErrorKind::corrupt);
}

TEST(Rfc3339, RoundTripsAndTakesOffsets) {
    const auto time = from_rfc3339("2026-11-23T09:00:00.250Z");
    ASSERT_TRUE(time);
    EXPECT_EQ(to_rfc3339(*time), "2026-11-23T09:00:00.250Z");
    EXPECT_EQ(from_rfc3339("2026-11-23T10:00:00.25+01:00"), time);
    EXPECT_EQ(from_rfc3339("2026-11-23t09:00:00.25z"), time);
    for (const auto* wrong : {"", "2026-11-23", "2026-11-23T09:00:00", "2026-13-23T09:00:00Z", "2026-11-23T09:00:00Zx",
                              "2026-11-23 09:00:00Z", "2026-02-30T09:00:00Z"})
        EXPECT_FALSE(from_rfc3339(wrong)) << wrong;
}

TEST(HttpDate, IsWrittenAsRfc9110Asks) {
    EXPECT_EQ(to_http_date(*from_rfc3339("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(RawId, SortsByTimeAndRoundTripsAsText) {
    testing::SeededRandom random;
    const RawId first = RawId::make(from_millis(1'000), random);
    const RawId second = RawId::make(from_millis(1'001), random);
    EXPECT_LT(first, second);
    EXPECT_LT(first.text(), second.text());
    EXPECT_EQ(first.text().size(), 26U);
    EXPECT_EQ(RawId::parse(first.text()).value(), first);
    EXPECT_EQ(second.made_at(), from_millis(1'001));
}

TEST(RawId, RefusesWhatIsNoId) {
    for (const auto* wrong :
         {"", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "0000000000000000000000000u", "000000000000000000000000"})
        EXPECT_FALSE(RawId::parse(wrong)) << wrong;
}

TEST(Secret, IsGoneAfterAMove) {
    Secret secret{"a key that nobody may see, longer than a small string"};
    const Secret taken = std::move(secret);
    EXPECT_TRUE(secret.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
    EXPECT_EQ(taken, Secret{"a key that nobody may see, longer than a small string"});
}

Result<int> half(int number) {
    if (number % 2 != 0) return fail(ErrorKind::invalid, "odd");
    return number / 2;
}
Result<int> quarter(int number) {
    return TRY(half(TRY(half(number))));
}

TEST(Try, HandsTheErrorUp) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error().detail, "odd");
}

TEST(Turn, GoesToWhatWaitsBetweenTwoPiecesOfWork) {
    boost::asio::io_context loop;
    std::string order;
    const auto work = [&](char piece) -> Task<void> {
        for (int i = 0; i < 3; ++i) {
            order.push_back(piece);
            co_await let_others_run();
        }
    };
    boost::asio::co_spawn(loop, work('a'), boost::asio::detached);
    boost::asio::co_spawn(loop, work('b'), boost::asio::detached);
    loop.run();
    EXPECT_EQ(order, "ababab");
}

}  // namespace
}  // namespace inboxpro
