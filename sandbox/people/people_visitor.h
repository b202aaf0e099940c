#pragma once
#include <fmt/format.h>

#include "sandbox/visitor.h"

namespace inboxpro::sandbox::people {

namespace json = boost::json;

/// For tests: Ada's contacts.
struct PeopleVisitor : ::testing::Test, Visitor {
    static constexpr const char* kContacts = "https://www.googleapis.com/auth/contacts";
    static constexpr const char* kOthers = "https://www.googleapis.com/auth/contacts.other.readonly";
    std::string access = token(std::string("email profile ") + kContacts + " " + kOthers + " " + kModify);

    static json::object person(const std::string& name, const std::string& address) {
        json::object body;
        body["names"] = json::array{json::object{{"unstructuredName", name}}};
        body["emailAddresses"] = json::array{json::object{{"value", address}, {"type", "work"}}};
        return body;
    }
    json::object create(const std::string& name, const std::string& address) {
        return done(post("/v1/people:createContact", person(name, address), access));
    }
    http::Response update(const json::object& contact, const std::string& query = "updatePersonFields=names") {
        return call(http::Method::patch, "/v1/" + text(contact, "/resourceName") + ":updateContact?" + query,
                    json::serialize(contact), "application/json", access);
    }
    http::Response erase(const json::object& contact) {
        return call(http::Method::del, "/v1/" + text(contact, "/resourceName") + ":deleteContact", {}, {}, access);
    }
    json::object done(const http::Response& answer) {
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.status == 200 ? object(answer) : json::object{};
    }
    json::object ask(const std::string& target) { return done(get(target, access)); }
    void expect_refused(const http::Response& answer, int status, std::string_view reason,
                        std::string_view words = {}) {
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(text(object(answer), "/error/errors/0/reason"), reason);
        EXPECT_TRUE(text(object(answer), "/error/message").contains(words)) << answer.body;
    }
    void send(const std::string& to, const std::string& header = {}) {
        done(post("/gmail/v1/users/me/messages/send", raw(mail(to, "Hello", header)), access));
    }
    static json::value at(const json::value& in, std::string_view pointer) { return in.at_pointer(pointer); }
    /// The display names in a list, in its order.
    static std::string names(const json::object& answer, std::string_view list) {
        std::string all;
        const auto* items = answer.if_contains(list);
        if (items == nullptr) return all;
        for (const auto& item : items->as_array()) {
            const auto& person = item.as_object().contains("person") ? item.at("person") : item;
            all += (all.empty() ? "" : ", ") + text(person, "/names/0/displayName");
        }
        return all;
    }
};

}  // namespace inboxpro::sandbox::people
