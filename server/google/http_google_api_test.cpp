#include "google/http_google_api.h"

#include <gtest/gtest.h>

#include "google/errors.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "testing/tiny_server.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::reply;
using testing::run;
using testing::TinyServer;

class GoogleOverHttp : public ::testing::Test {
  protected:
    std::string seen_;
    std::string reply_ = reply("200 OK", R"({"id":"r-1","message":{"id":"18d1","threadId":"18c0"}})");
    TinyServer server_{[this](std::string request) {
        seen_ = std::move(request);
        return reply_;
    }};
    testing::FakeClock clock_;
    HttpGoogleApi google_{
        GoogleEndpoints::at(server_.origin()), {.id = "client 1", .secret = Secret{"s&cret"}}, clock_};
};

TEST_F(GoogleOverHttp, PostsTheCodeWithItsVerifierAsAForm) {
    reply_ = reply("200 OK", R"({"access_token":"a","expires_in":10})");
    ASSERT_TRUE(run(google_.exchange_code("4/code", Secret{"verifier"}, "https://app.example/oauth/callback")));
    EXPECT_TRUE(seen_.starts_with("POST /token HTTP/1.1\r\n"));
    EXPECT_NE(seen_.find("Content-Type: application/x-www-form-urlencoded\r\n"), std::string::npos);
    EXPECT_TRUE(
        seen_.ends_with("\r\n\r\ngrant_type=authorization_code&code=4%2Fcode&code_verifier=verifier"
                        "&redirect_uri=https%3A%2F%2Fapp.example%2Foauth%2Fcallback"
                        "&client_id=client%201&client_secret=s%26cret"))
        << seen_;
}

TEST_F(GoogleOverHttp, UploadsADraftByteForByte) {
    const std::string raw = std::string("Subject: x\r\n\r\n\0\xff--boundary\r\n", 28);
    const auto draft = run(google_.create_draft(Secret{"ya29.a"}, raw, "18c0"));
    ASSERT_TRUE(draft);
    EXPECT_EQ(draft->draft_id, "r-1");
    EXPECT_TRUE(seen_.starts_with("POST /upload/gmail/v1/users/me/drafts?uploadType=multipart HTTP/1.1\r\n"));
    EXPECT_NE(seen_.find("Authorization: Bearer ya29.a\r\n"), std::string::npos);
    EXPECT_NE(seen_.find(R"({"message":{"threadId":"18c0"}})"), std::string::npos);
    EXPECT_NE(seen_.find("Content-Type: message/rfc822\r\n\r\n" + raw + "\r\n--"), std::string::npos);
}

TEST_F(GoogleOverHttp, PutsAnotherMailInADraftsPlace) {
    ASSERT_TRUE(run(google_.update_draft(Secret{"t"}, "r/1", "Subject: x\r\n\r\nnew", "18c0")));
    EXPECT_TRUE(seen_.starts_with("PUT /upload/gmail/v1/users/me/drafts/r%2F1?uploadType=multipart HTTP/1.1\r\n"));
    EXPECT_NE(seen_.find("Subject: x\r\n\r\nnew\r\n--"), std::string::npos);
}

TEST_F(GoogleOverHttp, CallsGmailAtGooglesOwnPaths) {
    ASSERT_TRUE(run(google_.get_draft(Secret{"t"}, "r/1")));
    EXPECT_TRUE(seen_.starts_with("GET /gmail/v1/users/me/drafts/r%2F1?format=minimal HTTP/1.1\r\n"));
    ASSERT_TRUE(run(google_.send_draft(Secret{"t"}, "r-1")));
    EXPECT_TRUE(seen_.starts_with("POST /gmail/v1/users/me/drafts/send HTTP/1.1\r\n"));
    EXPECT_TRUE(seen_.ends_with(R"({"id":"r-1"})"));
    ASSERT_TRUE(run(google_.message_metadata(Secret{"t"}, "18d1", {"Message-ID", "X-A"})));
    EXPECT_TRUE(seen_.starts_with(
        "GET /gmail/v1/users/me/messages/18d1?format=metadata&metadataHeaders=Message-ID&metadataHeaders=X-A HTTP"));
    reply_ = reply("200 OK", R"({"historyId":"13"})");
    ASSERT_TRUE(run(google_.history(Secret{"t"}, 12, "p&2")));
    EXPECT_TRUE(
        seen_.starts_with("GET /gmail/v1/users/me/history?startHistoryId=12"
                          "&maxResults=500&pageToken=p%262 HTTP"));
    ASSERT_TRUE(run(google_.send_as_addresses(Secret{"t"})));
    EXPECT_TRUE(seen_.starts_with("GET /gmail/v1/users/me/settings/sendAs HTTP"));
    ASSERT_TRUE(run(google_.messages(Secret{"t"}, "SENT", "7")));
    EXPECT_TRUE(seen_.starts_with("GET /gmail/v1/users/me/messages?labelIds=SENT&maxResults=500&pageToken=7 HTTP"));
    reply_ = reply("200 OK", R"({"historyId":"9","expiration":"1795424400000"})");
    const auto watch = run(google_.watch(Secret{"t"}, "projects/p/topics/t"));
    EXPECT_EQ(watch->history_id, 9U);
    EXPECT_EQ(to_rfc3339(watch->expires_at), "2026-11-23T09:00:00.000Z");
    EXPECT_TRUE(seen_.starts_with("POST /gmail/v1/users/me/watch HTTP/1.1\r\n"));
    EXPECT_TRUE(seen_.ends_with(R"({"topicName":"projects/p/topics/t"})"));
    reply_ = "HTTP/1.1 204 No Content\r\n\r\n";
    ASSERT_TRUE(run(google_.stop_watch(Secret{"t"})));
    EXPECT_TRUE(seen_.starts_with("POST /gmail/v1/users/me/stop HTTP"));
    reply_ = reply("200 OK", R"({"drafts":[{"id":"r-2","message":{"id":"18d2","threadId":"18d2"}},{"x":1}]})");
    const auto drafts = run(google_.drafts(Secret{"t"})).value();
    ASSERT_EQ(drafts.size(), 1U);
    EXPECT_EQ(drafts.front().message_id, "18d2");
    EXPECT_TRUE(seen_.starts_with("GET /gmail/v1/users/me/drafts?maxResults=50 HTTP"));
    ASSERT_TRUE(run(google_.delete_draft(Secret{"t"}, "r-1")));
    EXPECT_TRUE(seen_.starts_with("DELETE /gmail/v1/users/me/drafts/r-1 HTTP"));
}

TEST_F(GoogleOverHttp, CallsCalendarAtGooglesOwnPaths) {
    const auto nine = *from_rfc3339("2026-11-23T09:00:00Z");
    reply_ = reply("200 OK", R"({"id":"abc12","resourceId":"r","value":"Europe/Berlin"})");
    const NewEvent event{.id = "abc12",
                         .summary = "Call",
                         .start = {.at = nine, .time_zone = "Europe/Berlin"},
                         .end = {.at = nine + 30min},
                         .attendees = {{.address = "b@example.org"}},
                         .private_properties = {{"booking", "7"}},
                         .meet_request = "m1"};
    using Notify = EventOptions::Notify;
    ASSERT_TRUE(
        run(google_.insert_event(Secret{"t"}, "a+b@x", event, {.notify = Notify::all_guests, .with_meet = true})));
    EXPECT_TRUE(seen_.starts_with(
        "POST /calendar/v3/calendars/a%2Bb%40x/events?sendUpdates=all&conferenceDataVersion=1 HTTP/1.1\r\n"));
    for (const auto* part :
         {R"("id":"abc12")", R"("start":{"dateTime":"2026-11-23T09:00:00.000Z","timeZone":"Europe/Berlin"})",
          R"("attendees":[{"email":"b@example.org","responseStatus":"needsAction"}])",
          R"("extendedProperties":{"private":{"booking":"7"}})",
          R"("conferenceData":{"createRequest":{"requestId":"m1","conferenceSolutionKey":{"type":"hangoutsMeet"}}})"})
        EXPECT_NE(seen_.find(part), std::string::npos) << part << seen_;
    ASSERT_TRUE(run(google_.get_event(Secret{"t"}, "primary", "abc12")));
    EXPECT_TRUE(seen_.starts_with("GET /calendar/v3/calendars/primary/events/abc12 HTTP"));
    ASSERT_TRUE(run(google_.patch_event(Secret{"t"}, "primary", "abc12", {.summary = "New", .if_etag = "\"3\""}, {})));
    EXPECT_TRUE(seen_.starts_with(
        "PATCH /calendar/v3/calendars/primary/events/abc12?sendUpdates=none&conferenceDataVersion=0 HTTP"));
    EXPECT_NE(seen_.find("If-Match: \"3\"\r\n"), std::string::npos);
    EXPECT_TRUE(seen_.ends_with(R"({"summary":"New"})")) << "what is absent stays";
    ASSERT_TRUE(run(google_.events(Secret{"t"}, "primary", {.from = nine, .private_property = {{"booking", "7"}}})));
    EXPECT_TRUE(
        seen_.starts_with("GET /calendar/v3/calendars/primary/events?singleEvents=true&maxResults=2500"
                          "&timeMin=2026-11-23T09%3A00%3A00.000Z&privateExtendedProperty=booking%3D7 HTTP"))
        << seen_;
    ASSERT_TRUE(run(google_.events(Secret{"t"}, "primary", {.sync_token = "s=", .from = nine, .page = "p"})));
    EXPECT_TRUE(
        seen_.starts_with("GET /calendar/v3/calendars/primary/events?singleEvents=true&maxResults=2500"
                          "&syncToken=s%3D&pageToken=p HTTP"));
    ASSERT_TRUE(run(google_.watch_events(Secret{"t"}, "primary", {.id = "ch", .address = "https://a.example/n"})));
    EXPECT_TRUE(
        seen_.ends_with(R"({"id":"ch","type":"web_hook","address":"https://a.example/n","params":{"ttl":"604800"}})"));
    EXPECT_EQ(run(google_.time_zone(Secret{"t"})), "Europe/Berlin");
    EXPECT_TRUE(seen_.starts_with("GET /calendar/v3/users/me/settings/timezone HTTP"));
    ASSERT_TRUE(run(google_.calendars(Secret{"t"}, "p2")));
    EXPECT_TRUE(seen_.starts_with("GET /calendar/v3/users/me/calendarList?maxResults=250&pageToken=p2 HTTP"));
    reply_ = "HTTP/1.1 204 No Content\r\n\r\n";
    ASSERT_TRUE(run(google_.delete_event(Secret{"t"}, "primary", "abc12", Notify::external_guests)));
    EXPECT_TRUE(seen_.starts_with("DELETE /calendar/v3/calendars/primary/events/abc12?sendUpdates=externalOnly HTTP"));
    ASSERT_TRUE(run(google_.stop_channel(Secret{"t"}, {.id = "ch", .resource_id = "r"})));
    EXPECT_TRUE(seen_.starts_with("POST /calendar/v3/channels/stop HTTP"));
    EXPECT_TRUE(seen_.ends_with(R"({"id":"ch","resourceId":"r"})"));
}

TEST_F(GoogleOverHttp, AsksWhenCalendarsAreBusy) {
    const auto nine = *from_rfc3339("2026-11-23T09:00:00Z");
    reply_ = reply("200 OK", R"({"calendars":{"a":{"busy":[]}}})");
    const auto times = run(google_.free_busy(Secret{"t"}, {"a", "b"}, {nine, nine + 1h})).value();
    EXPECT_TRUE(times.at("a")->empty());
    EXPECT_FALSE(times.at("b"));
    EXPECT_TRUE(seen_.starts_with("POST /calendar/v3/freeBusy HTTP"));
    EXPECT_NE(seen_.find(R"("items":[{"id":"a"},{"id":"b"}])"), std::string::npos);
}

TEST_F(GoogleOverHttp, KnowsWhatWasMadeAndDeletedBefore) {
    const auto refusal = [](int code, std::string_view status, std::string_view reason) {
        return reply(status, fmt::format(R"({{"error":{{"code":{},"errors":[{{"reason":"{}"}}]}}}})", code, reason));
    };
    reply_ = refusal(409, "409 Conflict", "duplicate");
    EXPECT_EQ(run(google_.insert_event(Secret{"t"}, "primary", {.id = "abc12"}, {})).error().kind, ErrorKind::conflict);
    reply_ = refusal(410, "410 Gone", "deleted");
    EXPECT_TRUE(run(google_.delete_event(Secret{"t"}, "primary", "abc12", {})));
    reply_ = refusal(404, "404 Not Found", "notFound");
    EXPECT_EQ(run(google_.delete_event(Secret{"t"}, "primary", "abc12", {})).error().kind, ErrorKind::not_found);
    reply_ = reply("410 Gone", "<html>a proxy</html>");
    EXPECT_EQ(run(google_.delete_event(Secret{"t"}, "primary", "abc12", {})).error().kind, ErrorKind::unavailable);
    reply_ = refusal(410, "410 Gone", "fullSyncRequired");
    EXPECT_EQ(run(google_.events(Secret{"t"}, "primary", {.sync_token = "old"})).error().kind, ErrorKind::not_found);
}

TEST_F(GoogleOverHttp, CallsPeopleAtGooglesOwnPaths) {
    reply_ = reply("200 OK", R"({"resourceName":"people/c1"})");
    const auto fields = std::string("names%2CemailAddresses%2Cmetadata");
    ASSERT_TRUE(run(google_.create_contact(Secret{"t"}, {.given_name = "Ben", .addresses = {"b@example.org"}})));
    EXPECT_TRUE(seen_.starts_with("POST /v1/people:createContact?personFields=" + fields + " HTTP"));
    EXPECT_TRUE(seen_.ends_with(R"({"names":[{"givenName":"Ben"}],"emailAddresses":[{"value":"b@example.org"}]})"));
    ASSERT_TRUE(run(google_.contacts(Secret{"t"}, "s 1", "p1")));
    EXPECT_TRUE(seen_.starts_with("GET /v1/people/me/connections?personFields=" + fields +
                                  "&pageSize=1000&requestSyncToken=true&syncToken=s%201&pageToken=p1 HTTP"));
    ASSERT_TRUE(run(google_.search_contacts(Secret{"t"}, "")));
    EXPECT_TRUE(seen_.starts_with("GET /v1/people:searchContacts?query=&pageSize=30&readMask=" + fields));
    ASSERT_TRUE(run(google_.search_other_contacts(Secret{"t"}, "be")));
    EXPECT_TRUE(seen_.starts_with("GET /v1/otherContacts:search?query=be&pageSize=30&readMask=" + fields));
    ASSERT_TRUE(run(google_.copy_other_contact(Secret{"t"}, "otherContacts/c2")));
    EXPECT_TRUE(seen_.starts_with("POST /v1/otherContacts/c2:copyOtherContactToMyContactsGroup HTTP"));
    EXPECT_EQ(run(google_.copy_other_contact(Secret{"t"}, "people/c2")).error().kind, ErrorKind::invalid);
}

TEST_F(GoogleOverHttp, RepeatsNothing) {
    reply_ = reply("503 Service Unavailable", R"({"error":{"code":503,"errors":[{"reason":"backendError"}]}})");
    int requests = 0;
    TinyServer failing([&](const std::string&) {
        ++requests;
        return reply_;
    });
    HttpGoogleApi google(GoogleEndpoints::at(failing.origin()), {.id = "c", .secret = Secret{"s"}}, clock_);
    EXPECT_EQ(run(google.send_draft(Secret{"t"}, "r-1")).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(run(google.refresh(Secret{"r"})).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(run(google.insert_event(Secret{"t"}, "primary", {.id = "abc12"}, {})).error().kind,
              ErrorKind::unavailable);
    EXPECT_EQ(run(google.create_contact(Secret{"t"}, {})).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(run(google.profile(Secret{"t"})).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(requests, 5);
}

TEST_F(GoogleOverHttp, WaitsForEachKindOfCallAsLongAsItIsGiven) {
    EXPECT_EQ(GoogleDeadlines{}.send, 60s);
    TinyServer silent([](const std::string&) { return std::string(); });
    const GoogleDeadlines deadlines{.call = 20ms, .send = 200ms, .upload = 100ms};
    HttpGoogleApi google(GoogleEndpoints::at(silent.origin()), {.id = "c", .secret = Secret{"s"}}, clock_, deadlines);
    const auto took = [](auto call) {
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_EQ(run(call()).error().kind, ErrorKind::unavailable);
        return std::chrono::steady_clock::now() - begun;
    };
    EXPECT_GE(took([&] { return google.profile(Secret{"t"}); }), 20ms);
    EXPECT_GE(took([&] { return google.create_draft(Secret{"t"}, "x", {}); }), 100ms);
    EXPECT_GE(took([&] { return google.send_draft(Secret{"t"}, "r-1"); }), 200ms);
}

TEST_F(GoogleOverHttp, TurnsRefusalsIntoErrors) {
    reply_ = reply("429 Too Many Requests", R"({"error":{"code":429,"errors":[{"reason":"rateLimitExceeded"}]}})",
                   "Retry-After: 30\r\n");
    EXPECT_EQ(run(google_.profile(Secret{"t"})).error().retry_after, 30s);
    reply_ = reply("400 Bad Request", R"({"error":"invalid_grant"})");
    EXPECT_EQ(run(google_.refresh(Secret{"t"})).error().detail, "invalid_grant");
}

}  // namespace
}  // namespace inboxpro
