#include "http/pages/privacy_routes.h"

#include <gmock/gmock.h>

#include "http/api/app_world.h"
#include "tracking/recount.h"

namespace inboxpro::http {
namespace {

using namespace std::chrono_literals;
using testing::AppWorld;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::run;

/// The recipients of mail that Ann sends, tracked.
class RecipientsOfAnn : public ::testing::Test {
  protected:
    RecipientsOfAnn() {
        ann_.tracking_mode = TrackingMode::on;
        ann_ = run(world_.accounts.update(ann_)).value();
    }

    Submitted sent(const std::vector<std::string>& to, bool html = true) {
        Submission letter;
        for (const auto& address : to) letter.mail.to.push_back({.address = address});
        letter.mail.subject = "Offer";
        (html ? letter.mail.html : letter.mail.text) = "<p>See <a href=\"https://example.org/offer\">our offer</a></p>";
        const auto submitted = run(world_.outbox.submit(ann_.id, std::move(letter)));
        EXPECT_TRUE(submitted) << submitted.error().detail;
        world_.clock.advance(1min);
        return *submitted;
    }
    std::vector<Bytes> drafts() {
        std::vector<Bytes> all;
        for (const auto& [id, draft] : world_.google.mailbox(testing::Person{}.subject).drafts)
            all.push_back(draft.raw);
        return all;
    }
    Bytes draft_of(const Submitted& submitted) {
        return world_.google.mailbox(testing::Person{}.subject).drafts.at(submitted.send.draft_id).raw;
    }
    /// The path of the first URL that begins so. Long lines of bodies and header fields are put together again.
    static std::string path_in(Bytes mail, std::string_view start) {
        for (const std::string_view fold : {"=\r\n", "\r\n "})
            for (auto at = mail.find(fold); at != Bytes::npos; at = mail.find(fold)) mail.erase(at, fold.size());
        auto at = mail.find(start);
        if (at == Bytes::npos) return {};
        at += std::string_view("https://t.example").size();
        return mail.substr(at, mail.find_first_of(" \"\r\n", at) - at);
    }
    static std::string privacy_in(const Bytes& mail) { return path_in(mail, "https://t.example/privacy/"); }
    Response get(std::string path) {
        Request request{.path = std::move(path)};
        if (const auto question = request.path.find("?done="); question != std::string::npos) {
            request.query.emplace_back("done", request.path.substr(question + 6));
            request.path.resize(question);
        }
        return world_.ask(std::move(request));
    }
    Response post(std::string path, std::string body, std::string origin = "https://t.example") {
        Request request{.method = Method::post, .path = std::move(path), .body = std::move(body)};
        request.client_ip = "203.0.113.9";
        if (!origin.empty()) request.headers.add("Origin", std::move(origin));
        if (!request.body.empty()) request.headers.add("Content-Type", "application/x-www-form-urlencoded");
        return world_.ask(std::move(request));
    }
    /// Follows the link that is mailed to the recipient.
    std::string proof_for(const std::string& page, const std::string& address = {}) {
        const auto before = drafts();
        EXPECT_EQ(post(page, "action=link&address=" + address).status, 303);
        for (const auto& draft : drafts())
            if (std::ranges::find(before, draft) == before.end()) return path_in(draft, "https://t.example/privacy/");
        return {};
    }
    void opened(const Submitted& submitted) {
        Event event{.id = EventId::make(world_.clock.now(), world_.random),
                    .account = ann_.id,
                    .message = submitted.message.id,
                    .recipient = std::uint16_t{0}};
        event.at = world_.clock.now();
        event.address = "198.51.100.0";
        event.user_agent = "<script>alert(1)</script>";
        const Verdict verdict{.label = Label::human, .rule = "named-client", .reasons = {"a browser"}};
        ASSERT_TRUE(
            run(world_.documents.insert(kEvents, document_of(JudgedEvent{event, verdict}, outside_the_intake()))));
        ASSERT_TRUE(run(recount(world_.documents, ann_.id, submitted.message.id)));
    }
    std::size_t events_of(const Submitted& submitted) {
        return run(world_.events.of_message(ann_.id, submitted.message.id, 100, {}))->size();
    }

    AppWorld world_;
    Account ann_ = world_.activated();
};

TEST_F(RecipientsOfAnn, ObjectByOneButtonAndAreNotTrackedAgain) {
    const auto page = privacy_in(draft_of(sent({"bob@example.org"})));
    ASSERT_TRUE(page.starts_with("/privacy/"));
    const auto before = get(page);
    EXPECT_EQ(before.status, 200);
    EXPECT_THAT(before.body, HasSubstr("This mail is tracked"));
    EXPECT_TRUE(world_.objections.empty()) << "GET changes nothing";
    const auto answer = post(page, "action=object");
    EXPECT_EQ(answer.status, 303);
    EXPECT_THAT(get(std::string(answer.headers.get("Location"))).body, HasSubstr("You are not tracked"));
    const auto next = sent({"Bob@Example.org"});
    EXPECT_EQ(next.message.not_tracked_because, "opted_out");
    EXPECT_THAT(draft_of(next), Not(HasSubstr("t.example")));
    EXPECT_EQ(sent({"carl@example.org"}).message.not_tracked_because, "");
}

TEST_F(RecipientsOfAnn, AreShownAsOptedOutInMailThatWentOutBefore) {
    const auto silent = sent({"bob@example.org"});
    const auto read = sent({"bob@example.org", "carl@example.org"});
    opened(read);
    const auto session = world_.session_of(ann_);
    const auto shown = [&](const Submitted& mail) {
        return AppWorld::json_of(
            world_.ask(AppWorld::by_session(Method::get, "/api/v1/messages/" + mail.message.id.text(), session)));
    };
    EXPECT_EQ(shown(silent).at("tracking"), boost::json::parse(R"({"opens":true,"clicks":true})"));
    const auto before = shown(read);
    EXPECT_EQ(before.at("status"), "read");
    EXPECT_EQ(post(privacy_in(draft_of(silent)), "action=object").status, 303);
    const auto opted_out = boost::json::parse(R"({"opens":false,"clicks":false,"not_tracked_because":"opted_out"})");
    EXPECT_EQ(shown(silent).at("tracking"), opted_out);
    EXPECT_EQ(shown(silent).at("status"), "none");
    auto after = shown(read);
    EXPECT_EQ(after.at("tracking"), opted_out) << "of a common mail nobody can say who reads it";
    after["tracking"] = before.at("tracking");
    EXPECT_EQ(after, before) << "what was seen before stays";
    EXPECT_EQ(events_of(read), 1U);
    const auto list = AppWorld::json_of(world_.ask(AppWorld::by_session(Method::get, "/api/v1/messages", session)));
    for (const auto& item : list.at("items").as_array()) EXPECT_EQ(item.at("tracking"), opted_out);
    EXPECT_TRUE(shown(sent({"carl@example.org"})).at("tracking").at("opens").as_bool());
}

TEST_F(RecipientsOfAnn, ObjectFromAPixelOrALinkTooAndWithoutABrowser) {
    const auto mail = draft_of(sent({"bob@example.org"}));
    auto pixel = path_in(mail, "https://t.example/o/").substr(3);
    pixel.resize(pixel.find(".gif"));
    EXPECT_EQ(get("/privacy/" + pixel).status, 200);
    EXPECT_EQ(post("/privacy/" + path_in(mail, "https://t.example/c/").substr(3), "", "").status, 303);
    EXPECT_TRUE(world_.objections.holds(world_.objections.person("bob@example.org")));
}

TEST_F(RecipientsOfAnn, OfACommonMailSilenceThatMail) {
    const auto mail = sent({"bob@example.org", "carl@example.org"});
    const auto page = privacy_in(draft_of(mail));
    EXPECT_THAT(get(page).body, HasSubstr("went to several people"));
    EXPECT_EQ(post(page, "action=object").status, 303);
    EXPECT_TRUE(world_.objections.holds(mail.message.id.raw));
    EXPECT_THAT(get(page).body, HasSubstr("You are not tracked"));
    EXPECT_EQ(sent({"bob@example.org"}).message.not_tracked_because, "") << "who objected is not known";
}

TEST_F(RecipientsOfAnn, SeeTakeAlongAndEraseWhatIsStored) {
    const auto mail = sent({"bob@example.org"});
    opened(mail);
    const auto page = privacy_in(draft_of(mail));
    const auto proof = proof_for(page);
    ASSERT_TRUE(proof.starts_with("/privacy/"));
    EXPECT_NE(proof, page);

    const auto shown = get(proof);
    EXPECT_EQ(shown.status, 200);
    EXPECT_THAT(shown.body, HasSubstr("198.51.100.0"));
    EXPECT_THAT(shown.body, HasSubstr("by a person, as far as can be told"));
    EXPECT_THAT(shown.body, Not(HasSubstr("<script>")));
    const auto file = get(proof + "/export");
    EXPECT_THAT(file.headers.get("Content-Disposition"), HasSubstr("attachment"));
    EXPECT_EQ(boost::json::parse(file.body).at("mails").as_array().size(), 2U) << "the mail, and the one with the link";

    EXPECT_THAT(get(std::string(post(proof, "action=erase").headers.get("Location"))).body, HasSubstr("tick the box"));
    EXPECT_EQ(events_of(mail), 1U);
    EXPECT_THAT(get(std::string(post(proof, "action=erase&sure=yes").headers.get("Location"))).body,
                HasSubstr("was erased"));
    EXPECT_EQ(events_of(mail), 0U);
    EXPECT_EQ(run(world_.messages.get(ann_.id, mail.message.id))->recipients[0].address, "");
    EXPECT_EQ(boost::json::parse(get(proof + "/export").body).at("mails").as_array().size(), 0U);
    EXPECT_EQ(sent({"bob@example.org"}).message.not_tracked_because, "opted_out");
}

TEST_F(RecipientsOfAnn, GetTheirLinkByUntrackedMailThatSaysNothingElse) {
    const auto page = privacy_in(draft_of(sent({"bob@example.org"})));
    const auto before = drafts();
    post(page, "action=link");
    for (const auto& draft : drafts()) {
        if (std::ranges::find(before, draft) != before.end()) continue;
        EXPECT_THAT(draft, HasSubstr("To: bob@example.org"));
        EXPECT_THAT(draft, Not(HasSubstr("/o/")));
        EXPECT_THAT(draft, Not(HasSubstr("X-InboxPro-Privacy")));
    }
    EXPECT_EQ(drafts().size(), before.size() + 1);
}

TEST_F(RecipientsOfAnn, LearnNothingOfOthers) {
    const auto page = privacy_in(draft_of(sent({"bob@example.org", "carl@example.org"})));
    EXPECT_EQ(get(page).body.find("bob@"), std::string::npos);
    const auto before = drafts().size();
    const auto stranger = post(page, "action=link&address=eve%40example.org");
    EXPECT_EQ(drafts().size(), before);
    const auto known = post(page, "action=link&address=Bob%40example.org");
    EXPECT_EQ(drafts().size(), before + 1);
    EXPECT_EQ(stranger.status, known.status);
    EXPECT_EQ(stranger.headers.get("Location"), known.headers.get("Location"));
    EXPECT_EQ(stranger.body, known.body);
    EXPECT_EQ(get(page + "/export").status, 404) << "a link in a mail proves no mailbox";
}

TEST_F(RecipientsOfAnn, OfAnotherAccountAreAnotherFile) {
    const auto ben = world_.activated({.subject = "1002", .email = "ben@example.com", .name = "Ben"});
    Message bens{
        .id = MessageId::make(world_.clock.now(), world_.random), .account = ben.id, .created_at = world_.clock.now()};
    bens.recipients = {{.address = "bob@example.org"}};
    ASSERT_TRUE(run(world_.consents.prepare(ben, bens)));
    ASSERT_TRUE(run(world_.messages.add(bens)));
    const auto proof = proof_for(privacy_in(draft_of(sent({"bob@example.org"}))));
    EXPECT_THAT(get(proof + "/export").body, Not(HasSubstr(bens.id.text())));
    post(proof, "action=erase&sure=yes");
    EXPECT_EQ(run(world_.messages.get(ben.id, bens.id))->recipients[0].address, "bob@example.org");
}

TEST_F(RecipientsOfAnn, AreMailedThreeLinksADayAndToldTheSameAfterwards) {
    const auto page = privacy_in(draft_of(sent({"bob@example.org"})));
    const auto before = drafts().size();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(post(page, "action=link").headers.get("Location"), page + "?done=mailed");
    EXPECT_EQ(drafts().size(), before + 3);
    world_.clock.advance(24h);
    post(page, "action=link");
    EXPECT_EQ(drafts().size(), before + 4);
}

TEST_F(RecipientsOfAnn, AreSafeFromOtherSitesAndFromFloods) {
    const auto page = privacy_in(draft_of(sent({"bob@example.org"})));
    for (const auto* origin : {"https://evil.example", "null"})
        EXPECT_EQ(post(page, "action=object", origin).status, 403);
    EXPECT_EQ(post(page, "action=dance").status, 400);
    EXPECT_TRUE(world_.objections.empty());
    Response last;
    for (int i = 0; i < 70; ++i) last = post("/privacy/nonsense", "action=object");
    EXPECT_EQ(last.status, 429);
    EXPECT_EQ(last.headers.get("Retry-After"), "600");
    world_.clock.advance(10min);
    EXPECT_EQ(post(page, "action=object").status, 303);
}

TEST_F(RecipientsOfAnn, GetPagesThatNobodyKeepsOrFinds) {
    const auto page = privacy_in(draft_of(sent({"bob@example.org"})));
    const auto proof = proof_for(page);
    for (const auto& path : {page, proof, std::string("/privacy/nonsense")}) {
        const auto answer = get(path);
        EXPECT_EQ(answer.headers.get("Cache-Control"), "no-store") << path;
        EXPECT_THAT(answer.headers.get("Content-Security-Policy"), HasSubstr("default-src 'none'"));
        EXPECT_THAT(answer.headers.get("Content-Security-Policy"), Not(HasSubstr("unsafe")));
        EXPECT_EQ(answer.headers.get("X-Robots-Tag"), "noindex, nofollow");
        EXPECT_FALSE(answer.headers.has("Set-Cookie"));
        EXPECT_THAT(answer.body, Not(HasSubstr("<script")));
    }
    EXPECT_EQ(get("/privacy/nonsense").status, 404);
    world_.clock.advance(1h);
    EXPECT_EQ(get(proof).status, 410);
    EXPECT_EQ(get(proof + "/export").status, 404);
}

TEST_F(RecipientsOfAnn, SeeTheWayToObjectInTheMailWhereItsAccountWantsThat) {
    const auto plain = draft_of(sent({"bob@example.org"}));
    EXPECT_THAT(plain, Not(HasSubstr("I do not want that")));
    ann_.shows_opt_out = true;
    ann_ = run(world_.accounts.update(ann_)).value();
    EXPECT_THAT(draft_of(sent({"bob@example.org"})), HasSubstr("I do not want that"));
    EXPECT_THAT(draft_of(sent({"bob@example.org"}, false)), Not(HasSubstr("I do not want that")))
        << "it is not tracked";
}

TEST(RateLimits, AreCountedForEachKeyAndForgottenWithTime) {
    RateLimit limit(2, 10s, 3);
    const SteadyPoint now{};
    EXPECT_TRUE(limit.admit("a", now));
    EXPECT_TRUE(limit.admit("a", now));
    EXPECT_FALSE(limit.admit("a", now + 9s));
    EXPECT_TRUE(limit.admit("b", now + 9s));
    EXPECT_TRUE(limit.admit("a", now + 10s));
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(limit.admit(std::to_string(i), now)) << "many keys shut nobody out";
}

}  // namespace
}  // namespace inboxpro::http
