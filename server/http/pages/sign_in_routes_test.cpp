#include "http/pages/sign_in_routes.h"

#include <gmock/gmock.h>

#include "http/api/app_world.h"
#include "http/server/text.h"

namespace inboxpro::http {
namespace {

using namespace std::chrono_literals;
using testing::AppWorld;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Person;
using testing::run;
using ::testing::StartsWith;

constexpr auto* kAccepted = "tracking_mode=off&feature=sending&accepted=yes";

/// What a browser keeps of our cookies.
class Browser {
  public:
    void remember(const Response& response) {
        for (const auto& [name, value] : response.headers) {
            if (name != "Set-Cookie") continue;
            EXPECT_THAT(value, StartsWith("__Host-"));
            EXPECT_THAT(value, HasSubstr("; Path=/; Secure; HttpOnly; SameSite=Lax"));
            EXPECT_THAT(value, Not(HasSubstr("Domain")));
            const auto equals = value.find('=');
            const auto semicolon = value.find(';');
            cookies_[value.substr(0, equals)] = value.substr(equals + 1, semicolon - equals - 1);
            if (value.find("Max-Age=0") != std::string::npos) cookies_.erase(value.substr(0, equals));
        }
    }
    void add_to(Request& request) const {
        std::string all;
        for (const auto& [name, value] : cookies_) all += fmt::format("{}{}={}", all.empty() ? "" : "; ", name, value);
        if (!all.empty()) request.headers.add("Cookie", all);
    }
    std::string operator[](std::string_view name) const {
        const auto found = cookies_.find(std::string(name));
        return found == cookies_.end() ? "" : found->second;
    }
    bool has_session() const { return cookies_.contains(std::string(kSessionCookie)); }

  private:
    std::map<std::string, std::string> cookies_;
};

class Pages : public ::testing::Test {
  protected:
    Response get(std::string path, std::vector<std::pair<std::string, std::string>> query = {}) {
        Request request{.method = Method::get, .target = {}, .path = std::move(path), .query = std::move(query)};
        browser_.add_to(request);
        auto response = world_.ask(std::move(request));
        browser_.remember(response);
        return response;
    }
    Response post(std::string path, std::string form, std::string origin = "https://app.example",
                  std::string type = "application/x-www-form-urlencoded") {
        Request request{.method = Method::post, .target = {}, .path = std::move(path), .body = std::move(form)};
        if (!origin.empty()) request.headers.add("Origin", origin);
        if (!type.empty()) request.headers.add("Content-Type", type);
        browser_.add_to(request);
        auto response = world_.ask(std::move(request));
        browser_.remember(response);
        return response;
    }
    std::vector<std::pair<std::string, std::string>> agree(const Response& leaving, const Person& person = {},
                                                           std::set<std::string> unticked = {}) {
        const auto back = world_.google.consent(leaving.headers.get("Location"), person, std::move(unticked));
        return {
            {"code", back.code}, {"state", back.state}, {"scope", "openid"}, {"iss", "https://accounts.google.com"}};
    }
    /// Both steps of an activation.
    Response activate(const Person& person = {}) {
        return get("/oauth/callback", agree(post("/activate", kAccepted), person));
    }
    Response account() {
        return world_.ask(AppWorld::by_session(Method::get, "/api/v1/account", Secret{browser_[kSessionCookie]}));
    }
    void expect_refused(const Response& response, int status) {
        EXPECT_EQ(response.status, status);
        EXPECT_THAT(response.body, HasSubstr("request-1")) << "the page names the request";
        EXPECT_THAT(response.body, HasSubstr("class=\"button\"")) << "the page says what to do";
        EXPECT_FALSE(browser_.has_session());
        EXPECT_FALSE(run(world_.accounts.by_subject("1001")));
    }

    AppWorld world_;
    Browser browser_;
};

TEST_F(Pages, AreStrictAboutWhatBrowsersMayDo) {
    for (const auto* path : {"/activate", "/sign-in", "/terms", "/privacy-policy", "/oauth/callback"}) {
        const auto page = get(path);
        const std::string policy(page.headers.get("Content-Security-Policy"));
        EXPECT_THAT(policy, StartsWith("default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
                                       "frame-ancestors 'none'; form-action 'self'"));
        EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
        EXPECT_EQ(page.headers.get("Cache-Control"), "no-store");
        EXPECT_EQ(page.headers.get("Referrer-Policy"), "same-origin");
        for (const auto* inline_code : {"<script", "style=", " onclick", "javascript:", "http-equiv"})
            EXPECT_THAT(page.body, Not(HasSubstr(inline_code))) << path;
        EXPECT_THAT(page.body, Not(HasSubstr("{{"))) << path;
        EXPECT_THAT(page.body, HasSubstr("<html lang=\"en\">"));
    }
}

TEST_F(Pages, NameTheStyleSheetByItsContent) {
    EXPECT_THAT(get("/activate").body, ::testing::ContainsRegex("/pages.css\\?v=[0-9a-f]{12}"));
    const auto style = get("/pages.css");
    EXPECT_EQ(style.status, 200);
    EXPECT_EQ(style.headers.get("Content-Type"), "text/css; charset=utf-8");
}

TEST_F(Pages, ExplainEveryPermissionThatIsAskedForAndDefaultToNoTracking) {
    const auto page = get("/activate");
    ASSERT_EQ(page.status, 200);
    for (const auto& feature : all_features())
        for (const auto& permission : feature.permissions) {
            const auto what = HasSubstr(std::string(permission.what));
            if (feature.price.empty())
                EXPECT_THAT(page.body, what);
            else
                EXPECT_THAT(page.body, Not(what)) << "what has a price is chosen by itself, later";
        }
    auto form = std::string(kAccepted);
    EXPECT_EQ(post("/activate", form + "&feature=" + std::string(kDeliveryReports)).status, 422);
    EXPECT_THAT(page.body, HasSubstr(R"(value="off" checked)"));
    EXPECT_THAT(page.body, Not(HasSubstr(R"(value="on" checked)")));
    EXPECT_THAT(page.body, HasSubstr(R"(name="accepted" value="yes"  )"));
    EXPECT_THAT(page.body, HasSubstr("href=\"/terms\""));
    EXPECT_THAT(page.body, HasSubstr("href=\"/privacy-policy\""));
    EXPECT_THAT(page.body, HasSubstr(std::string(kNoticeVersion)));
}

TEST_F(Pages, LetTheFormLeadToGoogle) {
    EXPECT_THAT(std::string(get("/activate").headers.get("Content-Security-Policy")),
                HasSubstr("form-action 'self' https://accounts.google.com"));
    const auto leaving = post("/activate", kAccepted);
    EXPECT_EQ(leaving.status, 303);
    EXPECT_THAT(std::string(leaving.headers.get("Location")),
                StartsWith("https://accounts.google.com/o/oauth2/v2/auth?"));
    EXPECT_EQ(leaving.headers.get("Cache-Control"), "no-store");
}

TEST_F(Pages, AskAgainInOneSentenceWhenTheNoticeWasNotAccepted) {
    const auto page = post("/activate", "tracking_mode=consented_only&feature=sending");
    EXPECT_EQ(page.status, 422);
    EXPECT_THAT(page.body, HasSubstr("To go on, please accept the terms and the privacy policy."));
    EXPECT_THAT(page.body, HasSubstr(R"(value="consented_only" checked)"));
    EXPECT_THAT(page.body, HasSubstr(R"(value="sending" checked)"));
    EXPECT_EQ(browser_[kSignInCookie], "");
    EXPECT_EQ(post("/activate", "feature=sending&accepted=yes").status, 422);
    EXPECT_EQ(post("/activate", "tracking_mode=maybe&accepted=yes").status, 422);
    EXPECT_EQ(post("/activate", "tracking_mode=off&accepted=yes&feature=<b>").status, 422);
    EXPECT_EQ(post("/activate", "tracking_mode=off&tracking_mode=on&accepted=yes").status, 422);
}

TEST_F(Pages, TakeNoFormFromAnotherSite) {
    for (const auto* path : {"/activate", "/sign-in"}) {
        for (const auto* origin : {"", "null", "https://evil.example", "http://app.example"})
            EXPECT_EQ(post(path, kAccepted, origin).status, 403) << path << origin;
        for (const auto* type : {"", "text/plain", "application/json", "multipart/form-data; boundary=x"})
            EXPECT_EQ(post(path, kAccepted, "https://app.example", type).status, 400) << path << type;
        EXPECT_EQ(post(path, "a=%zz").status, 400);
        EXPECT_EQ(post(path, "a=%ff").status, 400);
    }
    EXPECT_EQ(browser_[kSignInCookie], "");
}

TEST_F(Pages, ActivateInTwoStepsAndLandInTheDashboard) {
    const auto landing = activate();
    EXPECT_EQ(landing.status, 303);
    EXPECT_EQ(landing.headers.get("Location"), "/");
    EXPECT_TRUE(browser_.has_session());
    EXPECT_EQ(browser_[kSignInCookie], "");
    const auto shown = account();
    ASSERT_EQ(shown.status, 200);
    EXPECT_EQ(AppWorld::json_of(shown).at("email").as_string(), "ann@example.com");
}

TEST_F(Pages, RememberTheChosenModeAndTheAcceptedNotice) {
    get("/oauth/callback", agree(post("/activate", "tracking_mode=on&accepted=yes")));
    const auto stored = run(world_.accounts.by_subject("1001")).value();
    EXPECT_EQ(stored.tracking_mode, TrackingMode::on);
    EXPECT_EQ(stored.notice_version, kNoticeVersion);
    EXPECT_FALSE(is_granted(*find_feature("sending"), stored)) << "the feature was not chosen";
}

TEST_F(Pages, LandInTheDashboardWithTheFeatureOffWhenAPermissionWasUnticked) {
    const auto landing =
        get("/oauth/callback", agree(post("/activate", kAccepted), {}, {std::string(scope::kGmailCompose)}));
    EXPECT_EQ(landing.headers.get("Location"), "/");
    const auto feature = AppWorld::json_of(account()).at("features").as_array().at(0).as_object();
    EXPECT_FALSE(feature.at("granted").as_bool());
}

TEST_F(Pages, RefuseAConsentThatWasNotGiven) {
    auto query = agree(post("/activate", kAccepted));
    const auto refused = get("/oauth/callback", {{"error", "access_denied"}, {"state", query[1].second}});
    expect_refused(refused, 403);
    EXPECT_THAT(refused.body, HasSubstr("Google was told not to give InboxPro access"));
}

TEST_F(Pages, RefuseWhatIsMissingForeignReplayedOrTooLate) {
    expect_refused(get("/oauth/callback"), 400);
    expect_refused(get("/oauth/callback", {{"code", "4/x"}, {"state", "made-up"}}), 400);

    const auto late = agree(post("/activate", kAccepted));
    world_.clock.advance(10min);
    expect_refused(get("/oauth/callback", late), 400);

    const auto mine = agree(post("/activate", kAccepted));
    browser_ = Browser{};
    expect_refused(get("/oauth/callback", mine), 400);
    EXPECT_EQ(world_.google.calls(), 0);
}

TEST_F(Pages, RefuseASecondUse) {
    const auto leaving = post("/activate", kAccepted);
    const auto before = browser_;
    const auto query = agree(leaving);
    ASSERT_EQ(get("/oauth/callback", query).status, 303);
    browser_ = before;
    const auto calls = world_.google.calls();
    EXPECT_EQ(get("/oauth/callback", query).status, 400);
    EXPECT_FALSE(browser_.has_session());
    EXPECT_EQ(world_.google.calls(), calls);
}

TEST_F(Pages, SignInWhoIsKnownWithANewSessionEveryTime) {
    activate();
    const auto first = browser_[kSessionCookie];
    const auto landing = get("/oauth/callback", agree(post("/sign-in", "")));
    EXPECT_EQ(landing.status, 303);
    EXPECT_NE(browser_[kSessionCookie], first);
    EXPECT_EQ(account().status, 200);
    EXPECT_FALSE(run(world_.sessions.find(Secret{first}))) << "the session from before has ended";
}

TEST_F(Pages, SendWhoIsUnknownToTheNotice) {
    const auto refused = get("/oauth/callback", agree(post("/sign-in", "")));
    expect_refused(refused, 403);
    EXPECT_THAT(refused.body, HasSubstr("href=\"/activate\">Activate InboxPro"));
}

TEST_F(Pages, SayPlainlyWhenGoogleDoesNotAnswer) {
    const auto query = agree(post("/activate", kAccepted));
    world_.google.fail_next(testing::ScriptedGoogle::Call::exchange_code,
                            {.kind = ErrorKind::unavailable, .detail = "no answer"});
    expect_refused(get("/oauth/callback", query), 503);
}

TEST_F(Pages, ComeBackFromAPermissionToTheAccountPage) {
    activate();
    const auto asked = world_.ask(AppWorld::by_session(Method::post, "/api/v1/account/permissions",
                                                       Secret{browser_[kSessionCookie]}, R"({"feature":"sending"})"));
    browser_.remember(asked);
    Response leaving;
    leaving.headers.add("Location", std::string(AppWorld::json_of(asked).at("url").as_string()));
    const auto landing = get("/oauth/callback", agree(leaving));
    EXPECT_EQ(landing.headers.get("Location"), "/account");
}

TEST_F(Pages, SendTheBrowserOnlyToTheConfiguredAddressWhateverIsAsked) {
    for (const auto* name : {"redirect", "redirect_uri", "next", "return_to", "url", "continue", "state", "host"}) {
        for (const auto* value : {"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
                                  "https:evil.example"}) {
            Request request{.method = Method::post,
                            .target = {},
                            .path = "/activate",
                            .query = {{name, value}},
                            .body = fmt::format("{}&{}={}", kAccepted, name, value)};
            request.headers.add("Origin", "https://app.example");
            request.headers.add("Content-Type", "application/x-www-form-urlencoded");
            request.headers.add("Host", "evil.example");
            request.headers.add("X-Forwarded-Host", "evil.example");
            const auto leaving = world_.ask(std::move(request));
            ASSERT_EQ(leaving.status, 303);
            const std::string location(leaving.headers.get("Location"));
            EXPECT_THAT(location, HasSubstr("&redirect_uri=https%3A%2F%2Fapp.example%2Foauth%2Fcallback&"));
            EXPECT_THAT(location, Not(HasSubstr("evil")));
            auto query = agree(leaving);
            query.emplace_back(name, value);
            const auto landing = get("/oauth/callback", query);
            EXPECT_THAT(std::string(landing.headers.get("Location")), ::testing::AnyOf("", "/"));
        }
    }
}

TEST_F(Pages, EscapeWhatTheyShow) {
    const auto page = post("/activate", "tracking_mode=off&accepted=yes&feature=%3Cscript%3Ealert(1)%3C/script%3E");
    EXPECT_THAT(page.body, Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace inboxpro::http
