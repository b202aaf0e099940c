#include "http/api/message_routes.h"

#include <gmock/gmock.h>

#include "http/api/app_world.h"

namespace inboxpro::http {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using testing::AppWorld;
using testing::run;

class MailOfAnn : public ::testing::Test {
  protected:
    Response ask(Method method, std::string path, const object& body = {}) {
        Request request = AppWorld::by_token(method, std::move(path), token_, boost::json::serialize(body));
        if (const auto question = request.path.find('?'); question != std::string::npos) {
            const auto parameter = request.path.substr(question + 1);
            const auto equals = parameter.find('=');
            request.query.emplace_back(parameter.substr(0, equals), parameter.substr(equals + 1));
            request.path.resize(question);
        }
        return world_.ask(std::move(request));
    }
    Response post(object timing) {
        timing["to"] = boost::json::array{"bob@example.org"};
        timing["subject"] = "Offer";
        timing["html"] = "<p>Here it is</p>";
        return ask(Method::post, "/api/v1/messages", timing);
    }
    object posted(object timing) {
        const auto answer = post(std::move(timing));
        EXPECT_EQ(answer.status, 202) << answer.body;
        return AppWorld::json_of(answer);
    }
    static std::string text(const object& from, std::string_view name) {
        const auto* value = from.if_contains(name);
        return value == nullptr ? "" : std::string(value->as_string());
    }
    static std::string field_of(const Response& response) {
        EXPECT_EQ(response.status, 422) << response.body;
        return text(AppWorld::json_of(response).at("error").as_object(), "field");
    }
    void work() {
        for (auto& send : run(world_.outbox.due(10)).value()) ASSERT_TRUE(run(world_.outbox.advance(std::move(send))));
    }

    AppWorld world_;
    Account ann_ = world_.activated();
    Secret token_ = world_.token_of(ann_);
};

TEST_F(MailOfAnn, GoesOutAtOnceUnlessItIsToldOtherwise) {
    EXPECT_EQ(text(posted({}), "state"), "scheduled");
    const auto undo = posted({{"undo_seconds", 10}});
    EXPECT_EQ(text(undo, "state"), "undo");
    EXPECT_EQ(text(undo, "send_at"), "2026-11-23T09:00:10.000Z");
}

TEST_F(MailOfAnn, WaitsForAnInstantOrForAClockOnAWall) {
    const auto instant = posted({{"send_at", "2026-11-24T10:00:00+01:00"}});
    EXPECT_EQ(text(instant, "send_at"), "2026-11-24T09:00:00.000Z");
    EXPECT_EQ(text(instant, "time_zone"), "");
    const auto wall = posted({{"send_at", "2026-11-24T10:00"}, {"time_zone", "America/New_York"}});
    EXPECT_EQ(text(wall, "send_at"), "2026-11-24T15:00:00.000Z");
    EXPECT_EQ(text(wall, "local_time"), "2026-11-24T10:00:00");
    const auto both = posted({{"send_at", "2026-11-24T15:00:00Z"}, {"time_zone", "America/New_York"}});
    EXPECT_EQ(text(both, "local_time"), "2026-11-24T10:00:00");
    const auto second_time = posted({{"send_at", "2027-10-31T01:30:00Z"}, {"time_zone", "Europe/Berlin"}});
    EXPECT_EQ(text(second_time, "send_at"), "2027-10-31T01:30:00.000Z");
    EXPECT_EQ(text(second_time, "local_time"), "") << "half past two for the second time has no name of its own";
}

TEST_F(MailOfAnn, IsRefusedWithTheFieldThatIsWrong) {
    EXPECT_EQ(field_of(post({{"send_at", "tomorrow"}})), "send_at");
    EXPECT_EQ(field_of(post({{"send_at", "2026-11-22T09:00:00Z"}})), "send_at");
    EXPECT_EQ(field_of(post({{"send_at", "2026-11-24T09:00"}})), "time_zone");
    EXPECT_EQ(field_of(post({{"send_at", "2026-11-24T09:00"}, {"time_zone", "Berlin"}})), "time_zone");
    EXPECT_EQ(field_of(post({{"time_zone", "Europe/Berlin"}})), "send_at");
    EXPECT_EQ(field_of(post({{"undo_seconds", 3}})), "undo_seconds");
    EXPECT_EQ(field_of(post({{"undo_seconds", 31}})), "undo_seconds");
    EXPECT_EQ(field_of(post({{"undo_seconds", "10"}})), "undo_seconds");
    EXPECT_EQ(world_.google.calls(testing::ScriptedGoogle::Call::create_draft), 0);
}

TEST_F(MailOfAnn, IsListedWhileItIsOnItsWayTheFirstToGoOutFirst) {
    const auto late = text(posted({{"send_at", "2026-11-26T09:00:00Z"}}), "id");
    const auto soon = text(posted({{"send_at", "2026-11-25T09:00:00Z"}}), "id");
    posted({});
    work();
    const auto items = AppWorld::json_of(ask(Method::get, "/api/v1/messages?waiting=true")).at("items").as_array();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(text(items[0].as_object(), "id"), soon);
    EXPECT_EQ(text(items[1].as_object(), "id"), late);
    EXPECT_EQ(text(items[0].as_object(), "send_at"), "2026-11-25T09:00:00.000Z");
    EXPECT_EQ(field_of(ask(Method::get, "/api/v1/messages?waiting=no")), "waiting");
}

TEST_F(MailOfAnn, IsGivenAnotherTimeSentNowOrTakenBack) {
    const auto id = text(posted({{"send_at", "2026-11-25T09:00:00Z"}}), "id");
    const auto path = "/api/v1/messages/" + id;
    const auto moved = ask(Method::patch, path, {{"send_at", "2026-11-27T08:00"}, {"time_zone", "Europe/Berlin"}});
    ASSERT_EQ(moved.status, 200) << moved.body;
    EXPECT_EQ(text(AppWorld::json_of(moved), "send_at"), "2026-11-27T07:00:00.000Z");
    EXPECT_EQ(field_of(ask(Method::patch, path)), "send_at");
    EXPECT_EQ(field_of(ask(Method::patch, path, {{"subject", "Other"}})), "to");
    EXPECT_EQ(field_of(ask(Method::patch, path, {{"send_at", "2020-01-01T00:00:00Z"}})), "send_at");
    ASSERT_EQ(ask(Method::post, path + "/send-now").status, 200);
    work();
    EXPECT_EQ(text(AppWorld::json_of(ask(Method::get, path)), "state"), "sent");
    EXPECT_EQ(ask(Method::patch, path, {{"send_at", "2026-11-27T08:00:00Z"}}).status, 409);
    EXPECT_EQ(ask(Method::post, path + "/cancel").status, 409);
}

TEST_F(MailOfAnn, TellsFromItsLedgerWhatWasMeantAndWhatCameOfIt) {
    const auto id = text(posted({}), "id");
    work();
    const auto items =
        AppWorld::json_of(ask(Method::get, "/api/v1/messages/" + id + "/attempts")).at("items").as_array();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(text(items[0].as_object(), "word"), "intent");
    EXPECT_EQ(text(items[1].as_object(), "word"), "sent");
    EXPECT_EQ(ask(Method::get, "/api/v1/messages/01jdc2m0x4t9v6q8r2z5w7y3ke/attempts").status, 404);
}

TEST_F(MailOfAnn, BelongsToHerAlone) {
    const auto id = text(posted({{"send_at", "2026-11-25T09:00:00Z"}}), "id");
    token_ = world_.token_of(world_.activated({.subject = "2002", .email = "ben@example.com", .name = "Ben"}));
    EXPECT_TRUE(AppWorld::json_of(ask(Method::get, "/api/v1/messages?waiting=true")).at("items").as_array().empty());
    const auto path = "/api/v1/messages/" + id;
    EXPECT_EQ(ask(Method::patch, path, {{"send_at", "2026-11-27T08:00:00Z"}}).status, 404);
    EXPECT_EQ(ask(Method::get, path + "/attempts").status, 404);
}

TEST_F(MailOfAnn, FollowsTheSettingsOfHerAccount) {
    auto shown = AppWorld::json_of(ask(Method::get, "/api/v1/account"));
    EXPECT_EQ(shown.at("undo_seconds").as_int64(), 10);
    EXPECT_EQ(shown.at("late_after_minutes").as_int64(), 60);
    shown = AppWorld::json_of(ask(Method::patch, "/api/v1/account", {{"undo_seconds", 30}, {"late_after_minutes", 5}}));
    EXPECT_EQ(shown.at("undo_seconds").as_int64(), 30);
    EXPECT_EQ(run(world_.accounts.get(ann_.id))->late_after, 5min);
    for (const int wrong : {-1, 4, 31})
        EXPECT_EQ(field_of(ask(Method::patch, "/api/v1/account", {{"undo_seconds", wrong}})), "undo_seconds");
    EXPECT_EQ(field_of(ask(Method::patch, "/api/v1/account", {{"late_after_minutes", 1}})), "late_after_minutes");
    EXPECT_EQ(run(world_.accounts.get(ann_.id))->undo, 30s);
}

TEST_F(MailOfAnn, IsHeldToHoursAndToALimitThatHerAccountSets) {
    const auto set = ask(Method::patch, "/api/v1/account",
                         {{"sending",
                           {{"time_zone", "Europe/Berlin"},
                            {"hours", {{{"weekdays", {"tuesday", "friday"}}, {"from", "09:00"}, {"until", "24:00"}}}},
                            {"daily_limit", 1}}}});
    ASSERT_EQ(set.status, 200) << set.body;
    const auto sending = AppWorld::json_of(set).at("sending").as_object();
    EXPECT_EQ(boost::json::serialize(sending.at("hours")),
              R"([{"weekdays":["tuesday","friday"],"from":"09:00","until":"24:00"}])");
    EXPECT_EQ(sending.at("daily_limit").as_int64(), 1);
    EXPECT_EQ(sending.at("most_a_day").as_int64(), 1'600);

    const auto held = posted({{"in_hours", true}});  // Monday, 09:00 UTC.
    EXPECT_EQ(text(held, "send_at"), "2026-11-24T08:00:00.000Z");
    EXPECT_TRUE(held.at("in_hours").as_bool());
    EXPECT_EQ(text(held.at("put_off").as_object(), "message"),
              "Outside of your sending hours: goes out on Tuesday, 24 November, 09:00.");
    EXPECT_FALSE(posted({}).contains("put_off"));
    const auto over = posted({});
    EXPECT_EQ(text(over, "send_at"), "2026-11-27T08:00:00.000Z");
    const auto why = over.at("put_off").as_object();
    EXPECT_EQ(text(why, "because"), "daily_limit");
    EXPECT_EQ(text(why, "from"), "2026-11-23T09:00:00.000Z");
    EXPECT_EQ(text(why, "message"),
              "Over the limit of 1 mails a day: goes out on Friday, 27 November, 09:00, or soon after.");
    EXPECT_EQ(ask(Method::post, "/api/v1/messages/" + text(over, "id") + "/send-now").status, 409);
    const auto queue = AppWorld::json_of(ask(Method::get, "/api/v1/messages?waiting=true"));
    EXPECT_TRUE(queue.at("items").as_array().at(2).as_object().contains("put_off"));
}

TEST_F(MailOfAnn, KeepsSendingRulesThatAChangeLeavesOutAndNamesWhatIsWrong) {
    const auto change = [&](object sending) {
        return ask(Method::patch, "/api/v1/account", {{"sending", std::move(sending)}});
    };
    const auto hours = [](const char* from, const char* until) {
        return object{{"hours", {{{"weekdays", {"monday"}}, {"from", from}, {"until", until}}}}};
    };
    EXPECT_EQ(change(hours("09:00", "17:00")).status, 200);
    EXPECT_EQ(change({{"daily_limit", 7}}).status, 200);
    const auto kept = AppWorld::json_of(ask(Method::get, "/api/v1/account")).at("sending").as_object();
    EXPECT_EQ(kept.at("hours").as_array().size(), 1U);
    EXPECT_EQ(kept.at("daily_limit").as_int64(), 7);
    EXPECT_EQ(field_of(change({{"time_zone", "Berlin"}})), "sending.time_zone");
    EXPECT_EQ(field_of(change({{"daily_limit", 0}})), "sending.daily_limit");
    EXPECT_EQ(field_of(change(hours("17:00", "09:00"))), "sending.hours.until");
    EXPECT_EQ(field_of(change(hours("9", "17:00"))), "sending.hours.from");
    EXPECT_EQ(field_of(change({{"hours", {{{"weekdays", {"someday"}}, {"from", "09:00"}, {"until", "17:00"}}}}})),
              "sending.hours.weekdays");
    EXPECT_EQ(field_of(change({{"limit", 1}})), "sending.limit");
}

TEST_F(MailOfAnn, SaysSomethingElseAfterAChangeThatHoldsTheWholeMail) {
    const auto id = text(posted({{"send_at", "2026-11-25T09:00:00Z"}}), "id");
    const auto path = "/api/v1/messages/" + id;
    const object whole{{"to", {"carol@example.org"}}, {"subject", "New"}, {"text", "Changed."}};
    auto with_time = whole;
    with_time["send_at"] = "2026-11-26T09:00:00Z";
    const auto changed = ask(Method::patch, path, with_time);
    ASSERT_EQ(changed.status, 200) << changed.body;
    const auto shown = AppWorld::json_of(changed);
    EXPECT_EQ(text(shown, "send_at"), "2026-11-26T09:00:00.000Z");
    EXPECT_EQ(text(shown.at("recipients").as_array().at(0).as_object(), "address"), "carol@example.org");
    for (const auto* name : {"to", "subject"}) {
        auto part = whole;
        part.erase(name);
        EXPECT_EQ(field_of(ask(Method::patch, path, part)), name);
    }
    EXPECT_EQ(field_of(ask(Method::patch, path, {{"to", {"x@example.org"}}, {"subject", "S"}})), "html");
    EXPECT_EQ(field_of(ask(Method::patch, path, {{"undo_seconds", 5}})), "undo_seconds");
    world_.clock.advance(72h);
    work();
    const auto late = ask(Method::patch, path, whole);
    EXPECT_EQ(late.status, 409) << late.body;
}

/// The same request with the same key, as a client repeats it whose answer was lost.
struct MailWithAKey : MailOfAnn {
    Response post_with_key(const char* key = "k1") {
        const object mail{{"to", {"bob@example.org"}}, {"subject", "Offer"}, {"text", "Here it is"}};
        auto request = AppWorld::by_token(Method::post, "/api/v1/messages", token_, boost::json::serialize(mail));
        request.headers.add("Idempotency-Key", key);
        return world_.ask(std::move(request));
    }
    /// Takes the answer out of the key's record, as if the process had ended before it was kept.
    void forget_the_answer() {
        const Query all{.index = "by_age", .equals = {}, .limit = 1};
        auto kept = run(world_.documents.find(kIdempotencyKeys, all)).value().at(0);
        kept.body.erase("status");
        kept.body.erase("response");
        run(world_.documents.replace(kIdempotencyKeys, std::move(kept))).value();
    }
};

TEST_F(MailWithAKey, IsTheSameMailWhenTheProcessEndedBeforeItsAnswerWasKept) {
    const auto first = AppWorld::json_of(post_with_key());
    forget_the_answer();
    const auto again = post_with_key();
    EXPECT_EQ(again.status, 202) << again.body;
    EXPECT_EQ(text(AppWorld::json_of(again), "id"), text(first, "id"));
    EXPECT_NE(text(AppWorld::json_of(post_with_key("k2")), "id"), text(first, "id"));
    EXPECT_EQ(run(world_.outbox.waiting(ann_.id, 10, {}))->size(), 2U);
}

TEST_F(MailWithAKey, IsTakenAnewAWhileAfterTheProcessEndedBeforeAnythingCameOfIt) {
    const auto id = MessageId::parse(text(AppWorld::json_of(post_with_key()), "id")).value();
    forget_the_answer();
    run(world_.sends.remove(ann_.id, id)).value();
    run(world_.messages.discard(ann_.id, id)).value();
    EXPECT_EQ(post_with_key().status, 409);
    world_.clock.advance(15min);
    const auto again = post_with_key();
    EXPECT_EQ(again.status, 202) << again.body;
    EXPECT_EQ(text(AppWorld::json_of(again), "id"), id.text());
    EXPECT_EQ(AppWorld::json_of(post_with_key()), AppWorld::json_of(again));
}

TEST_F(MailOfAnn, FollowsItsAccountsSendingRulesWhenTheyChange) {
    const auto send_at = [&](const std::string& id) {
        return text(AppWorld::json_of(ask(Method::get, "/api/v1/messages/" + id)), "send_at");
    };
    const auto choose = [&](int limit) {
        const auto answer = ask(Method::patch, "/api/v1/account", {{"sending", object{{"daily_limit", limit}}}});
        ASSERT_EQ(answer.status, 200) << answer.body;
        for (auto& replan : run(world_.outbox.replans_due(10)).value())
            ASSERT_TRUE(run(world_.outbox.replan(std::move(replan))));
    };
    choose(1);
    EXPECT_EQ(text(posted({{"send_at", "2026-11-23T15:00:00Z"}}), "send_at"), "2026-11-23T15:00:00.000Z");
    const auto second = text(posted({{"send_at", "2026-11-23T15:00:00Z"}}), "id");
    EXPECT_EQ(send_at(second), "2026-11-24T09:00:00.000Z");
    choose(2);
    EXPECT_EQ(send_at(second), "2026-11-23T15:00:00.000Z");
    choose(1);
    EXPECT_EQ(send_at(second), "2026-11-24T09:00:00.000Z");
    choose(1);
    EXPECT_TRUE(run(world_.outbox.replans_due(10))->empty());
    EXPECT_EQ(run(world_.accounts.get(ann_.id))->sending.generation, 3) << "what stays as it is plans nothing anew";
}

}  // namespace
}  // namespace inboxpro::http
