#include "sandbox/people/fields.h"

#include "sandbox/api/documented.h"

namespace inboxpro::sandbox::people {
namespace {

json::object schemas_of_google() {
    std::ifstream file(std::filesystem::path(INBOXPRO_SOURCE_DIR) / "../shared/google/people.v1.json");
    if (!file) return {};
    std::stringstream text;
    text << file.rdbuf();
    return json::parse(text.str()).at("schemas").as_object();
}

std::set<std::string> words_of(std::string_view words) {
    std::set<std::string> all;
    while (!words.empty()) all.emplace(http::take_until(words, ' '));
    return all;
}

bool is_read_only(const json::value& property) {
    const auto* flag = property.as_object().if_contains("readOnly");
    return flag != nullptr && flag->as_bool();
}

TEST(PersonFields, SayWhatGoogleDocuments) {
    const auto schemas = schemas_of_google();
    if (schemas.empty()) GTEST_SKIP() << "people.v1.json is not here";
    const auto& person = schemas.at("Person").at("properties").as_object();
    for (const auto& field : person_fields()) {
        const auto& items = person.at(field.name).at("items").at("$ref").as_string();
        std::set<std::string> settable, computed;
        for (const auto& [name, property] : schemas.at(items).at("properties").as_object())
            if (name != "metadata") (is_read_only(property) ? computed : settable).emplace(name);
        EXPECT_EQ(words_of(field.settable), settable) << field.name;
        EXPECT_EQ(words_of(field.computed), computed) << field.name;
    }
}

TEST(PersonFields, AcceptEveryMemberOfPersonAndNoOther) {
    const auto schemas = schemas_of_google();
    if (schemas.empty()) GTEST_SKIP() << "people.v1.json is not here";
    for (const auto& [name, property] : schemas.at("Person").at("properties").as_object()) {
        const auto* type = property.as_object().if_contains("type");
        const bool is_list = type != nullptr && type->as_string() == "array";
        EXPECT_TRUE(read_person({{name, is_list ? json::value(json::array{}) : json::value("x")}})) << name;
    }
    EXPECT_EQ(read_person({{"email", "x"}}).error().message,
              "Invalid JSON payload received. Unknown name \"email\" at 'person': Cannot find field.");
}

TEST(PersonFields, RefuseWhatIsNoListOfKnownEntries) {
    EXPECT_FALSE(read_person({{"names", "Ada"}}));
    EXPECT_FALSE(read_person({{"names", json::array{"Ada"}}}));
    EXPECT_FALSE(read_person({{"names", json::array{json::object{{"firstName", "Ada"}}}}}));
    const auto read = read_person({{"names", json::array{json::object{{"givenName", "Ada"}, {"displayName", "x"}}}}});
    ASSERT_TRUE(read);
    EXPECT_EQ(json::serialize(*read), R"({"names":[{"givenName":"Ada"}]})");
}

TEST(PersonFields, HoldOneNameBirthdayGenderAndBiographyAtMost) {
    for (std::string_view name : {"names", "birthdays", "genders", "biographies"}) {
        const json::array two{json::object{}, json::object{}};
        EXPECT_FALSE(read_person({{name, two}})) << name;
        EXPECT_TRUE(read_person({{name, json::array{json::object{}}}})) << name;
    }
    EXPECT_TRUE(read_person({{"emailAddresses", json::array{json::object{}, json::object{}}}}));
}

TEST(PersonFields, MasksSpeakGooglesWords) {
    EXPECT_EQ(required_mask("", MaskKind::person, "personFields", "people/get").error().message,
              "personFields mask is required. Please specify one or more valid paths. Valid paths are documented at "
              "https://developers.google.com/people/api/rest/v1/people/get.");
    EXPECT_EQ(required_mask("names,notes", MaskKind::person, "personFields", "people/get").error().message,
              "Invalid personFields mask path: \"notes\". Valid paths are documented at "
              "https://developers.google.com/people/api/rest/v1/people/get.");
    EXPECT_EQ(required_mask("names, metadata", MaskKind::person, "x", "y").value(), (Mask{"metadata", "names"}));
    EXPECT_FALSE(required_mask("metadata", MaskKind::update, "x", "y"));
    EXPECT_FALSE(required_mask("skills", MaskKind::update, "x", "y"));
    EXPECT_FALSE(required_mask("photos", MaskKind::other_search, "x", "y"));
    EXPECT_TRUE(required_mask("photos", MaskKind::other_list, "x", "y"));
    EXPECT_FALSE(required_mask("organizations", MaskKind::other_list, "x", "y"));
    EXPECT_FALSE(required_mask("metadata", MaskKind::copy, "x", "y"));
}

}  // namespace
}  // namespace inboxpro::sandbox::people
