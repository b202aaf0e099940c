#pragma once
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sandbox/api/method.h"
#include "sandbox/visitor.h"

// For tests: holds a table of methods against the discovery document that Google publishes, and the sandbox against the
// table.
namespace inboxpro::sandbox {

namespace json = boost::json;
inline void collect(const json::object& resource, std::map<std::string, json::object>& into) {
    if (const auto* methods = resource.if_contains("methods"))
        for (const auto& [name, method] : methods->as_object())
            into[std::string(method.at("id").as_string())] = method.as_object();
    if (const auto* resources = resource.if_contains("resources"))
        for (const auto& [name, inner] : resources->as_object()) collect(inner.as_object(), into);
}

inline std::map<std::string, json::object> documented(const std::filesystem::path& document) {
    std::ifstream file(document);
    std::stringstream text;
    text << file.rdbuf();
    std::map<std::string, json::object> methods;
    collect(json::parse(text.str()).as_object(), methods);
    return methods;
}

inline std::set<std::string> scopes_of(const json::object& method) {
    std::set<std::string> scopes;
    for (const auto& scope : method.at("scopes").as_array()) scopes.insert(std::string(scope.as_string()));
    return scopes;
}

/// Every method of the table has the path, the verb, the uploads and exactly the scopes that `document`
/// ("gmail.v1.json") gives it.
inline void expect_as_documented(std::span<const ApiMethod> methods, std::string_view document) {
    const auto file = std::filesystem::path(INBOXPRO_SOURCE_DIR) / "../shared/google" / document;
    if (!std::filesystem::exists(file)) GTEST_SKIP() << document << " is not here";
    const auto google = documented(file);
    std::set<std::string> all;
    for (const auto& [id, other] : google)
        if (other.contains("scopes")) all.merge(scopes_of(other));
    for (const auto& method : methods) {
        ASSERT_TRUE(google.contains(std::string(method.id))) << method.id;
        const auto& theirs = google.at(std::string(method.id));
        const auto* flat = theirs.if_contains("flatPath");
        const auto path = (flat != nullptr ? *flat : theirs.at("path")).as_string();
        EXPECT_TRUE(method.path.ends_with(std::string_view(path))) << method.id << " " << path;
        EXPECT_EQ(name_of(method.verb), theirs.at("httpMethod").as_string()) << method.id;
        EXPECT_EQ(method.takes_uploads, theirs.contains("mediaUpload")) << method.id;
        const auto listed = scopes_of(theirs);
        for (const auto& scope : all) EXPECT_EQ(opens(scope, method), listed.contains(scope)) << method.id << scope;
    }
}

/// All scopes that any method of the table names, in full, and "openid".
inline std::set<std::string> scopes_in(std::span<const ApiMethod> methods) {
    std::set<std::string> all{"openid"};
    for (const auto& method : methods)
        for (std::istringstream words{std::string(method.scopes)}; words.good();) {
            std::string word;
            words >> word;
            all.insert(word.starts_with("https:") ? word : std::string(kScopePrefix) + word);
        }
    return all;
}

/// A call of the method that fails for want of something else, if at all. Placeholders become "me" and then "ffff".
inline http::Response attempt(Visitor& visitor, const ApiMethod& method, const std::string& token) {
    std::string target(method.path);
    for (auto open = target.find('{'); open != std::string::npos; open = target.find('{', open))
        target.replace(open, target.find('}') - open + 1, open < 20 ? "me" : "ffff");
    return visitor.call(method.verb, target, method.verb == http::Method::get ? "" : "{}", "application/json", token);
}

/// Each scope opens exactly the methods that list it.
inline void expect_opened_by_their_scopes_alone(std::span<const ApiMethod> methods) {
    Visitor visitor;
    for (const auto& scope : scopes_in(methods)) {
        const auto token = visitor.token(scope);
        for (const auto& method : methods) {
            const auto answer = attempt(visitor, method, token);
            const bool refused = answer.status == 403 && answer.body.contains("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
            EXPECT_EQ(refused, !opens(scope, method)) << scope << " " << method.id << " " << answer.body;
        }
    }
}

}  // namespace inboxpro::sandbox
