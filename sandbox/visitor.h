#pragma once
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <boost/url/parse.hpp>

#include "http/server/text.h"
#include "sandbox/form.h"
#include "sandbox/sandbox.h"
#include "testing/fakes.h"
#include "testing/run.h"

namespace inboxpro::sandbox {

/// For tests: a sandbox with Ada, Grace and Linus, and a client that calls its routes without a socket.
struct Visitor {
    explicit Visitor(std::vector<oauth::Client> clients = {})
        : sandbox({.clients = std::move(clients), .keys = keys}, clock, random) {
        EXPECT_TRUE(
            sandbox.add_user("ada@sandbox.example", "Ada Lovelace",
                             {{"sales@sandbox.example", "Sales", true}, {"new@sandbox.example", "New", false}}));
        EXPECT_TRUE(sandbox.add_user("grace@sandbox.example", "Grace Hopper"));
        EXPECT_TRUE(sandbox.add_user("linus@other.example", "Linus"));
    }

    http::Response call(http::Method method, std::string target, std::string body = {}, std::string type = {},
                        const std::string& token = {}) {
        http::Request request{.method = method, .target = target};
        const auto url = boost::urls::parse_origin_form(target);
        EXPECT_TRUE(url) << target;
        request.path = http::percent_decoded(std::string_view(url->encoded_path()), false).value_or("");
        for (const auto& parameter : url->params()) request.query.emplace_back(parameter.key, parameter.value);
        request.body = std::move(body);
        if (!type.empty()) request.headers.add("Content-Type", std::move(type));
        if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
        return testing::run(sandbox.router().answer(std::move(request)));
    }
    http::Response get(std::string target, const std::string& token = {}) {
        return call(http::Method::get, std::move(target), {}, {}, token);
    }
    http::Response post(std::string target, const boost::json::value& body, const std::string& token = {}) {
        return call(http::Method::post, std::move(target), boost::json::serialize(body), "application/json", token);
    }
    http::Response post_form(std::string target, const std::vector<std::pair<std::string, std::string>>& fields) {
        std::string body;
        for (const auto& [name, value] : fields) body += name + "=" + query_encoded(value) + "&";
        return call(http::Method::post, std::move(target), body, "application/x-www-form-urlencoded");
    }

    static std::vector<std::pair<std::string, std::string>> wish(std::string scope) {
        return {{"client_id", "app"},
                {"redirect_uri", "http://localhost:1/back"},
                {"response_type", "code"},
                {"scope", std::move(scope)},
                {"access_type", "offline"},
                {"state", "s t"},
                {"account", "ada@sandbox.example"}};
    }
    /// A parameter of the address that an answer sends the browser to.
    static std::string parameter(const http::Response& response, std::string_view name) {
        EXPECT_EQ(response.status, 302) << response.body;
        const auto url = boost::urls::parse_uri(response.headers.get("Location"));
        if (!url) return {};
        for (const auto& each : url->params())
            if (each.key == name) return each.value;
        return {};
    }
    http::Response exchange(const std::string& code, const std::string& verifier = {}) {
        return post_form("/token", {{"grant_type", "authorization_code"},
                                    {"code", code},
                                    {"client_id", "app"},
                                    {"client_secret", "secret"},
                                    {"redirect_uri", "http://localhost:1/back"},
                                    {"code_verifier", verifier}});
    }
    static boost::json::object object(const http::Response& response) {
        return boost::json::parse(response.body).as_object();
    }
    static std::string text(const boost::json::value& in, std::string_view pointer) {
        return std::string(in.at_pointer(pointer).as_string());
    }
    /// An access token with these scopes.
    std::string token(const std::string& scope, const std::string& account = "ada@sandbox.example") {
        auto fields = wish(scope);
        fields.back().second = account;
        const auto answer = exchange(parameter(post_form("/o/oauth2/v2/auth", fields), "code"));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return text(object(answer), "/access_token");
    }

    /// Shared, because making RSA keys is slow.
    static inline const auto keys = std::make_shared<oauth::SigningKeys>();
    testing::FakeClock clock;
    testing::SeededRandom random;
    Sandbox sandbox;
};

inline constexpr const char* kModify = "https://www.googleapis.com/auth/gmail.modify";

inline std::string mail(const std::string& to, const std::string& subject = "Hello", const std::string& header = {}) {
    return "From: Ada Lovelace <ada@sandbox.example>\r\nTo: " + to + "\r\nSubject: " + subject + "\r\n" + header +
           "Message-ID: <mine@local>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
           "<p>Good &amp; short</p>\r\n";
}
inline boost::json::object raw(const std::string& message) {
    return {{"raw", base64url(message)}};
}

}  // namespace inboxpro::sandbox
