#include "sandbox/people/people_visitor.h"

namespace inboxpro::sandbox::people {
namespace {

using Contacts = PeopleVisitor;

TEST_F(Contacts, AreCreatedWithAllThatGoogleAdds) {
    const auto ada = create("Ada King Lovelace", "ada@x.example");
    EXPECT_TRUE(text(ada, "/resourceName").starts_with("people/c"));
    EXPECT_EQ(text(ada, "/names/0/givenName"), "Ada");
    EXPECT_EQ(text(ada, "/names/0/middleName"), "King");
    EXPECT_EQ(text(ada, "/names/0/displayNameLastFirst"), "Lovelace, Ada King");
    EXPECT_EQ(text(ada, "/emailAddresses/0/formattedType"), "Work");
    EXPECT_TRUE(at(ada, "/names/0/metadata/primary").as_bool());
    EXPECT_EQ(text(ada, "/metadata/sources/0/type"), "CONTACT");
    EXPECT_EQ("people/c" + text(ada, "/metadata/sources/0/id"), text(ada, "/resourceName"));
    EXPECT_EQ(text(ada, "/metadata/sources/0/updateTime"), to_rfc3339(clock.now()));
    EXPECT_EQ(text(ada, "/memberships/0/contactGroupMembership/contactGroupId"), "myContacts");
    EXPECT_NE(text(ada, "/etag"), text(ada, "/metadata/sources/0/etag"));
}

TEST_F(Contacts, AreNotDeduplicated) {
    EXPECT_NE(text(create("Ada", "a@x.example"), "/resourceName"), text(create("Ada", "a@x.example"), "/resourceName"));
    EXPECT_EQ(ask("/v1/people/me/connections?personFields=names").at("totalItems").to_number<int>(), 2);
}

TEST_F(Contacts, ShowNothingThatWasNotAskedFor) {
    const auto path = "/v1/" + text(create("Ada", "ada@x.example"), "/resourceName");
    const auto names_only = ask(path + "?personFields=names");
    EXPECT_EQ(names_only.size(), 3U);
    EXPECT_TRUE(names_only.contains("names") && names_only.contains("etag") && names_only.contains("resourceName"));
    EXPECT_TRUE(ask(path + "?personFields=emailAddresses,metadata").contains("metadata"));
    EXPECT_TRUE(ask(path + "?requestMask.includeField=person.names").contains("names"));
    EXPECT_EQ(done(post("/v1/people:createContact?personFields=names", person("B", "b@x.example"), access)).size(), 3U);
    expect_refused(get(path, access), 400, "badRequest", "personFields mask is required.");
    expect_refused(get(path + "?personFields=names,nope", access), 400, "badRequest",
                   "Invalid personFields mask path: \"nope\"");
    expect_refused(get(path + "?personFields=names&sources=FRIENDS", access), 400, "badRequest");
    EXPECT_EQ(get(path + "?personFields=names&sources=READ_SOURCE_TYPE_PROFILE", access).status, 404);
}

TEST_F(Contacts, RefuseBodiesThatMakeNoContact) {
    auto two_names = person("Ada", "ada@x.example");
    two_names["names"].as_array().push_back(json::object{{"givenName", "Other"}});
    expect_refused(post("/v1/people:createContact", two_names, access), 400, "badRequest", "names");
    expect_refused(post("/v1/people:createContact", {{"mail", "x"}}, access), 400, "badRequest", "Unknown name");
    expect_refused(call(http::Method::post, "/v1/people:createContact", "[", "application/json", access), 400,
                   "badRequest", "Invalid JSON payload");
    expect_refused(post("/v1/people:createContact?personFields=nope", {}, access), 400, "badRequest");
    const json::object no_group{{"memberships", json::array{json::object{{"contactGroupMembership", {{"x", 1}}}}}}};
    expect_refused(post("/v1/people:createContact", no_group, access), 400, "badRequest", "contactGroups/");
    EXPECT_FALSE(ask("/v1/people/me/connections?personFields=names").contains("connections"));
}

TEST_F(Contacts, AreUpdatedInTheFieldsThatTheMaskNames) {
    auto ada = create("Ada", "ada@x.example");
    ada["names"] = json::array{json::object{{"givenName", "Augusta"}, {"familyName", "King"}}};
    ada["emailAddresses"] = json::array{json::object{{"value", "new@x.example"}}};
    const auto renamed = done(update(ada));
    EXPECT_EQ(text(renamed, "/names/0/displayName"), "Augusta King");
    EXPECT_EQ(text(renamed, "/emailAddresses/0/value"), "ada@x.example");
    EXPECT_NE(text(renamed, "/etag"), text(ada, "/etag"));
    auto emptied = renamed;
    emptied.erase("emailAddresses");
    EXPECT_FALSE(done(update(emptied, "updatePersonFields=emailAddresses")).contains("emailAddresses"));
}

TEST_F(Contacts, AreUpdatedOnlyByWhoSawTheLatest) {
    const auto ada = create("Ada", "ada@x.example");
    done(update(ada));
    const auto stale = update(ada);
    expect_refused(stale, 400, "failedPrecondition", "Request person.etag is different than the current person.etag.");
    EXPECT_EQ(text(object(stale), "/error/status"), "FAILED_PRECONDITION");
    auto without = ada;
    without.erase("metadata");
    expect_refused(update(without), 400, "badRequest", "Request must set person.etag or person.metadata.sources.etag");
    expect_refused(update(ada, ""), 400, "badRequest", "updatePersonFields mask is required.");
    expect_refused(update(ada, "updatePersonFields=metadata"), 400, "badRequest", "Invalid updatePersonFields mask");
    auto grouped = ada;
    grouped.erase("memberships");
    expect_refused(update(grouped, "updatePersonFields=memberships"), 400, "badRequest", "at least one");
    auto nobody = ada;
    nobody["resourceName"] = "people/c1";
    EXPECT_EQ(update(nobody).status, 404);
}

TEST_F(Contacts, AreDeletedOnce) {
    const auto ada = create("Ada", "ada@x.example");
    EXPECT_EQ(erase(ada).body, "{}");
    EXPECT_EQ(erase(ada).status, 404);
    EXPECT_EQ(update(ada).status, 404);
    EXPECT_EQ(get("/v1/" + text(ada, "/resourceName") + "?personFields=names", access).status, 404);
}

TEST_F(Contacts, BelongToTheirUserAlone) {
    const auto path = "/v1/" + text(create("Ada", "ada@x.example"), "/resourceName") + "?personFields=names";
    EXPECT_EQ(get(path, token(kContacts, "grace@sandbox.example")).status, 404);
    EXPECT_EQ(get(path, token("profile")).status, 403);
}

TEST_F(Contacts, TellTheUserAboutTheOwnProfile) {
    const auto me = ask("/v1/people/me?personFields=names,emailAddresses,metadata");
    EXPECT_EQ(text(me, "/names/0/displayName"), "Ada Lovelace");
    EXPECT_EQ(text(me, "/emailAddresses/0/value"), "ada@sandbox.example");
    EXPECT_EQ(text(me, "/metadata/sources/0/type"), "PROFILE");
    const auto by_id = ask("/v1/" + text(me, "/resourceName") + "?personFields=names");
    EXPECT_EQ(by_id.at("names"), me.at("names"));
    const auto nameless = object(get("/v1/people/me?personFields=names,emailAddresses", token("profile")));
    EXPECT_FALSE(nameless.contains("emailAddresses"));
}

TEST_F(Contacts, ComeFromWhomTheUserWroteTo) {
    send("Grace Hopper <grace@sandbox.example>", "Cc: linus@other.example\r\nBcc: hidden@far.example\r\n");
    send("GRACE@sandbox.example, ada@sandbox.example");
    const auto others = ask("/v1/otherContacts?readMask=names,emailAddresses,metadata");
    ASSERT_EQ(others.at("totalSize").to_number<int>(), 3) << "nobody twice, and not the user";
    EXPECT_EQ(text(others, "/otherContacts/0/names/0/displayName"), "Grace Hopper");
    EXPECT_EQ(text(others, "/otherContacts/0/metadata/sources/0/type"), "OTHER_CONTACT");
    EXPECT_FALSE(at(others, "/otherContacts/1").as_object().contains("names"));
    EXPECT_EQ(text(others, "/otherContacts/2/emailAddresses/0/value"), "hidden@far.example");
    create("Friend", "Friend@far.example");
    send("friend@far.example");
    EXPECT_EQ(ask("/v1/otherContacts?readMask=names").at("totalSize").to_number<int>(), 3) << "already a contact";
}

TEST_F(Contacts, AreCopiedFromOtherContacts) {
    send("Grace Hopper <grace@sandbox.example>");
    const auto other = text(ask("/v1/otherContacts?readMask=names"), "/otherContacts/0/resourceName");
    const auto copy = [&](const json::object& body) {
        return post("/v1/" + other + ":copyOtherContactToMyContactsGroup", body, access);
    };
    const auto copied = done(copy({{"copyMask", "emailAddresses"}}));
    EXPECT_TRUE(text(copied, "/resourceName").starts_with("people/c"));
    EXPECT_EQ(text(copied, "/emailAddresses/0/value"), "grace@sandbox.example");
    EXPECT_EQ(text(copied, "/emailAddresses/0/metadata/source/type"), "CONTACT");
    EXPECT_TRUE(copied.contains("memberships") && copied.contains("metadata"));
    EXPECT_FALSE(copied.contains("names"));
    EXPECT_EQ(done(copy({{"copyMask", "names,emailAddresses"}, {"readMask", "names"}})).size(), 3U);
    expect_refused(copy({}), 400, "badRequest", "copyMask mask is required.");
    expect_refused(copy({{"copyMask", "photos"}}), 400, "badRequest", "Invalid copyMask mask path");
    expect_refused(copy({{"copyMask", "names"}, {"readMask", "nope"}}), 400, "badRequest", "Invalid readMask");
    EXPECT_EQ(post("/v1/otherContacts/c1:copyOtherContactToMyContactsGroup", {{"copyMask", "names"}}, access).status,
              404);
}

}  // namespace
}  // namespace inboxpro::sandbox::people
