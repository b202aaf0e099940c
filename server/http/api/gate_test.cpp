#include "http/api/gate.h"

#include <gmock/gmock.h>

#include "http/api/app_world.h"

namespace inboxpro::http {
namespace {

using namespace std::chrono_literals;
using testing::AppWorld;
using testing::run;

struct RouteName {
    Method method;
    std::string path;
};

Method method_named(std::string_view name) {
    for (const auto method : {Method::get, Method::post, Method::put, Method::patch, Method::del})
        if (name_of(method) == name) return method;
    throw std::logic_error("no such method");
}

/// All routes of the API, or those that change something; ids filled in.
std::vector<RouteName> api_routes(const AppWorld& world, bool only_changes, const std::string& id) {
    std::vector<RouteName> routes;
    for (const auto& route : world.router.routes()) {
        const auto space = route.find(' ');
        RouteName name{.method = method_named(route.substr(0, space)), .path = route.substr(space + 1)};
        if (!name.path.starts_with("/api/")) continue;
        if (only_changes && name.method == Method::get) continue;
        if (const auto place = name.path.find("{id}"); place != std::string::npos) name.path.replace(place, 4, id);
        routes.push_back(std::move(name));
    }
    return routes;
}

class GateOfAnn : public ::testing::Test {
  protected:
    AppWorld world_;
    Account ann_ = world_.activated();
    Secret session_ = world_.session_of(ann_);
    std::string id_ = RawId::make(world_.clock.now(), world_.random).text();
};

TEST_F(GateOfAnn, LetsNobodyInWithoutSessionOrToken) {
    const auto routes = api_routes(world_, false, id_);
    EXPECT_GE(routes.size(), 24U);
    for (const auto& [method, path] : routes) {
        EXPECT_EQ(world_.ask({.method = method, .target = {}, .path = path}).status, 401) << path;
        EXPECT_EQ(world_.ask(AppWorld::by_session(method, path, Secret{"made up"})).status, 401) << path;
        const auto answer = world_.ask(AppWorld::by_token(method, path, Secret{"ipx_made-up"}));
        EXPECT_EQ(answer.status, 401) << path;
        EXPECT_EQ(answer.headers.get("WWW-Authenticate"), "Bearer");
    }
}

TEST_F(GateOfAnn, NotesWhereASessionComesFromAndNoTokensPlace) {
    auto request = AppWorld::by_session(Method::get, "/api/v1/account", session_);
    request.client_ip = "203.0.113.5";
    EXPECT_EQ(world_.ask(std::move(request)).status, 200);
    EXPECT_TRUE(world_.traces.know(ann_.id, "203.0.113.5"));
    request = AppWorld::by_token(Method::get, "/api/v1/account", world_.token_of(ann_));
    request.client_ip = "203.0.113.6";
    EXPECT_EQ(world_.ask(std::move(request)).status, 200);
    EXPECT_FALSE(world_.traces.know(ann_.id, "203.0.113.6")) << "a program may run anywhere";
}

TEST_F(GateOfAnn, LetsNoOtherSiteChangeAnythingOnAnyRoute) {
    const auto before = run(world_.accounts.get(ann_.id))->version;
    const auto routes = api_routes(world_, true, id_);
    EXPECT_GE(routes.size(), 12U);
    using Change = std::function<void(Fields&)>;
    const std::vector<std::pair<std::string, Change>> attacks{
        {"a form of another site",
         [](Fields& headers) {
             headers.add("Origin", "https://evil.example");
             headers.add("Content-Type", "application/x-www-form-urlencoded");
         }},
        {"text/plain with JSON in it",
         [](Fields& headers) {
             headers.add("Origin", "https://evil.example");
             headers.add("Content-Type", "text/plain");
         }},
        {"no Origin",
         [](Fields& headers) {
             headers.add("X-InboxPro", "1");
             headers.add("Content-Type", "application/json");
         }},
        {"Origin null",
         [](Fields& headers) {
             headers.add("Origin", "null");
             headers.add("X-InboxPro", "1");
         }},
        {"our Origin without the header", [](Fields& headers) { headers.add("Origin", "https://app.example"); }},
        {"an Origin that only begins like ours",
         [](Fields& headers) {
             headers.add("Origin", "https://app.example.evil.example");
             headers.add("X-InboxPro", "1");
         }},
        {"our Origin on another port", [](Fields& headers) {
             headers.add("Origin", "https://app.example:8443");
             headers.add("X-InboxPro", "1");
         }}};
    for (const auto& [method, path] : routes) {
        for (const auto& [name, change] : attacks) {
            Request request{.method = method, .target = {}, .path = path, .body = R"({"tracking_mode":"on"})"};
            request.headers.add("Cookie", fmt::format("{}={}", kSessionCookie, session_.reveal()));
            change(request.headers);
            EXPECT_EQ(world_.ask(std::move(request)).status, 403) << path << ": " << name;
        }
    }
    EXPECT_EQ(run(world_.accounts.get(ann_.id))->version, before);
    EXPECT_TRUE(run(world_.sessions.find(session_)));
}

TEST_F(GateOfAnn, ChangesNothingOnAnyGet) {
    const auto count = [&] {
        std::size_t records = 0;
        for (const auto* collection : {&kSessions, &kApiTokens, &kMessages, &kSends, &kSignIns})
            for (const auto& index : collection->indexes)
                records += run(world_.store->find(*collection, {.index = index.name, .equals = {}}))->size();
        return records;
    };
    const auto before = count();
    for (const auto& [method, path] : api_routes(world_, false, id_))
        if (method == Method::get) world_.ask(AppWorld::by_session(method, path, session_));
    EXPECT_EQ(count(), before);
    EXPECT_EQ(run(world_.accounts.get(ann_.id))->version, ann_.version);
}

TEST_F(GateOfAnn, TakesATokenWithoutOriginButOnlyWithItsScope) {
    const auto reader = world_.token_of(ann_, {"account:read"});
    EXPECT_EQ(world_.ask(AppWorld::by_token(Method::get, "/api/v1/account", reader)).status, 200);
    EXPECT_EQ(world_.ask(AppWorld::by_token(Method::patch, "/api/v1/account", reader, "{}")).status, 403);
    EXPECT_EQ(world_.ask(AppWorld::by_token(Method::get, "/api/v1/messages", reader)).status, 403);
    const auto writer = world_.token_of(ann_, {"account:write"});
    EXPECT_EQ(world_.ask(AppWorld::by_token(Method::patch, "/api/v1/account", writer, "{}")).status, 200);
}

TEST_F(GateOfAnn, DoesNotFallBackToTheCookieWhenATokenIsWrong) {
    auto request = AppWorld::by_session(Method::get, "/api/v1/account", session_);
    request.headers.add("Authorization", "Bearer ipx_made-up");
    EXPECT_EQ(world_.ask(std::move(request)).status, 401);
    auto basic = AppWorld::by_session(Method::get, "/api/v1/account", session_);
    basic.headers.add("Authorization", "Basic YTpi");
    EXPECT_EQ(world_.ask(std::move(basic)).status, 401);
}

TEST_F(GateOfAnn, ForgetsASessionAfterFifteenMinutes) {
    world_.clock.advance(15min + 1s);
    EXPECT_EQ(world_.ask(AppWorld::by_session(Method::get, "/api/v1/account", session_)).status, 401);
}

TEST_F(GateOfAnn, LetsNothingBeCached) {
    const auto answer = world_.ask(AppWorld::by_session(Method::get, "/api/v1/account", session_));
    EXPECT_EQ(answer.headers.get("Cache-Control"), "no-store");
}

TEST_F(GateOfAnn, ShowsNothingOfOneAccountToAnotherOnAnyRoute) {
    const auto ben = world_.activated({.subject = "2002", .email = "ben@example.com", .name = "Ben"});
    const auto token = run(world_.tokens.issue(ann_.id, "Ann's secret script", {"messages:read"}))->token;
    const auto sent = world_.ask(AppWorld::by_session(
        Method::post, "/api/v1/messages", session_,
        R"({"to":["cleo@example.com"],"subject":"s","text":"t","track":{"opens":false,"clicks":false}})"));
    ASSERT_EQ(sent.status, 202) << sent.body;
    const auto prepared = world_.ask(AppWorld::by_session(
        Method::post, "/api/v1/tracking", session_,
        R"({"recipients":["cleo@example.com"],"links":["https://x.example/"],"track":{"opens":true,"clicks":true}})"));
    ASSERT_EQ(prepared.status / 100, 2) << prepared.body;
    const std::vector<std::string> ids{run(world_.sessions.list(ann_.id))->front().id.text(), token.id.text(),
                                       std::string(AppWorld::json_of(sent).at("id").as_string()),
                                       std::string(AppWorld::json_of(prepared).at("message_id").as_string()),
                                       ann_.id.text()};

    const auto bens_session = world_.session_of(ben);
    const auto bens_token = world_.token_of(ben);
    const std::string body = R"({"gmail_message_id":"18e1","gmail_thread_id":"18c0"})";
    for (const auto& id : ids) {
        for (const auto& [method, path] : api_routes(world_, false, id)) {
            const bool names_an_id = path.find(id) != std::string::npos;
            if (!names_an_id && method != Method::get) continue;
            if (path == "/api/v1/feed") continue;
            for (auto request : {AppWorld::by_session(method, path, bens_session, body),
                                 AppWorld::by_token(method, path, bens_token, body)}) {
                const auto answer = world_.ask(std::move(request));
                if (names_an_id) EXPECT_EQ(answer.status, 404) << name_of(method) << ' ' << path << answer.body;
                for (const auto& secret : ids)
                    EXPECT_EQ(answer.body.find(secret), std::string::npos) << name_of(method) << ' ' << path;
                EXPECT_EQ(answer.body.find("ann@example.com"), std::string::npos) << path;
                EXPECT_EQ(answer.body.find("cleo@example.com"), std::string::npos) << path;
                EXPECT_EQ(answer.body.find("Ann"), std::string::npos) << path;
            }
        }
    }
    EXPECT_TRUE(run(world_.sessions.find(session_)));
    EXPECT_EQ(run(world_.tokens.list(ann_.id))->size(), 1U);
}

}  // namespace
}  // namespace inboxpro::http
