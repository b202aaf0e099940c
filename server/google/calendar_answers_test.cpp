#include "google/calendar_answers.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace inboxpro {
namespace {

const TimePoint kNine = *from_rfc3339("2026-11-23T09:00:00Z");

TEST(CalendarList, IsReadAsTheUserSeesIt) {
    const auto list = read_calendar_list(R"({"items":[
        {"id":"ann@example.com","summary":"ann@example.com","summaryOverride":"Work","primary":true,"accessRole":"owner",
         "timeZone":"Europe/Berlin","conferenceProperties":{"allowedConferenceSolutionTypes":["eventHangout","hangoutsMeet"]}},
        {"id":"b","summary":"Ben","accessRole":"freeBusyReader"}],"nextPageToken":"p2"})")
                          .value();
    ASSERT_EQ(list.calendars.size(), 2U);
    EXPECT_EQ(list.calendars[0].name, "Work");
    EXPECT_EQ(list.calendars[0].access, Calendar::Access::owner);
    EXPECT_TRUE(list.calendars[0].is_primary && list.calendars[0].can_meet);
    EXPECT_EQ(list.calendars[1].name, "Ben");
    EXPECT_EQ(list.calendars[1].access, Calendar::Access::free_busy_only);
    EXPECT_FALSE(list.calendars[1].is_primary || list.calendars[1].can_meet);
    EXPECT_EQ(list.next_page, "p2");
}

TEST(BusyTimesAnswer, KeepsErrorsApartFromFreedom) {
    const auto times = read_busy_times(R"({"calendars":{
        "a":{"busy":[{"start":"2026-11-23T11:00:00+01:00","end":"2026-11-23T12:00:00+01:00"},
                     {"start":"2026-11-23T09:00:00Z","end":"2026-11-23T10:00:00Z"}]},
        "b":{"errors":[{"domain":"global","reason":"notFound"}]},
        "c":{"errors":[{"domain":"global","reason":"internalError"}],"busy":[]},
        "d":{"busy":[]},
        "f":{"busy":[{"start":"soon","end":"later"}]}}})",
                                       {"a", "b", "c", "d", "e", "f"})
                           .value();
    EXPECT_EQ(times.at("a").value(), (std::vector<TimeSpan>{{kNine, kNine + std::chrono::hours{2}}}));
    EXPECT_EQ(times.at("b").error().kind, ErrorKind::not_found);
    EXPECT_EQ(times.at("c").error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(times.at("d")->empty());
    EXPECT_FALSE(times.at("e")) << "not in the answer";
    EXPECT_FALSE(times.at("f"));
    EXPECT_FALSE(read_busy_times("{}", {"a"})->at("a"));
}

TEST(Event, IsReadWithItsMeetLink) {
    const auto event = read_event(R"({"id":"abc12","etag":"\"3\"","status":"confirmed","summary":"Call",
        "start":{"dateTime":"2026-11-23T10:00:00+01:00","timeZone":"Europe/Berlin"},
        "end":{"dateTime":"2026-11-23T10:30:00+01:00","timeZone":"Europe/Berlin"},
        "attendees":[{"email":"b@example.org","displayName":"Ben","responseStatus":"accepted"},{"email":"c@example.org"}],
        "extendedProperties":{"private":{"booking":"7"}},"transparency":"transparent","updated":"2026-11-23T09:00:00.000Z",
        "hangoutLink":"https://meet.google.com/x","conferenceData":{"createRequest":{"status":{"statusCode":"success"}}}})")
                           .value();
    EXPECT_EQ(event.etag, "\"3\"");
    EXPECT_EQ(event.start, (EventTime{.at = kNine, .time_zone = "Europe/Berlin"}));
    EXPECT_EQ(event.attendees.at(0),
              (Attendee{.address = "b@example.org", .name = "Ben", .response = Attendee::Response::accepted}));
    EXPECT_EQ(event.attendees.at(1).response, Attendee::Response::needs_action);
    EXPECT_EQ(event.private_properties.at("booking"), "7");
    EXPECT_EQ(event.meet.state, MeetLink::State::ready);
    EXPECT_EQ(event.meet.url, "https://meet.google.com/x");
    EXPECT_FALSE(event.blocks_time);
    EXPECT_EQ(event.updated, kNine);
}

TEST(Event, SaysHowFarItsMeetLinkIs) {
    const auto with = [](std::string_view status) {
        return read_event(fmt::format(
                              R"({{"id":"a","conferenceData":{{"createRequest":{{"status":{{"statusCode":"{}"}}}}}}}})",
                              status))
            ->meet.state;
    };
    EXPECT_EQ(with("pending"), MeetLink::State::pending);
    EXPECT_EQ(with("failure"), MeetLink::State::failed);
    EXPECT_EQ(read_event(R"({"id":"a"})")->meet.state, MeetLink::State::none);
}

TEST(EventPageAnswer, HoldsDeletedEventsAndTheNextToken) {
    const auto page =
        read_event_page(R"({"items":[{"id":"a","status":"cancelled"},{"id":"b","start":{"date":"2026-11-23"}}],
        "nextSyncToken":"s","timeZone":"Europe/Berlin"})")
            .value();
    EXPECT_EQ(page.events.at(0).state, CalendarEvent::State::cancelled);
    EXPECT_EQ(page.events.at(1).start.date, "2026-11-23");
    EXPECT_EQ(page.sync_token, "s");
    EXPECT_EQ(page.time_zone, "Europe/Berlin");
}

TEST(CalendarAnswers, ThatCannotBeReadLeaveTheEffectUnknown) {
    for (const auto* junk : {"", "[]", "<html>", R"({"id":)", R"({"id":7})"}) {
        EXPECT_EQ(read_event(junk).error().kind, ErrorKind::unavailable) << junk;
        EXPECT_EQ(read_channel(junk).error().kind, ErrorKind::unavailable) << junk;
        EXPECT_EQ(read_setting(junk).error().kind, ErrorKind::unavailable) << junk;
    }
    EXPECT_TRUE(rc::check([](const std::string& text) { read_event_page(text), read_busy_times(text, {"a"}); }));
}

}  // namespace
}  // namespace inboxpro
