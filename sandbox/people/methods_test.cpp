#include "sandbox/people/methods.h"

#include "sandbox/api/documented.h"

namespace inboxpro::sandbox::people {
namespace {

TEST(PeopleMethods, AreWhatGoogleDocuments) {
    expect_as_documented(methods(), "people.v1.json");
}

TEST(PeopleMethods, AreOpenedByTheirScopesAndByNoOther) {
    ASSERT_GE(scopes_in(methods()).size(), 13U);
    expect_opened_by_their_scopes_alone(methods());
}

TEST(PeopleMethods, RefuseBadTokens) {
    Visitor visitor;
    for (const auto& method : methods()) {
        const auto answer = attempt(visitor, method, "ya29.nonsense");
        EXPECT_EQ(answer.status, 401) << method.id;
        EXPECT_EQ(Visitor::text(Visitor::object(answer), "/error/errors/0/reason"), "authError") << method.id;
    }
}

}  // namespace
}  // namespace inboxpro::sandbox::people
