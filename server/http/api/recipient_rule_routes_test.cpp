#include <gmock/gmock.h>

#include "http/api/app_world.h"

namespace inboxpro::http {
namespace {

using boost::json::object;
using testing::AppWorld;

class RulesOfAnn : public ::testing::Test {
  protected:
    Response ask(Method method, std::string path, const object& body = {}) {
        auto request = AppWorld::by_token(method, std::move(path), token_, boost::json::serialize(body));
        if (const auto question = request.path.find('?'); question != std::string::npos) {
            request.query.emplace_back("kind", request.path.substr(question + 6));
            request.path.resize(question);
        }
        return world_.ask(std::move(request));
    }
    Response lay_down(const object& rule) { return ask(Method::post, "/api/v1/recipient-rules", rule); }
    boost::json::array listed(const std::string& kind) {
        return AppWorld::json_of(ask(Method::get, "/api/v1/recipient-rules?kind=" + kind)).at("items").as_array();
    }

    AppWorld world_;
    Account ann_ = world_.activated();
    Secret token_ = world_.token_of(ann_);
};

TEST_F(RulesOfAnn, AreLaidDownListedAndTakenBack) {
    EXPECT_EQ(lay_down({{"kind", "never"}, {"subject", "@Quiet.example"}}).status, 201);
    const auto domain = lay_down({{"kind", "domain"}, {"subject", "de"}, {"mode", "consented_only"}});
    EXPECT_EQ(domain.status, 201) << domain.body;
    EXPECT_EQ(lay_down({{"kind", "consent"}, {"subject", "ada@example.org"}, {"note", "form of 3 March"}}).status, 201);
    EXPECT_EQ(listed("never").at(0).at("subject").as_string(), "quiet.example");
    EXPECT_EQ(listed("domain").at(0).at("mode").as_string(), "consented_only");
    EXPECT_EQ(listed("consent").at(0).at("note").as_string(), "form of 3 March");
    const auto id = std::string(AppWorld::json_of(domain).at("id").as_string());
    EXPECT_EQ(ask(Method::del, "/api/v1/recipient-rules/" + id).status, 204);
    EXPECT_EQ(ask(Method::del, "/api/v1/recipient-rules/" + id).status, 404);
    EXPECT_TRUE(listed("domain").empty());
}

TEST_F(RulesOfAnn, AboutOneSubjectReplaceEachOther) {
    lay_down({{"kind", "domain"}, {"subject", "de"}, {"mode", "off"}});
    lay_down({{"kind", "domain"}, {"subject", "DE"}, {"mode", "on"}});
    ASSERT_EQ(listed("domain").size(), 1U);
    EXPECT_EQ(listed("domain").at(0).at("mode").as_string(), "on");
}

TEST_F(RulesOfAnn, ThatSayNothingAreRefusedByField) {
    const auto field = [&](const object& rule) {
        const auto answer = lay_down(rule);
        EXPECT_EQ(answer.status, 422) << answer.body;
        return std::string(AppWorld::json_of(answer).at("error").at("field").as_string());
    };
    EXPECT_EQ(field({{"kind", "sometimes"}, {"subject", "de"}}), "kind");
    EXPECT_EQ(field({{"kind", "consent"}, {"subject", "example.org"}}), "subject");
    EXPECT_EQ(field({{"kind", "domain"}, {"subject", "de"}, {"mode", "perhaps"}}), "mode");
    EXPECT_EQ(field({{"kind", "domain"}, {"subject", "de"}}), "mode");
    EXPECT_EQ(field({{"kind", "never"}, {"subject", "de"}, {"mode", "on"}}), "mode");
}

TEST_F(RulesOfAnn, AreNobodyElses) {
    const auto rule = lay_down({{"kind", "never"}, {"subject", "quiet.example"}});
    const auto id = std::string(AppWorld::json_of(rule).at("id").as_string());
    const auto ben = world_.activated({.subject = "1002", .email = "ben@example.com", .name = "Ben"});
    token_ = world_.token_of(ben);
    EXPECT_TRUE(listed("never").empty());
    EXPECT_EQ(ask(Method::del, "/api/v1/recipient-rules/" + id).status, 404);
}

}  // namespace
}  // namespace inboxpro::http
