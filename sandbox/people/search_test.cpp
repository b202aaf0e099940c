#include "sandbox/people/people_visitor.h"

namespace inboxpro::sandbox::people {
namespace {

struct Search : PeopleVisitor {
    json::object search(const std::string& query, const std::string& more = "&readMask=names") {
        return ask("/v1/people:searchContacts?query=" + query_encoded(query) + more);
    }
    std::string found(const std::string& query) { return names(search(query), "results"); }
};

TEST_F(Search, MatchesPrefixesOfPhrases) {
    create("Foo Name", "box@mail.example");
    search("");
    for (const char* query : {"f", "FO", "foo", "foo n", "nam", "box@m"}) EXPECT_EQ(found(query), "Foo Name") << query;
    for (const char* query : {"oo n", "ame", "mail.example", "foo x"}) EXPECT_EQ(found(query), "") << query;
}

TEST_F(Search, MatchesNicknamesPhonesAndOrganizations) {
    auto body = person("Foo", "foo@x.example");
    body["nicknames"] = json::array{json::object{{"value", "Bobby"}}};
    body["phoneNumbers"] = json::array{json::object{{"value", "+49 30 123"}}};
    body["organizations"] = json::array{json::object{{"name", "Acme Inc"}, {"title", "Chief Cook"}}};
    done(post("/v1/people:createContact", body, access));
    search("");
    for (const char* query : {"bob", "+49 30", "acme", "inc", "cook"}) EXPECT_EQ(found(query), "Foo") << query;
}

TEST_F(Search, NeedsWarmingUpToSeeWhatIsNew) {
    create("Ada", "ada@x.example");
    EXPECT_EQ(found("ada"), "") << "never warmed up";
    EXPECT_EQ(search("").size(), 0U);
    EXPECT_EQ(found("ada"), "Ada");
    create("Adam", "adam@x.example");
    EXPECT_EQ(found("ada"), "Ada");
    search("");
    EXPECT_EQ(found("ada"), "Ada, Adam");
}

TEST_F(Search, GivesTenAndThirtyAtMost) {
    for (int i = 0; i < 35; ++i) create(fmt::format("P{:02}", i), "p@x.example");
    search("");
    EXPECT_EQ(search("p").at("results").as_array().size(), 10U);
    EXPECT_EQ(search("p", "&readMask=names&pageSize=20").at("results").as_array().size(), 20U);
    EXPECT_EQ(search("p", "&readMask=names&pageSize=100").at("results").as_array().size(), 30U);
    EXPECT_EQ(at(search("p"), "/results/0/person").as_object().size(), 3U) << "only names besides the two ids";
    expect_refused(get("/v1/people:searchContacts?query=p", access), 400, "badRequest", "readMask mask is required.");
    expect_refused(get("/v1/people:searchContacts?query=p&readMask=x", access), 400, "badRequest", "Invalid readMask");
    EXPECT_EQ(search("p", "&readMask=names&sources=READ_SOURCE_TYPE_PROFILE").size(), 0U);
}

TEST_F(Search, LooksThroughOtherContactsApart) {
    send("Grace Hopper <grace@sandbox.example>");
    const auto others = [&](const std::string& query, const std::string& mask = "names,emailAddresses,metadata") {
        return get("/v1/otherContacts:search?query=" + query + "&readMask=" + mask, access);
    };
    EXPECT_EQ(done(others("grace")).size(), 0U);
    done(others(""));
    EXPECT_EQ(names(done(others("hop")), "results"), "Grace Hopper");
    EXPECT_EQ(text(done(others("grace@")), "/results/0/person/metadata/sources/0/type"), "OTHER_CONTACT");
    search("");
    EXPECT_EQ(found("grace"), "");
    expect_refused(others("g", "names,photos"), 400, "badRequest", "Invalid readMask mask path: \"photos\"");
    EXPECT_EQ(get("/v1/otherContacts:search?query=g&readMask=names", token(kContacts)).status, 403);
    EXPECT_EQ(get("/v1/people:searchContacts?query=g&readMask=names", token(kOthers)).status, 403);
}

}  // namespace
}  // namespace inboxpro::sandbox::people
