#include "sandbox/control/faults.h"

#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

struct FaultKinds : ::testing::Test, Visitor {
    std::string access = token(kModify);

    void set_fault(const json::object& fault) {
        const auto answer = post("/_sandbox/faults", json::array{fault});
        ASSERT_EQ(answer.status, 200) << answer.body;
    }
    json::object create_draft() {
        const json::object body{{"message", raw(mail("grace@sandbox.example"))}};
        return object(post("/gmail/v1/users/me/drafts", body, access));
    }
    http::Response read_draft(const json::object& draft) {
        return get("/gmail/v1/users/me/drafts/" + text(draft, "/id"), access);
    }
    http::Response profile() { return get("/gmail/v1/users/me/profile", access); }
    std::size_t delivered() { return object(get("/_sandbox/deliveries")).at("items").as_array().size(); }
    double figure(const std::string& name) {
        return object(get("/_sandbox/faults")).at("items").at(0).at(name).to_number<double>();
    }
};

TEST_F(FaultKinds, TheUserMayEditADraftJustThen) {
    const auto draft = create_draft();
    set_fault({{"api", "drafts"}, {"kind", "draft_edited"}});
    const auto edited = object(read_draft(draft));
    EXPECT_NE(text(edited, "/message/id"), text(draft, "/message/id"));
    EXPECT_EQ(text(edited, "/message/threadId"), text(draft, "/message/threadId"));
    set_fault({{"api", "drafts"}, {"kind", "draft_resubjected"}});
    const auto moved = object(read_draft(draft));
    EXPECT_NE(text(moved, "/message/threadId"), text(draft, "/message/threadId"));
    EXPECT_TRUE(json::serialize(moved).contains("Hello (changed)"));
}

TEST_F(FaultKinds, TheUserMaySendOrDeleteADraftJustThen) {
    const auto sent = create_draft(), erased = create_draft();
    const auto send = [&](const json::object& draft) {
        return post("/gmail/v1/users/me/drafts/send", json::object{{"id", text(draft, "/id")}}, access).status;
    };
    set_fault({{"kind", "draft_sent"}});
    EXPECT_EQ(send(sent), 404);
    EXPECT_EQ(delivered(), 1U);
    set_fault({{"kind", "draft_deleted"}});
    EXPECT_EQ(send(erased), 404);
    EXPECT_EQ(delivered(), 1U);
    EXPECT_EQ(figure("calls"), 1) << "only calls on a draft could be hit";
}

TEST_F(FaultKinds, HistoryLagsBehindAndExpires) {
    const auto start = text(object(profile()), "/historyId");
    const auto history = [&] { return get("/gmail/v1/users/me/history?startHistoryId=" + start, access); };
    set_fault({{"api", "gmail"}, {"kind", "history_lag"}, {"delay_ms", 5'000}});
    create_draft();
    EXPECT_FALSE(object(history()).contains("history"));
    EXPECT_EQ(text(object(history()), "/historyId"), start) << "so that the change is not lost";
    EXPECT_FALSE(object(get("/gmail/v1/users/me/messages", access)).contains("messages"));
    clock.advance(std::chrono::seconds{5});
    EXPECT_TRUE(object(history()).contains("history"));
    EXPECT_TRUE(object(get("/gmail/v1/users/me/messages", access)).contains("messages"));
    set_fault({{"kind", "history_expired"}});
    EXPECT_EQ(history().status, 404);
    post("/_sandbox/faults", json::array{});
    EXPECT_EQ(history().status, 200);
    EXPECT_EQ(post("/_sandbox/history/ada@sandbox.example/expire", {}).status, 200);
    EXPECT_EQ(history().status, 404);
}

TEST_F(FaultKinds, AnswersMayBeNoJsonThoughTheCallWorked) {
    const auto send = [&] {
        return post("/gmail/v1/users/me/messages/send", raw(mail("grace@sandbox.example")), access);
    };
    set_fault({{"api", "messages.send"}, {"kind", "malformed"}});
    for (int i = 0; i < 2; ++i) {
        const auto answer = send();
        boost::system::error_code failure;
        json::parse(answer.body, failure);
        EXPECT_EQ(answer.status, 200);
        EXPECT_TRUE(failure) << answer.body;
    }
    EXPECT_EQ(delivered(), 2U);
    set_fault({{"api", "messages.send"}, {"kind", "html"}});
    EXPECT_EQ(send().status, 502);
    EXPECT_TRUE(send().body.contains("<html>"));
    EXPECT_EQ(delivered(), 2U);
    set_fault({{"api", "messages.send"}, {"kind", "status"}, {"status", 500}, {"after_effect", true}});
    EXPECT_EQ(send().status, 500);
    EXPECT_EQ(delivered(), 3U);
}

TEST_F(FaultKinds, ScopesAndGrantsMayGo) {
    set_fault({{"api", "getProfile"}, {"kind", "scope_lost"}});
    EXPECT_TRUE(profile().body.contains("ACCESS_TOKEN_SCOPE_INSUFFICIENT"));
    set_fault({{"kind", "dead_grant"}});
    const auto dead = post_form("/token", {{"grant_type", "refresh_token"}, {"refresh_token", "x"}});
    EXPECT_EQ(dead.status, 400);
    EXPECT_EQ(text(object(dead), "/error"), "invalid_grant");
    EXPECT_FALSE(token(kModify).empty()) << "signing in again works";
    EXPECT_EQ(profile().status, 200);
}

TEST_F(FaultKinds, HoldFromAMomentToAnother) {
    set_fault({{"api", "getProfile"}, {"kind", "status"}, {"from", 10}, {"until", "2026-11-23T09:00:20Z"}});
    EXPECT_EQ(profile().status, 200);
    clock.advance(std::chrono::seconds{10});
    EXPECT_EQ(profile().status, 503);
    clock.advance(std::chrono::seconds{10});
    EXPECT_EQ(profile().status, 200);
    EXPECT_EQ(figure("calls"), 1);
    EXPECT_EQ(figure("hits"), 1);
}

TEST_F(FaultKinds, RateLimitsMayComeWithTheHeader) {
    set_fault({{"kind", "rate_limit"}, {"delay_ms", 1'500}});
    EXPECT_FALSE(profile().headers.has("Retry-After"));
    set_fault({{"kind", "rate_limit"}, {"delay_ms", 1'500}, {"retry_after", true}});
    EXPECT_EQ(profile().headers.get("Retry-After"), "2");
}

TEST_F(FaultKinds, CallsAreCountedByApiAndUser) {
    const auto last = text(object(get("/_sandbox/calls")), "/last");
    profile();
    create_draft();
    get("/gmail/v1/users/me/profile", "nonsense");
    const auto seen = object(get("/_sandbox/calls?since=" + last));
    ASSERT_EQ(seen.at("items").as_array().size(), 3U);
    EXPECT_EQ(text(seen, "/items/1/api"), "gmail.users.drafts.create");
    EXPECT_EQ(text(seen, "/items/1/user"), "ada@sandbox.example");
    EXPECT_EQ(seen.at("items").at(1).at("units").to_number<int>(), 10);
    EXPECT_EQ(seen.at("items").at(2).at("status").to_number<int>(), 401);
    EXPECT_EQ(text(seen, "/items/2/user"), "");
    const auto drafts = object(get("/_sandbox/calls?api=drafts&user=ada@sandbox.example"));
    EXPECT_EQ(drafts.at("counts").at(0).at("calls").to_number<int>(), 1);
    EXPECT_EQ(drafts.at("items").as_array().size(), 1U);
    clock.advance(std::chrono::seconds{1});
    profile();
    EXPECT_EQ(object(get("/_sandbox/calls?since=" + to_rfc3339(clock.now()))).at("items").as_array().size(), 1U);
}

}  // namespace
}  // namespace inboxpro::sandbox
