#include "google/methods.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace inboxpro {
namespace {

namespace json = boost::json;
const std::filesystem::path kDocuments = INBOXPRO_SOURCE_DIR "/../shared/google";

void collect(const json::object& resource, std::map<std::string, std::set<std::string>>& into) {
    if (const auto* methods = resource.if_contains("methods"))
        for (const auto& [name, method] : methods->as_object()) {
            auto& scopes = into[std::string(method.at("id").as_string())];
            if (const auto* listed = method.as_object().if_contains("scopes"))
                for (const auto& scope : listed->as_array()) scopes.insert(std::string(scope.as_string()));
        }
    if (const auto* resources = resource.if_contains("resources"))
        for (const auto& [name, inner] : resources->as_object()) collect(inner.as_object(), into);
}

/// Method id -> the scopes that open it, of all the documents that are here.
std::map<std::string, std::set<std::string>> documented() {
    std::map<std::string, std::set<std::string>> methods;
    for (const auto* name : {"gmail.v1.json", "calendar.v3.json", "people.v1.json"}) {
        std::stringstream text;
        text << std::ifstream(kDocuments / name).rdbuf();
        collect(json::parse(text.str()).as_object(), methods);
    }
    return methods;
}

TEST(GoogleMethods, AreOpenedByScopesThatGoogleDocuments) {
    if (!std::filesystem::exists(kDocuments)) GTEST_SKIP() << "Google's discovery documents are not here";
    const auto google = documented();
    for (const auto* method : all_methods()) {
        const std::string id(method->id.substr(0, method->id.find(' ')));
        ASSERT_TRUE(google.contains(id)) << method->id;
        for (const auto scope : method->scopes)
            EXPECT_TRUE(scope.empty() || google.at(id).contains(std::string(scope)))
                << method->id << " is not opened by " << scope;
    }
}

TEST(GoogleMethods, HaveDistinctNamesAndCostUnitsInGmailOnly) {
    std::set<std::string_view> names;
    for (const auto* method : all_methods()) {
        EXPECT_TRUE(names.insert(method->id).second) << method->id;
        EXPECT_EQ(method->units > 0, method->id.starts_with("gmail.")) << method->id;
        EXPECT_LE(method->units, 100) << method->id;
    }
}

TEST(GoogleMethods, AreOpenedByAnyOneOfTheirScopes) {
    EXPECT_TRUE(is_open(method::kSendDraft, {std::string(scope::kGmailCompose)}));
    EXPECT_TRUE(is_open(method::kSendDraft, {std::string(scope::kGmailModify)}));
    EXPECT_FALSE(is_open(method::kSendDraft, {std::string(scope::kGmailMetadata), ""}));
    EXPECT_FALSE(is_open(method::kSendDraft, {}));
    EXPECT_FALSE(is_open({"x", {scope::kContacts}, 0}, {""}));
}

TEST(GoogleMethods, AreShutToTextByAScopeThatPromisesNotToReadIt) {
    const std::string modify(scope::kGmailModify);
    const std::string metadata(scope::kGmailMetadata);
    EXPECT_TRUE(is_open(method::kReadMessage, {modify}));
    EXPECT_FALSE(is_open(method::kReadMessage, {modify, metadata})) << "Google refuses bodies then";
    EXPECT_FALSE(is_open(method::kReadMessage, {metadata}));
    EXPECT_TRUE(is_open(method::kGetMessage, {modify, metadata}));
}

TEST(GoogleMethods, ThatInboxProCallsInGmailAreAllOpenToGmailModify) {
    for (const auto* method : all_methods())
        EXPECT_EQ(is_open(*method, {std::string(scope::kGmailModify)}), api_of(*method) == "gmail") << method->id;
}

}  // namespace
}  // namespace inboxpro
