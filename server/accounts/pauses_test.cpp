#include "accounts/pauses.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;

constexpr GoogleMethod kEvents{"calendar.events.list", {}, 0};

class PausesOfAnn : public ::testing::Test {
  protected:
    void told(ErrorKind kind, std::string detail, std::optional<std::chrono::seconds> wait = {}) {
        pauses_.heed(ann_, method::kGetProfile, {.kind = kind, .detail = std::move(detail), .retry_after = wait},
                     grant_, clock_.now(), 0);
    }
    std::optional<Error> standing(const GoogleMethod& method = method::kSendDraft) {
        return pauses_.standing(ann_, method, grant_, clock_.now());
    }
    bool enters() { return !pauses_.enter(ann_, method::kSendDraft, grant_, clock_.now()); }

    testing::FakeClock clock_;
    testing::SeededRandom random_;
    AccountId ann_ = AccountId::make(clock_.now(), random_);
    Secret grant_{"1//a"};
    Pauses pauses_;
};

TEST_F(PausesOfAnn, LastAsLongAsGoogleSaysForTheWholeApi) {
    told(ErrorKind::rate_limited, "rateLimitExceeded", 90s);
    clock_.advance(30s);
    ASSERT_TRUE(standing());
    EXPECT_EQ(standing()->retry_after, 60s);
    EXPECT_EQ(standing()->detail, "rateLimitExceeded");
    EXPECT_FALSE(standing(kEvents)) << "the calendar has a limit of its own";
    clock_.advance(60s);
    EXPECT_FALSE(standing());
}

TEST_F(PausesOfAnn, GrowWithEachRefusalWhenGoogleDoesNotSayAndLastAnHourAtMost) {
    for (const auto wait : {1s, 2s, 4s, 8s}) {
        told(ErrorKind::rate_limited, "quotaExceeded");
        told(ErrorKind::rate_limited, "quotaExceeded");
        EXPECT_EQ(standing()->retry_after, wait) << "calls that were under way together are refused once";
        clock_.advance(wait);
        EXPECT_TRUE(enters());
    }
    pauses_.succeeded(ann_, method::kSendDraft);
    told(ErrorKind::rate_limited, "quotaExceeded");
    EXPECT_EQ(standing()->retry_after, 1s) << "an answer between counts";
    told(ErrorKind::rate_limited, "quotaExceeded", std::chrono::hours{9'999});
    EXPECT_EQ(standing()->retry_after, 3'600s);
}

TEST_F(PausesOfAnn, LetOneGoAheadWhenTheyAreOver) {
    told(ErrorKind::rate_limited, "rateLimitExceeded", 60s);
    EXPECT_FALSE(enters());
    clock_.advance(60s);
    EXPECT_TRUE(enters());
    EXPECT_FALSE(enters());
    pauses_.succeeded(ann_, method::kSendDraft);
    EXPECT_TRUE(enters());
    EXPECT_TRUE(enters());
}

TEST_F(PausesOfAnn, AreNotEndedByACallThatWasUnderWayWhenTheyBegan) {
    told(ErrorKind::rate_limited, "rateLimitExceeded", 60s);
    pauses_.succeeded(ann_, method::kSendDraft);
    EXPECT_FALSE(enters());
}

TEST_F(PausesOfAnn, LetTheNextGoAheadWhenNothingWasHeardOfTheFirst) {
    told(ErrorKind::rate_limited, "rateLimitExceeded", 60s);
    clock_.advance(60s);
    EXPECT_TRUE(enters());
    clock_.advance(30s);
    EXPECT_TRUE(enters());
}

TEST_F(PausesOfAnn, CoverTheAccountOrTheMethodThatWasDenied) {
    told(ErrorKind::denied, "forbidden");
    EXPECT_FALSE(standing());
    EXPECT_TRUE(standing(method::kGetProfile));
    told(ErrorKind::denied, "domainPolicy");
    EXPECT_EQ(standing()->detail, "domainPolicy");
    clock_.advance(1h);
    EXPECT_FALSE(standing());
}

TEST_F(PausesOfAnn, EndWithANewGrant) {
    told(ErrorKind::denied, "domainPolicy");
    grant_ = Secret{"1//b"};
    EXPECT_FALSE(standing());
}

TEST_F(PausesOfAnn, ComeFromNothingElse) {
    told(ErrorKind::unavailable, "status 502");
    told(ErrorKind::not_found, "notFound");
    EXPECT_FALSE(standing(method::kGetProfile));
}

}  // namespace
}  // namespace inboxpro
