#include "google/people_answers.h"

#include <gtest/gtest.h>

namespace inboxpro {
namespace {

TEST(ContactPageAnswer, HoldsChangesAndDeletions) {
    const auto page = read_contact_page(R"({"connections":[
        {"resourceName":"people/c1","etag":"e","names":[{"givenName":"Ann","familyName":"Example","displayName":"Ann E."}],
         "emailAddresses":[{"value":"ann@example.com"},{"value":""},{"value":"a@b.example"}]},
        {"resourceName":"people/c2","metadata":{"deleted":true}}],"nextSyncToken":"s1"})")
                          .value();
    ASSERT_EQ(page.contacts.size(), 2U);
    EXPECT_EQ(page.contacts[0].given_name, "Ann");
    EXPECT_EQ(page.contacts[0].display_name, "Ann E.");
    EXPECT_EQ(page.contacts[0].addresses, (std::vector<std::string>{"ann@example.com", "a@b.example"}));
    EXPECT_FALSE(page.contacts[0].is_deleted);
    EXPECT_TRUE(page.contacts[1].is_deleted);
    EXPECT_EQ(page.sync_token, "s1");
    EXPECT_TRUE(read_contact_page("{}")->contacts.empty());
}

TEST(FoundContacts, AreThePeopleInTheResults) {
    const auto found =
        read_found_contacts(R"({"results":[{"person":{"resourceName":"otherContacts/c1"}},{}]})").value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, "otherContacts/c1");
    EXPECT_TRUE(read_found_contacts("{}")->empty());
}

TEST(PeopleAnswers, ThatCannotBeReadLeaveTheEffectUnknown) {
    for (const auto* junk : {"", "[]", "<html>", R"({"resourceName":)", R"({"resourceName":7})"})
        EXPECT_EQ(read_contact(junk).error().kind, ErrorKind::unavailable) << junk;
}

}  // namespace
}  // namespace inboxpro
