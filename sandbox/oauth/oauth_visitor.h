#pragma once
#include <fmt/format.h>

#include "sandbox/visitor.h"

namespace inboxpro::sandbox::oauth {

namespace json = boost::json;
using namespace std::chrono_literals;

/// For tests: an application that signs Ada in.
struct OAuthVisitor : ::testing::Test, Visitor {
    using Fields = std::vector<std::pair<std::string, std::string>>;

    http::Response authorize(Fields fields) { return post_form("/o/oauth2/v2/auth", fields); }
    std::string code(Fields fields) { return parameter(authorize(std::move(fields)), "code"); }
    json::object tokens(Fields fields) {
        const auto answer = exchange(code(std::move(fields)));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return object(answer);
    }
    http::Response refresh(const std::string& token, const std::string& client = "app",
                           const std::string& secret = "secret") {
        return post_form("/token", {{"grant_type", "refresh_token"},
                                    {"refresh_token", token},
                                    {"client_id", client},
                                    {"client_secret", secret}});
    }
    void expect_refused(const http::Response& answer, int status, const std::string& error) {
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(text(object(answer), "/error"), error);
    }
    static Fields with(Fields fields, const Fields& more) {
        fields.insert(fields.end(), more.begin(), more.end());
        return fields;
    }
    static json::object claims(const std::string& id_token) {
        const auto first = id_token.find('.') + 1;
        const auto middle = id_token.substr(first, id_token.rfind('.') - first);
        return json::parse(from_base64url(middle).value()).as_object();
    }
    json::object refreshed(const std::string& token) {
        const auto answer = refresh(token);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return object(answer);
    }
    /// Sets what the console says about the application.
    void set(const json::object& standing) {
        const auto answer = post("/_sandbox/clients/app", standing);
        EXPECT_EQ(answer.status, 200) << answer.body;
    }
    /// A page instead of a redirect, which names this error.
    void expect_page(const http::Response& answer, int status, const std::string& error, const std::string& words) {
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_TRUE(answer.body.contains(fmt::format("Error {}: {}", status, error))) << answer.body;
        EXPECT_TRUE(answer.body.contains(words)) << answer.body;
        EXPECT_FALSE(answer.body.contains("<script"));
    }
    void expect_dead(const std::string& refresh_token) {
        const auto answer = refresh(refresh_token);
        expect_refused(answer, 400, "invalid_grant");
        EXPECT_EQ(text(object(answer), "/error_description"), "Token has been expired or revoked.");
    }
    static constexpr const char* kCompose = "https://www.googleapis.com/auth/gmail.compose";
};

}  // namespace inboxpro::sandbox::oauth
