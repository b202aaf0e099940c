#include "sandbox/gmail/methods.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "sandbox/visitor.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;
const std::filesystem::path kDocument = INBOXPRO_SOURCE_DIR "/../shared/google/gmail.v1.json";

void collect(const json::object& resource, std::map<std::string, json::object>& into) {
    if (const auto* methods = resource.if_contains("methods"))
        for (const auto& [name, method] : methods->as_object())
            into[std::string(method.at("id").as_string())] = method.as_object();
    if (const auto* resources = resource.if_contains("resources"))
        for (const auto& [name, inner] : resources->as_object()) collect(inner.as_object(), into);
}

std::map<std::string, json::object> documented() {
    std::ifstream file(kDocument);
    std::stringstream text;
    text << file.rdbuf();
    std::map<std::string, json::object> methods;
    collect(json::parse(text.str()).as_object(), methods);
    return methods;
}

std::set<std::string> scopes_of(const json::object& method) {
    std::set<std::string> scopes;
    for (const auto& scope : method.at("scopes").as_array()) scopes.insert(std::string(scope.as_string()));
    return scopes;
}

TEST(GmailMethods, AreWhatGoogleDocuments) {
    if (!std::filesystem::exists(kDocument)) GTEST_SKIP() << "gmail.v1.json is not here";
    const auto google = documented();
    for (const auto& method : methods()) {
        ASSERT_TRUE(google.contains(std::string(method.id))) << method.id;
        const auto& theirs = google.at(std::string(method.id));
        const auto* flat = theirs.if_contains("flatPath");
        EXPECT_EQ(method.path.substr(1), (flat != nullptr ? *flat : theirs.at("path")).as_string()) << method.id;
        EXPECT_EQ(name_of(method.verb), theirs.at("httpMethod").as_string()) << method.id;
        EXPECT_EQ(method.takes_uploads, theirs.contains("mediaUpload")) << method.id;
        std::set<std::string> all;
        for (const auto& [id, other] : google)
            if (other.contains("scopes")) all.merge(scopes_of(other));
        const auto listed = scopes_of(theirs);
        for (const auto& scope : all) EXPECT_EQ(opens(scope, method), listed.contains(scope)) << method.id << scope;
    }
}

/// A call of the method that fails for want of something else, if at all.
http::Response attempt(Visitor& visitor, const ApiMethod& method, const std::string& token) {
    std::string target(method.path);
    for (auto open = target.find('{'); open != std::string::npos; open = target.find('{', open))
        target.replace(open, target.find('}') - open + 1, open < 20 ? "me" : "ffff");
    return visitor.call(method.verb, target, method.verb == http::Method::get ? "" : "{}", "application/json", token);
}

TEST(GmailMethods, AreOpenedByTheirScopesAndByNoOther) {
    Visitor visitor;
    std::set<std::string> all{"openid"};
    for (const auto& method : methods())
        for (std::istringstream words{std::string(method.scopes)}; words.good();) {
            std::string word;
            words >> word;
            all.insert(word.starts_with("https:") ? word : std::string(kScopePrefix) + word);
        }
    ASSERT_GE(all.size(), 12U);
    for (const auto& scope : all) {
        const auto token = visitor.token(scope);
        for (const auto& method : methods()) {
            const auto answer = attempt(visitor, method, token);
            const bool refused = answer.status == 403 && answer.body.contains("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
            EXPECT_EQ(refused, !opens(scope, method)) << scope << " " << method.id << " " << answer.body;
        }
    }
}

TEST(GmailMethods, RefuseBadTokensAndOtherPeoplesMailboxes) {
    Visitor visitor;
    for (const auto& method : methods()) {
        const auto answer = attempt(visitor, method, "ya29.nonsense");
        EXPECT_EQ(answer.status, 401) << method.id;
        EXPECT_EQ(Visitor::text(Visitor::object(answer), "/error/errors/0/reason"), "authError");
        EXPECT_EQ(Visitor::text(Visitor::object(answer), "/error/errors/0/location"), "Authorization");
    }
    const auto token = visitor.token(kModify);
    EXPECT_EQ(visitor.get("/gmail/v1/users/Ada@sandbox.example/profile", token).status, 200);
    const auto other = visitor.get("/gmail/v1/users/grace@sandbox.example/profile", token);
    EXPECT_EQ(other.status, 403);
    EXPECT_EQ(Visitor::text(Visitor::object(other), "/error/errors/0/reason"), "forbidden");
}

TEST(GmailMethods, MetadataScopeForbidsBodiesAndSearchWhateverElseIsGranted) {
    Visitor visitor;
    const auto token = visitor.token(std::string(kModify) + " https://www.googleapis.com/auth/gmail.metadata");
    const auto sent = visitor.post("/gmail/v1/users/me/messages/send", raw(mail("grace@sandbox.example")), token);
    ASSERT_EQ(sent.status, 200) << sent.body;
    const auto path = "/gmail/v1/users/me/messages/" + Visitor::text(Visitor::object(sent), "/id");
    EXPECT_EQ(visitor.get(path, token).status, 403);
    EXPECT_EQ(visitor.get(path + "?format=raw", token).status, 403);
    EXPECT_EQ(visitor.get(path + "?format=metadata", token).status, 200);
    EXPECT_EQ(visitor.get(path + "?format=minimal", token).status, 200);
    EXPECT_EQ(visitor.get("/gmail/v1/users/me/messages?q=hello", token).status, 403);
    EXPECT_EQ(visitor.get("/gmail/v1/users/me/messages", token).status, 200);
}

}  // namespace
}  // namespace inboxpro::sandbox::gmail
