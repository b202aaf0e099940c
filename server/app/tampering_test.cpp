#include <gmock/gmock.h>

#include <atomic>

#include "app/against_sandbox.h"

// Row F14 of the fault matrix: drafts that their owner changes in Gmail while they wait.
namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using User = AgainstSandbox::User;

/// What the user does with a waiting draft in another program.
class Tampering : public ::testing::Test {
  protected:
    Tampering() { EXPECT_TRUE(world_.submit(user_)); }

    Send send() { return world_.send_of(world_.mails.front()); }
    std::string draft_path() { return "/gmail/v1/users/me/drafts/" + send().draft_id; }
    int ask(http::Method method, const std::string& path, const object& body = {}) {
        return world_.ask(method, path, boost::json::serialize(body), AgainstSandbox::kJson, user_.other_client).status;
    }
    int erase() { return ask(http::Method::del, draft_path()); }
    int send_by_hand() { return ask(http::Method::post, "/gmail/v1/users/me/drafts/send", {{"id", send().draft_id}}); }
    int rewrite(const std::string& subject, const std::string& text, bool keep_marker = true) {
        const auto marker = keep_marker ? "X-InboxPro-Id: " + send().marker + "\r\n" : std::string();
        return ask(
            http::Method::put, draft_path(),
            {{"message", object{{"raw", base64url("From: " + user_.address + "\r\nTo: bob@example.org\r\nSubject: " +
                                                  subject + "\r\n" + marker + "\r\n" + text + "\r\n")}}}});
    }
    /// The user does something after we decided to send and before Google hears of it.
    void before_sending(std::function<void()> act) {
        world_.border.meddle([this, act](http::Request request, const http::Router& google) -> Task<http::Response> {
            if (request.path.ends_with("/drafts/send") && !acted_.exchange(true)) act();
            co_return co_await google.answer(std::move(request));
        });
    }
    std::string delivered() {
        const auto ledger = boost::json::parse(world_.ask(http::Method::get, "/_sandbox/deliveries").body);
        std::string all;
        for (const auto& item : ledger.at("items").as_array())
            all += from_base64url(item.at("raw").as_string()).value();
        return all;
    }
    int count() {
        int sum = 0;
        for (const auto& [marker, times] : world_.deliveries()) sum += times;
        return sum;
    }

    AgainstSandbox world_;
    User& user_ = world_.add_user();
    std::atomic<bool> acted_ = false;
};

TEST_F(Tampering, F14ADeletedDraftIsNotSentAndItsWriterIsAsked) {
    EXPECT_EQ(erase(), 204);
    world_.work_for(30min);
    EXPECT_EQ(send().problem.value().code, "draft_gone");
    EXPECT_EQ(count(), 0);
}

TEST_F(Tampering, F14ADraftDeletedWhileItIsBeingSentIsNotSent) {
    before_sending([this] { EXPECT_EQ(erase(), 204); });
    world_.work_for(30min);
    EXPECT_EQ(send().problem.value().code, "draft_gone");
    EXPECT_EQ(count(), 0);
}

TEST_F(Tampering, F14ADraftThatTheUserSendsIsSentOnce) {
    EXPECT_EQ(send_by_hand(), 200);
    world_.work_for(30min);
    EXPECT_EQ(send().state, SendState::sent);
    EXPECT_EQ(count(), 1);
}

TEST_F(Tampering, F14ADraftThatTheUserSendsMeanwhileIsSentOnce) {
    before_sending([this] { EXPECT_EQ(send_by_hand(), 200); });
    world_.work_for(30min);
    EXPECT_EQ(send().state, SendState::sent);
    EXPECT_EQ(count(), 1);
}

TEST_F(Tampering, F14AnEditedDraftGoesOutOnceAsItIsThen) {
    EXPECT_EQ(rewrite("Better offer", "Second thoughts"), 200);
    world_.work_for(1min);
    EXPECT_EQ(send().state, SendState::sent);
    EXPECT_EQ(count(), 1);
    EXPECT_THAT(delivered(), ::testing::HasSubstr("Second thoughts"));
}

TEST_F(Tampering, F14ADraftEditedWhileItIsBeingSentGoesOutOnce) {
    world_.set_faults({object{{"api", "drafts.send"}, {"kind", "reset_after_effect"}}});
    before_sending([this] { EXPECT_EQ(rewrite("Another subject", "Third thoughts"), 200); });
    world_.work_for(30min);
    EXPECT_EQ(send().state, SendState::sent);
    EXPECT_EQ(count(), 1);
    EXPECT_THAT(delivered(), ::testing::HasSubstr("Third thoughts"));
}

TEST_F(Tampering, F14AnEditThatAnswersLateDoesNotPassForTheSentCopy) {
    // Nothing was sent: the attempt failed, and the user then rewrote the draft, which history shows as a new message.
    world_.set_faults({object{{"api", "drafts.send"}, {"kind", "status"}, {"status", 503}}});
    world_.work(world_.node->outbox);
    ASSERT_EQ(send().state, SendState::unknown);
    EXPECT_EQ(rewrite("Offer", "After the failure"), 200);
    world_.border.meddle([](http::Request request, const http::Router& google) -> Task<http::Response> {
        const bool history = request.path.ends_with("/history");
        auto response = co_await google.answer(std::move(request));
        co_return history ? without_labels(std::move(response)) : std::move(response);
    });
    world_.clock.advance(kQuietTime);
    world_.work(world_.node->outbox);
    EXPECT_EQ(send().state, SendState::scheduled);
    EXPECT_EQ(count(), 0);
    world_.set_faults({});
    world_.work_for(1min);
    EXPECT_EQ(send().state, SendState::sent);
    EXPECT_EQ(count(), 1);
}

TEST_F(Tampering, F14ADraftThatLostItsMarkerAndItsAnswerIsNeverSentAgain) {
    EXPECT_EQ(rewrite("Offer", "Plain", false), 200);
    world_.set_faults({object{{"api", "drafts.send"}, {"kind", "reset_after_effect"}}});
    world_.work_for(30min);
    EXPECT_EQ(count(), 1);
    EXPECT_THAT(send().state, ::testing::AnyOf(SendState::sent, SendState::needs_user));
}

}  // namespace
}  // namespace inboxpro::app
