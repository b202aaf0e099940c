#include "sandbox/gmail/methods.h"

#include "sandbox/api/documented.h"

namespace inboxpro::sandbox::gmail {
namespace {

TEST(GmailMethods, AreWhatGoogleDocuments) {
    expect_as_documented(methods(), "gmail.v1.json");
}

TEST(GmailMethods, AreOpenedByTheirScopesAndByNoOther) {
    ASSERT_GE(scopes_in(methods()).size(), 12U);
    expect_opened_by_their_scopes_alone(methods());
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
