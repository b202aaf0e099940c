#include "http/api/notice_routes.h"

#include <gmock/gmock.h>

#include "http/api/app_world.h"

namespace inboxpro::http {
namespace {

using namespace std::chrono_literals;
using testing::AppWorld;
using testing::run;

/// Ann, whose mail is late or whose account Google shut out.
struct NoticesOfAnn : ::testing::Test {
    Response ask(Method method, std::string path, std::vector<std::pair<std::string, std::string>> query = {}) {
        auto request = AppWorld::by_token(method, std::move(path), token);
        request.query = std::move(query);
        return world.ask(std::move(request));
    }
    boost::json::array listed() {
        const auto answer = ask(Method::get, "/api/v1/notices");
        EXPECT_EQ(answer.status, 200) << answer.body;
        return AppWorld::json_of(answer).at("items").as_array();
    }
    MessageId submit() {
        Submission letter;
        letter.mail.to = {{.address = "bob@example.org"}};
        letter.mail.subject = "Offer";
        letter.mail.text = "Here it is.";
        return run(world.outbox.submit(ann.id, std::move(letter)))->message.id;
    }
    void work() {
        for (auto& send : run(world.outbox.due(10)).value()) ASSERT_TRUE(run(world.outbox.advance(std::move(send))));
    }
    void tell_of_two_late_mails_and_the_grant() {
        submit(), submit();
        world.clock.advance(kLateAfter);
        work();
        world.clock.advance(1s);
        submit();
        world.google.withdraw(ann.google_subject);
        world.access.forget(ann.id);
        work();
    }

    AppWorld world;
    Account ann = world.activated();
    Secret token = world.token_of(ann);
};

TEST_F(NoticesOfAnn, SayWhatHappenedAndWhatToDo) {
    EXPECT_TRUE(listed().empty());
    const auto id = submit();
    world.clock.advance(kLateAfter);
    work();
    const auto all = listed();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].at("code").as_string(), "late");
    EXPECT_EQ(all[0].at("message_id").as_string(), id.text());
    EXPECT_TRUE(all[0].at("message").as_string().starts_with("It could not go out"));
    EXPECT_TRUE(all[0].at("what_to_do").as_string().starts_with("Send it now"));
    EXPECT_EQ(ask(Method::post, "/api/v1/messages/" + id.text() + "/send-now").status, 200);
    EXPECT_TRUE(listed().empty()) << "its writer saw to it";
}

TEST_F(NoticesOfAnn, AreDismissedOneByOneOrByKind) {
    tell_of_two_late_mails_and_the_grant();
    auto all = listed();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].at("code").as_string(), "reconnect");
    EXPECT_FALSE(all[0].as_object().contains("message_id"));
    const std::string late(all[1].at("id").as_string());
    EXPECT_EQ(ask(Method::del, "/api/v1/notices/" + late).status, 204);
    EXPECT_EQ(listed().size(), 2U);
    EXPECT_EQ(ask(Method::del, "/api/v1/notices", {{"code", "late"}}).status, 204);
    all = listed();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].at("code").as_string(), "reconnect");
    EXPECT_EQ(ask(Method::del, "/api/v1/notices").status, 204);
    EXPECT_TRUE(listed().empty());
    EXPECT_EQ(ask(Method::del, "/api/v1/notices/nonsense").status, 404);
}

TEST_F(NoticesOfAnn, ComeInPages) {
    tell_of_two_late_mails_and_the_grant();
    const auto first = AppWorld::json_of(ask(Method::get, "/api/v1/notices", {{"limit", "2"}}));
    EXPECT_EQ(first.at("items").as_array().size(), 2U);
    const std::string next(first.at("next").as_string());
    const auto rest = AppWorld::json_of(ask(Method::get, "/api/v1/notices", {{"limit", "2"}, {"after", next}}));
    EXPECT_EQ(rest.at("items").as_array().size(), 1U);
    EXPECT_FALSE(rest.contains("next"));
}

TEST_F(NoticesOfAnn, AreNobodyElses) {
    tell_of_two_late_mails_and_the_grant();
    const std::string id(listed().at(0).at("id").as_string());
    const auto other = world.token_of(world.activated({.subject = "2002", .email = "ben@example.com", .name = "Ben"}));
    EXPECT_EQ(AppWorld::json_of(world.ask(AppWorld::by_token(Method::get, "/api/v1/notices", other))).at("items"),
              boost::json::array{});
    EXPECT_EQ(world.ask(AppWorld::by_token(Method::del, "/api/v1/notices/" + id, other)).status, 404);
    auto behind = AppWorld::by_token(Method::get, "/api/v1/notices", other);
    behind.query = {{"after", id}};
    EXPECT_EQ(world.ask(std::move(behind)).status, 404);
    EXPECT_EQ(listed().size(), 3U);
}

/// Reads a stream; after the first piece something happens, and a piece with `wanted` in it ends it.
struct Reader final : BodyStream {
    Task<bool> write(std::string piece) override {
        read += piece;
        if (!std::exchange(begun, true)) happens();
        co_return !piece.contains(wanted);
    }
    std::string read, wanted;
    std::function<void()> happens;
    bool begun = false;
};

TEST_F(NoticesOfAnn, ComeOverTheFeedAsTheyHappenAndOnce) {
    submit();
    world.clock.advance(kLateAfter);
    work();  // Told before anybody listened: that is in the list.
    const auto answer = ask(Method::get, "/api/v1/feed");
    ASSERT_TRUE(answer.stream);
    Reader reader;
    reader.wanted = "event: notice";
    reader.happens = [&] {
        submit();
        world.clock.advance(kLateAfter);
        work();
    };
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(run(AppWorld::ended(answer.stream(reader))));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s) << "told at once, not at the next heartbeat";
    const auto first = reader.read.find("event: notice");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(reader.read.find("event: notice", first + 1), std::string::npos);
    EXPECT_TRUE(reader.read.contains(R"("code":"late")"));
}

}  // namespace
}  // namespace inboxpro::http
