#include "sandbox/gmail/mail.h"
#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

constexpr const char* kAda = "ada@sandbox.example";
constexpr const char* kGrace = "grace@sandbox.example";
const std::string kCalendars = "/calendar/v3/calendars/";

struct CalendarEvents : ::testing::Test, Visitor {
    const std::string scope = "https://www.googleapis.com/auth/calendar";
    std::string as_ada = token(scope);
    std::string as_grace = token(scope, kGrace);

    json::object meeting(json::object more = {}) {
        json::object event{{"summary", "Plan"},
                           {"start", {{"dateTime", "2026-12-01T10:00:00+01:00"}, {"timeZone", "Europe/Berlin"}}},
                           {"end", {{"dateTime", "2026-12-01T11:00:00+01:00"}, {"timeZone", "Europe/Berlin"}}}};
        for (const auto& [name, value] : more) event[name] = value;
        return event;
    }
    http::Response insert(const json::object& event, const std::string& query = "",
                          const std::string& calendar = "primary") {
        return post(kCalendars + calendar + "/events" + query, event, as_ada);
    }
    http::Response patch(const std::string& id, const json::object& change, const std::string& access,
                         const std::string& query = "") {
        return call(http::Method::patch, kCalendars + "primary/events/" + id + query, json::serialize(change),
                    "application/json", access);
    }
    json::object event(const std::string& id, const std::string& access) {
        const auto answer = get(kCalendars + "primary/events/" + id, access);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return object(answer);
    }
    static std::string reason(const http::Response& answer) { return text(object(answer), "/error/errors/0/reason"); }
    json::array deliveries() { return object(get("/_sandbox/deliveries")).at("items").as_array(); }
};

/// The calendar part of a delivered mail.
std::string calendar_text(const json::value& delivery) {
    const auto raw = from_base64url(std::string(delivery.at("raw").as_string())).value();
    const auto root = gmail::read_parts(raw);
    const auto* part =
        gmail::find_part(root, [](const gmail::Part& each) { return each.media_type == "text/calendar"; });
    return part == nullptr ? "" : part->content;
}

TEST_F(CalendarEvents, AnInvitationReachesCalendarAndMailboxOfTheGuest) {
    const json::array guests{json::object{{"email", kGrace}}, json::object{{"email", "max@elsewhere.example"}}};
    const auto inserted = insert(meeting({{"id", "meeting1"}, {"attendees", guests}}), "?sendUpdates=all");
    ASSERT_EQ(inserted.status, 200) << inserted.body;
    const auto copy = event("meeting1", as_grace);
    EXPECT_EQ(text(copy, "/iCalUID"), text(object(inserted), "/iCalUID"));
    EXPECT_EQ(text(copy, "/attendees/0/responseStatus"), "needsAction");
    EXPECT_TRUE(copy.at("attendees").at(0).at("self").as_bool());
    ASSERT_EQ(deliveries().size(), 2U);
    const auto mail = calendar_text(deliveries().at(0));
    for (const char* line : {"METHOD:REQUEST", "UID:meeting1@google.com", "DTSTART:20261201T090000Z", "SUMMARY:Plan"})
        EXPECT_TRUE(mail.contains(line)) << line << "\n" << mail;

    const auto id = text(object(get("/gmail/v1/users/me/messages", token(kModify, kGrace))), "/messages/0/id");
    EXPECT_FALSE(id.empty());
}

TEST_F(CalendarEvents, AnAnswerReachesTheOrganizerAndChangesReachTheGuest) {
    const json::array guests{json::object{{"email", kGrace}}};
    ASSERT_EQ(insert(meeting({{"id", "meeting1"}, {"attendees", guests}})).status, 200);
    EXPECT_TRUE(deliveries().empty());
    const json::array answer{json::object{{"email", kGrace}, {"responseStatus", "accepted"}}};
    ASSERT_EQ(patch("meeting1", {{"attendees", answer}, {"colorId", "3"}}, as_grace, "?sendUpdates=all").status, 200);
    EXPECT_EQ(text(event("meeting1", as_ada), "/attendees/0/responseStatus"), "accepted");
    EXPECT_FALSE(event("meeting1", as_ada).contains("colorId"));
    EXPECT_TRUE(calendar_text(deliveries().at(0)).contains("METHOD:REPLY"));

    EXPECT_EQ(reason(patch("meeting1", {{"summary", "Mine"}}, as_grace)), "forbiddenForNonOrganizer");
    ASSERT_EQ(patch("meeting1", {{"summary", "Moved"}}, as_ada, "?sendUpdates=all").status, 200);
    EXPECT_EQ(text(event("meeting1", as_grace), "/summary"), "Moved");
    EXPECT_EQ(text(event("meeting1", as_grace), "/colorId"), "3");
    const auto path = kCalendars + "primary/events/meeting1?sendUpdates=all";
    ASSERT_EQ(call(http::Method::del, path, "", "", as_ada).status, 204);
    EXPECT_EQ(text(event("meeting1", as_grace), "/status"), "cancelled");
    EXPECT_TRUE(calendar_text(deliveries().at(2)).contains("METHOD:CANCEL"));
}

TEST_F(CalendarEvents, AGuestWhoDeletesTheCopyDeclines) {
    const json::array guests{json::object{{"email", kGrace}}};
    ASSERT_EQ(insert(meeting({{"id", "meeting1"}, {"attendees", guests}})).status, 200);
    ASSERT_EQ(call(http::Method::del, kCalendars + "primary/events/meeting1", "", "", as_grace).status, 204);
    EXPECT_EQ(text(event("meeting1", as_ada), "/attendees/0/responseStatus"), "declined");
    ASSERT_EQ(patch("meeting1", {{"summary", "Again"}}, as_ada).status, 200);
    EXPECT_EQ(text(event("meeting1", as_grace), "/status"), "cancelled");
}

TEST_F(CalendarEvents, ASeriesIsSentWithItsRuleAndZone) {
    const json::object series = meeting({{"id", "series"},
                                         {"recurrence", json::array{"RRULE:FREQ=WEEKLY;COUNT=3"}},
                                         {"attendees", json::array{json::object{{"email", kGrace}}}}});
    ASSERT_EQ(insert(series, "?sendUpdates=all").status, 200);
    const auto mail = calendar_text(deliveries().at(0));
    for (const char* line : {"BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20261201T100000",
                             "RRULE:FREQ=WEEKLY;COUNT=3"})
        EXPECT_TRUE(mail.contains(line)) << line << "\n" << mail;
    ASSERT_EQ(patch("series_20261208T090000Z", {{"summary", "Other"}}, as_ada).status, 200);
    EXPECT_EQ(text(event("series_20261208T090000Z", as_grace), "/summary"), "Other");
    EXPECT_EQ(text(event("series_20261215T090000Z", as_grace), "/summary"), "Plan");
    EXPECT_EQ(get(kCalendars + "primary/events/series_20261209T090000Z", as_ada).status, 404);
}

TEST_F(CalendarEvents, ANewTimeDropsTheInstancesThatNoLongerExist) {
    ASSERT_EQ(insert(meeting({{"id", "series"}, {"recurrence", json::array{"RRULE:FREQ=WEEKLY;COUNT=3"}}})).status,
              200);
    ASSERT_EQ(patch("series_20261208T090000Z", {{"summary", "Other"}}, as_ada).status, 200);
    ASSERT_EQ(patch("series",
                    {{"start", {{"dateTime", "2026-12-01T12:00:00+01:00"}}},
                     {"end", {{"dateTime", "2026-12-01T13:00:00+01:00"}}}},
                    as_ada)
                  .status,
              200);
    const auto list = object(get(kCalendars + "primary/events?singleEvents=true&orderBy=startTime", as_ada));
    EXPECT_EQ(list.at("items").as_array().size(), 3U);
    EXPECT_EQ(text(list, "/items/1/start/dateTime"), "2026-12-08T11:00:00Z");
    EXPECT_EQ(text(list, "/items/1/summary"), "Plan");
}

TEST_F(CalendarEvents, SecretsStayWithWritersAndTheUnsharedStaysUnknown) {
    ASSERT_EQ(insert(meeting({{"id", "secret"}, {"visibility", "private"}})).status, 200);
    const auto read = [&] { return get(kCalendars + "ada%40sandbox.example/events/secret", as_grace); };
    EXPECT_EQ(read().status, 404);
    const auto share = [&](const char* role) {
        post("/_sandbox/calendars", {{"owner", kAda},
                                     {"id", kAda},
                                     {"access", json::array{json::object{{"address", kGrace}, {"role", role}}}}});
    };
    share("reader");
    EXPECT_FALSE(object(read()).contains("summary"));
    EXPECT_EQ(reason(call(http::Method::patch, kCalendars + "ada%40sandbox.example/events/secret", "{}",
                          "application/json", as_grace)),
              "requiredAccessLevel");
    share("writer");
    EXPECT_EQ(text(object(read()), "/summary"), "Plan");
}

TEST_F(CalendarEvents, TooManyInvitationsInADayAreRefusedBeforeAnythingHappens) {
    post("/_sandbox/calendar/quota", {{"invitations_per_day", 1}});
    const json::array guests{json::object{{"email", kGrace}}, json::object{{"email", "linus@other.example"}}};
    const auto refused = insert(meeting({{"id", "meeting1"}, {"attendees", guests}}), "?sendUpdates=all");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(reason(refused), "quotaExceeded");
    EXPECT_EQ(get(kCalendars + "primary/events/meeting1", as_ada).status, 404);
    EXPECT_EQ(insert(meeting({{"id", "meeting1"}, {"attendees", guests}})).status, 200);
}

TEST_F(CalendarEvents, FaultsSpeakTheOlderManner) {
    post("/_sandbox/faults",
         json::array{json::object{{"api", "calendar.events"}, {"kind", "status"}, {"status", 503}}});
    const auto failed = insert(meeting());
    EXPECT_EQ(failed.status, 503);
    EXPECT_FALSE(object(failed).at("error").as_object().contains("status"));
    post("/_sandbox/faults", json::array{json::object{{"api", "calendar.events"}, {"kind", "rate_limit"}}});
    EXPECT_EQ(text(object(insert(meeting())), "/error/message"), "Rate Limit Exceeded");
}

TEST_F(CalendarEvents, SyncTokensLiveForAWeek) {
    const auto list = object(get(kCalendars + "primary/events", as_ada));
    const auto path = kCalendars + "primary/events?syncToken=" + text(list, "/nextSyncToken");
    EXPECT_EQ(get(path, as_ada).status, 200);
    post("/_sandbox/clock", {{"advance_seconds", 7 * 24 * 3'600 + 1}});
    const auto expired = get(path, token(scope));
    EXPECT_EQ(expired.status, 410);
    EXPECT_EQ(reason(expired), "fullSyncRequired");
}

TEST_F(CalendarEvents, OtherCalendarsAreMadeByControl) {
    const auto make = [&](json::object more) {
        json::object wish{{"owner", kAda}, {"id", "team@group.example"}};
        for (const auto& [name, value] : more) wish[name] = value;
        return post("/_sandbox/calendars", wish).status;
    };
    EXPECT_EQ(make({{"summary", "Team"}, {"time_zone", "Asia/Tokyo"}}), 201);
    EXPECT_EQ(make({{"owner", kGrace}}), 409);
    EXPECT_EQ(make({{"owner", "nobody@sandbox.example"}}), 422);
    EXPECT_EQ(make({{"time_zone", "Mars/Base"}}), 422);
    EXPECT_EQ(make({{"access", json::array{json::object{{"address", kGrace}, {"role", "emperor"}}}}}), 422);
    EXPECT_EQ(object(get("/_sandbox/calendars")).at("items").as_array().size(), 4U);
    const auto made = object(post("/_sandbox/calendars", {{"owner", kGrace}, {"summary", "Own"}}));
    EXPECT_TRUE(text(made, "/id").ends_with("@group.calendar.google.com"));
    const auto inserted = object(insert(meeting(), "", "team%40group.example"));
    EXPECT_EQ(text(inserted, "/organizer/displayName"), "Team");
    EXPECT_EQ(text(inserted, "/start/dateTime"), "2026-12-01T18:00:00+09:00");
}

TEST_F(CalendarEvents, AGuestWhoMayModifyChangesTheEventForAll) {
    const json::array guests{json::object{{"email", kGrace}}};
    const auto shared = meeting({{"id", "meeting1"}, {"attendees", guests}, {"guestsCanModify", true}});
    ASSERT_EQ(insert(shared).status, 200);
    ASSERT_EQ(patch("meeting1", {{"summary", "Better"}, {"colorId", "5"}}, as_grace).status, 200);
    EXPECT_EQ(text(event("meeting1", as_ada), "/summary"), "Better");
    EXPECT_FALSE(event("meeting1", as_ada).contains("colorId"));
}

TEST_F(CalendarEvents, AGuestMayInviteOthersUnlessTheOrganizerForbidsIt) {
    const json::array guests{json::object{{"email", kGrace}}};
    const json::array more{guests.at(0), json::object{{"email", "linus@other.example"}}};
    ASSERT_EQ(insert(meeting({{"id", "meeting1"}, {"attendees", guests}})).status, 200);
    ASSERT_EQ(patch("meeting1", {{"attendees", more}}, as_grace).status, 200);
    EXPECT_EQ(event("meeting1", as_ada).at("attendees").as_array().size(), 2U);
    EXPECT_EQ(text(event("meeting1", token(scope, "linus@other.example")), "/summary"), "Plan");
    ASSERT_EQ(patch("meeting1", {{"guestsCanInviteOthers", false}}, as_ada).status, 200);
    const json::array yet_more{more.at(0), more.at(1), json::object{{"email", "max@elsewhere.example"}}};
    EXPECT_EQ(reason(patch("meeting1", {{"attendees", yet_more}}, as_grace)), "forbiddenForNonOrganizer");
}

}  // namespace
}  // namespace inboxpro::sandbox
