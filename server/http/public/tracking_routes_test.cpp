#include "http/public/tracking_routes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"

namespace inboxpro::http {
namespace {

using testing::run;

/// Remembers what it was told, and stores nothing.
class RememberingIntake final : public Intake {
  public:
    Task<void> record(TrackingToken token, Event seen) override {
        told.emplace_back(std::move(token), std::move(seen));
        co_return;
    }
    IntakeFigures figures() const override { return {}; }
    void stop() override {}
    std::vector<std::pair<TrackingToken, Event>> told;
};

struct TrackingRoutesTest : ::testing::Test {
    testing::FakeClock clock;
    testing::SeededRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    TokenSealer sealer{keys.keys(KeyPurpose::token)};
    RememberingIntake intake;
    Router router;

    std::unique_ptr<Store> store = make_memory_store({&kAccountKeys, &kOwnTraces});
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    OwnTraces traces{documents, index, clock};

    void SetUp() override { add_tracking_routes(router, intake, traces, sealer); }

    TrackingToken token(TrackingToken::Kind kind, std::string destination = {}) {
        return {.kind = kind,
                .account = AccountId::make(clock.now(), random),
                .message = MessageId::make(clock.now(), random),
                .recipient = 1,
                .destination = std::move(destination)};
    }
    std::string pixel_path() { return "/o/" + seal_token(sealer, token(TrackingToken::Kind::open)) + ".gif"; }
    std::string link_path(std::string destination) {
        return "/c/" + seal_token(sealer, token(TrackingToken::Kind::click, std::move(destination)));
    }
    Response ask(std::string path, Method method = Method::get, Fields headers = {}) {
        Request request{.method = method, .target = path, .path = std::move(path), .headers = std::move(headers)};
        request.client_ip = "203.0.113.77";
        return run(router.answer(std::move(request)));
    }
    Task<bool> noted(AccountId account, std::string address) {
        co_await traces.note(account, std::move(address));
        co_return true;
    }
    static std::vector<std::string> lines_of(const Response& response) {
        std::vector<std::string> lines{std::to_string(response.status)};
        for (const auto& [name, value] : response.headers) lines.push_back(fmt::format("{}: {}", name, value));
        std::ranges::sort(lines);
        return lines;
    }
};

TEST_F(TrackingRoutesTest, AnswersAPixelWithExactlyThis) {
    const auto response = ask(pixel_path());
    EXPECT_EQ(lines_of(response),
              (std::vector<std::string>{"200", "Cache-Control: no-store, max-age=0", "Content-Type: image/gif",
                                        "Cross-Origin-Resource-Policy: cross-origin", "Referrer-Policy: no-referrer"}));
    ASSERT_EQ(response.body.size(), 43U);
    EXPECT_TRUE(response.body.starts_with("GIF89a"));
    EXPECT_EQ(response.body.back(), ';');
    ASSERT_EQ(intake.told.size(), 1U);
}

TEST_F(TrackingRoutesTest, AnswersABadPixelAlikeAndRecordsNothing) {
    const auto good = ask(pixel_path());
    intake.told.clear();
    auto flipped = pixel_path();
    flipped[10] = flipped[10] == 'A' ? 'B' : 'A';
    const auto click_token = link_path("https://example.org/").substr(3);
    for (const auto& path : {flipped, std::string("/o/nonsense.gif"), "/o/" + click_token + ".gif"}) {
        const auto bad = ask(path);
        EXPECT_EQ(lines_of(bad), lines_of(good)) << path;
        EXPECT_EQ(bad.body, good.body);
    }
    EXPECT_TRUE(intake.told.empty());
}

TEST_F(TrackingRoutesTest, LeadsExactlyWhereTheLinkLed) {
    for (const std::string destination :
         {"https://example.org/", "http://example.org/a%20b?x=1&y=%C3%BC#part", "https://xn--bcher-kva.example/p?q"}) {
        const auto response = ask(link_path(destination));
        EXPECT_EQ(response.status, 302);
        EXPECT_EQ(response.headers.get("Location"), destination);
        EXPECT_EQ(response.headers.get("Cache-Control"), "no-store, max-age=0");
        EXPECT_EQ(response.headers.get("Referrer-Policy"), "no-referrer");
        EXPECT_FALSE(response.headers.has("Set-Cookie"));
        EXPECT_LT(response.body.size(), 200U);
        EXPECT_EQ(intake.told.back().first.destination, destination);
    }
}

TEST_F(TrackingRoutesTest, KnowsNoLinkButItsOwn) {
    const auto open_token = seal_token(sealer, token(TrackingToken::Kind::open));
    for (const auto& path : {std::string("/c/nonsense"), "/c/" + open_token, std::string("/c/https%3A%2F%2Fevil")}) {
        const auto response = ask(path);
        EXPECT_EQ(response.status, 404) << path;
        EXPECT_FALSE(response.headers.has("Location"));
        EXPECT_FALSE(response.headers.has("Set-Cookie"));
    }
    EXPECT_TRUE(intake.told.empty());
}

TEST_F(TrackingRoutesTest, RecordsAProbeAsAProbeAndRefusesTheRest) {
    ask(pixel_path(), Method::head);
    ASSERT_EQ(intake.told.size(), 1U);
    EXPECT_EQ(intake.told[0].second.method, "HEAD");
    for (const auto method : {Method::post, Method::put, Method::del, Method::patch})
        EXPECT_EQ(ask(pixel_path(), method).status, 405);
    EXPECT_EQ(ask(pixel_path(), Method::options).status, 204);
    EXPECT_EQ(intake.told.size(), 1U);
}

TEST_F(TrackingRoutesTest, TellsWhatComesFromTheSendersOwnAddress) {
    const auto pixel = token(TrackingToken::Kind::open);
    const auto path = "/o/" + seal_token(sealer, pixel) + ".gif";
    const auto before = ask(path);
    EXPECT_FALSE(intake.told.back().second.from_sender_address);
    run(noted(pixel.account, "203.0.113.77"));
    const auto after = ask(path);
    EXPECT_TRUE(intake.told.back().second.from_sender_address);
    EXPECT_EQ(lines_of(before), lines_of(after));
    EXPECT_EQ(before.body, after.body);
    ask(pixel_path());
    EXPECT_FALSE(intake.told.back().second.from_sender_address) << "of another account";
}

TEST_F(TrackingRoutesTest, TellsThatTheSenderWasInGmailALittleBefore) {
    const auto pixel = token(TrackingToken::Kind::open);
    const auto path = "/o/" + seal_token(sealer, pixel) + ".gif";
    ask(path);
    EXPECT_FALSE(intake.told.back().second.sender_in_gmail);
    traces.note_in_gmail(pixel.account);
    ask(path);
    EXPECT_TRUE(intake.told.back().second.sender_in_gmail);
    ask(pixel_path());
    EXPECT_FALSE(intake.told.back().second.sender_in_gmail) << "of another account";
}

TEST_F(TrackingRoutesTest, KeepsOnlyTheHeadersThatRulesLookAt) {
    Fields headers;
    headers.add("User-Agent", std::string(5'000, 'a'));
    headers.add("sec-purpose", "prefetch");
    headers.add("Sec-Fetch-User", "?1");
    headers.add("Cookie", "session=secret");
    headers.add("Referer", "https://mail.example/inbox");
    headers.add("Accept-Language", "de");
    headers.add("X-Forwarded-For", "198.51.100.1");
    ask(pixel_path(), Method::get, std::move(headers));
    const auto& event = intake.told.at(0).second;
    EXPECT_LE(event.user_agent.size(), 1'024U);
    EXPECT_EQ(event.address, "203.0.113.77") << "what the server says, not the client";
    EXPECT_EQ(event.headers, (std::vector<std::pair<std::string, std::string>>{{"Sec-Purpose", "prefetch"},
                                                                               {"Sec-Fetch-User", "?1"}}));
}

}  // namespace
}  // namespace inboxpro::http
