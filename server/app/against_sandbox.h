#pragma once
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <map>

#include "app/collections.h"
#include "google/http_google_api.h"
#include "http/server/server.h"
#include "outbox/outbox.h"
#include "sandbox/form.h"
#include "sandbox/sandbox.h"
#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"

namespace inboxpro::app {

/// For tests: every request to Google passes here and is written down, and here it can be interfered with.
class Border {
  public:
    struct Seen {
        std::string who;   ///< The user's address; empty while nobody is known by the token.
        std::string call;  ///< "POST /gmail/v1/users/me/drafts/send"
        TimePoint at;
        int status = 0;  ///< 0: the answer was cut off, or is not out yet.
    };
    /// Answers in Google's place, or asks `google`.
    using Meddler = std::function<Task<http::Response>(http::Request, const http::Router& google)>;

    Border(const http::Router& google, const Clock& clock) : google_(google), clock_(clock) {
        router_.otherwise([this](http::Request request) { return pass(std::move(request)); });
    }
    const http::Router& router() const { return router_; }

    void meddle(Meddler meddler) {
        const std::lock_guard lock(mutex_);
        meddler_ = std::move(meddler);
    }
    /// From now on this token, and the access tokens that it brings, are the user's.
    void introduce(const std::string& token, const std::string& who) {
        const std::lock_guard lock(mutex_);
        people_[token] = who;
    }
    std::vector<Seen> seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }
    /// How many calls there were whose line holds `part`.
    std::ptrdiff_t count(std::string_view part) const {
        return std::ranges::count_if(seen(), [&](const Seen& each) { return each.call.contains(part); });
    }
    std::string who(const http::Request& request) const {
        const auto bearer = request.headers.get("Authorization");
        const auto token = bearer.empty() ? sandbox::Form::of(request).get("refresh_token")
                                          : std::string(bearer.substr(bearer.find(' ') + 1));
        const std::lock_guard lock(mutex_);
        const auto found = people_.find(token);
        return found == people_.end() ? std::string() : found->second;
    }

    /// The connection breaks before the answer is whole.
    static http::Response cut_off() {
        http::Response response;
        response.stream = [](http::BodyStream&) -> Task<void> {
            throw std::runtime_error("this answer is cut off on purpose");
            co_return;
        };
        return response;
    }

  private:
    Task<http::Response> pass(http::Request request) {
        const auto person = who(request);
        std::size_t number = 0;
        Meddler meddler;
        {
            const std::lock_guard lock(mutex_);
            number = seen_.size();
            seen_.push_back({person, std::string(http::name_of(request.method)) + " " + request.path, clock_.now()});
            meddler = meddler_;
        }
        const bool gives_token = request.path == "/token";
        auto response = co_await (meddler ? meddler(std::move(request), google_) : google_.answer(std::move(request)));
        if (gives_token && response.status == 200 && !response.stream) note_token(response.body, person);
        const std::lock_guard lock(mutex_);
        seen_[number].status = response.stream ? 0 : response.status;
        co_return response;
    }
    void note_token(const std::string& body, const std::string& person) {
        boost::system::error_code failure;
        const auto answer = boost::json::parse(body, failure);
        if (!failure && answer.is_object() && answer.as_object().contains("access_token"))
            introduce(std::string(answer.at("access_token").as_string()), person);
    }

    const http::Router& google_;
    const Clock& clock_;
    http::Router router_;
    mutable std::mutex mutex_;
    Meddler meddler_;
    std::map<std::string, std::string> people_;
    std::vector<Seen> seen_;
};

/// History that says nothing of labels.
inline http::Response without_labels(http::Response response) {
    auto body = boost::json::parse(response.body).as_object();
    if (auto* history = body.if_contains("history"))
        for (auto& record : history->as_array())
            if (auto* added = record.as_object().if_contains("messagesAdded"))
                for (auto& entry : added->as_array()) entry.at("message").as_object().erase("labelIds");
    return http::Response::json(200, boost::json::serialize(body));
}

/// For tests: the real Google client, accounts and outbox against a real sandbox, over sockets. Time is the tests' own:
/// simulated hours pass as fast as the calls are made.
class AgainstSandbox {
  public:
    struct User {
        std::string address;
        AccountId account;
        Secret refresh_token;
        std::string other_client;  ///< An access token of another program of the user's.
    };
    /// One node that sends: what it knows besides the store goes with it.
    struct Node {
        Node(AgainstSandbox& world, const std::string& origin, GoogleDeadlines deadlines)
            : google(GoogleEndpoints::at(origin), {.id = "app", .secret = Secret{"secret"}}, world.clock, deadlines),
              access(google, world.accounts, world.clock),
              outbox({.tracking_origin = "https://t.example.org"}, access, world.accounts, world.consents,
                     world.messages, world.sends, world.ledger, world.notices, world.zones, world.sealer, world.clock,
                     world.random) {}
        HttpGoogleApi google;
        GoogleAccess access;
        Outbox outbox;
    };

    static constexpr std::size_t kAtOnce = 32;
    static inline const auto kSigningKeys = std::make_shared<sandbox::oauth::SigningKeys>();

    explicit AgainstSandbox(std::unique_ptr<Store> opened = make_memory_store(all_collections()),
                            std::optional<KeyFile> own_keys = {})
        : keys(own_keys ? std::move(*own_keys) : KeyFile::in_memory(random)), store(std::move(opened)) {
        http::ServerOptions options{.listen = "127.0.0.1:0", .name = "sandbox"};
        options.limits.body = 52 * 1024 * 1024;
        server = http::Server::listen(std::move(options), border.router(), threads, real_clock, random).value();
        server->start();
        origin = fmt::format("http://127.0.0.1:{}", server->port());
        google.set_origin(origin);
        node = std::make_unique<Node>(*this, origin, GoogleDeadlines{});
    }
    ~AgainstSandbox() {
        node.reset();
        server->stop(std::chrono::milliseconds{0});
        threads.stop();
    }
    AgainstSandbox(const AgainstSandbox&) = delete;
    AgainstSandbox& operator=(const AgainstSandbox&) = delete;

    /// The node starts again, with these deadlines.
    void restart(GoogleDeadlines deadlines) { node = std::make_unique<Node>(*this, origin, deadlines); }

    // People
    User& add_user() {
        User user{.address = fmt::format("user{}@sandbox.example", users.size())};
        EXPECT_TRUE(google.add_user(user.address, "Somebody"));
        user.refresh_token = grant(user.address);
        Account account{.email = user.address, .name = "Somebody", .google_subject = user.address};
        account.tracking_mode = TrackingMode::on;
        account.scopes = {std::string(scope::kGmailModify)};
        account.refresh_token = user.refresh_token;
        user.account = testing::run(accounts.create(account)).value().id;
        user.other_client = access_token(grant(user.address, "another program"));
        users.push_back(std::make_unique<User>(std::move(user)));
        return *users.back();
    }
    void add_users(int count) {
        for (int i = 0; i < count; ++i) add_user();
    }
    /// How late mail may go out unasked, from now on.
    void late_after(std::chrono::minutes late) {
        for (const auto& user : users) {
            auto account = testing::run(accounts.get(user->account)).value();
            account.late_after = late;
            ASSERT_TRUE(testing::run(accounts.update(std::move(account))));
        }
    }
    /// The user agrees once more; nobody here is told of it.
    Secret grant(const std::string& address, const std::string& client = "app",
                 const std::string& scopes = std::string(scope::kGmailModify)) {
        const auto answer = ask(http::Method::post, "/o/oauth2/v2/auth",
                                form({{"client_id", client},
                                      {"redirect_uri", "http://localhost/back"},
                                      {"response_type", "code"},
                                      {"scope", scopes},
                                      {"access_type", "offline"},
                                      {"prompt", "consent"},
                                      {"account", address}}),
                                kForm);
        const boost::urls::url_view back = boost::urls::parse_uri(answer.headers.get("Location")).value();
        const auto code = (*back.params().find("code")).value;
        const auto token = ask(http::Method::post, "/token",
                               form({{"grant_type", "authorization_code"},
                                     {"code", code},
                                     {"redirect_uri", "http://localhost/back"},
                                     {"client_id", client},
                                     {"client_secret", "secret"}}),
                               kForm);
        std::string refresh(boost::json::parse(token.body).at("refresh_token").as_string());
        if (client == "app") border.introduce(refresh, address);
        return Secret{refresh};
    }
    /// Ends every grant of the user at Google, as changing the password does.
    void withdraw(User& user) {
        ask(http::Method::post, "/revoke", form({{"token", Bytes(user.refresh_token.reveal())}}), kForm);
    }
    /// What the callback of a new sign-in does.
    void reconnect(User& user) {
        user.refresh_token = grant(user.address);
        auto account = testing::run(accounts.get(user.account)).value();
        account.refresh_token = user.refresh_token;
        account.state = Account::State::active;
        ASSERT_TRUE(testing::run(accounts.update(account)));
        node->access.forget(user.account);
        ASSERT_TRUE(testing::run(node->outbox.release(user.account)));
    }

    // Mail
    Result<Submitted> submit(const User& user, const std::string& to = "bob@example.org") {
        Submission letter;
        letter.mail.to = {{.address = to}};
        letter.mail.subject = "Offer";
        letter.mail.html = "<p>See <a href=\"https://example.org/offer\">our offer</a></p>";
        auto submitted = testing::run(node->outbox.submit(user.account, std::move(letter)));
        if (submitted) mails.emplace_back(user.account, submitted->message.id);
        return submitted;
    }
    /// `count` mails, from every user in turn.
    void submit_all(int count) {
        for (int i = 0; i < count; ++i) ASSERT_TRUE(submit(*users[static_cast<std::size_t>(i) % users.size()]));
    }
    Send send_of(const std::pair<AccountId, MessageId>& mail) {
        return testing::run(sends.get(mail.first, mail.second)).value();
    }
    std::map<std::string, int> states() {
        std::map<std::string, int> count;
        for (const auto& mail : mails) {
            const auto send = send_of(mail);
            const auto held = send.state == SendState::held ? "held" : std::string(name_of(send.state));
            ++count[held + (send.problem ? ":" + send.problem->code : "")];
        }
        return count;
    }

    /// What the users are told, by reason.
    std::map<std::string, int> told() {
        std::map<std::string, int> count;
        for (const auto& user : users)
            for (const auto& notice : testing::run(node->outbox.notices(user->account, 200, {})).value())
                ++count[notice.problem.code];
        return count;
    }

    /// Takes everything that is due a step further, as the worker does; whether there was anything.
    bool work(Outbox& outbox) {
        const auto due = testing::run(outbox.due(2 * kAtOnce)).value();
        boost::asio::io_context loop;
        for (std::size_t i = 0; i < std::min(due.size(), kAtOnce); ++i)
            boost::asio::co_spawn(loop, outbox.advance(due[i]), [](std::exception_ptr failure, Result<Send> outcome) {
                EXPECT_FALSE(failure);
                EXPECT_TRUE(outcome) << outcome.error().detail;
            });
        loop.run();
        return !due.empty();
    }
    /// Works for this long.
    void work_for(std::chrono::seconds time, Outbox& outbox) {
        const auto end = clock.now() + time;
        while (clock.now() < end)
            if (!work(outbox)) clock.advance(std::chrono::seconds{10});
    }
    void work_for(std::chrono::seconds time) { work_for(time, node->outbox); }

    // Google, from aside
    http::Response ask(http::Method method, std::string target, std::string body = {}, std::string type = {},
                       const std::string& token = {}) {
        http::Request request{.method = method, .target = target};
        const auto url = boost::urls::parse_origin_form(target);
        request.path = std::string(url->path());
        for (const auto& parameter : url->params()) request.query.emplace_back(parameter.key, parameter.value);
        request.body = std::move(body);
        if (!type.empty()) request.headers.add("Content-Type", std::move(type));
        if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
        return testing::run(google.router().answer(std::move(request)));
    }
    void set_faults(const boost::json::array& faults) {
        const auto answer = ask(http::Method::post, "/_sandbox/faults", boost::json::serialize(faults), kJson);
        ASSERT_EQ(answer.status, 200) << answer.body;
    }
    /// How many calls the faults hit.
    int hits() {
        int sum = 0;
        const auto report = boost::json::parse(ask(http::Method::get, "/_sandbox/faults").body);
        for (const auto& fault : report.at("items").as_array()) sum += fault.at("hits").to_number<int>();
        return sum;
    }
    /// Marker -> times that a mail with it reached somebody.
    std::map<std::string, int> deliveries() {
        std::map<std::string, int> count;
        const auto told = boost::json::parse(ask(http::Method::get, "/_sandbox/deliveries").body);
        for (const auto& item : told.at("items").as_array()) ++count[std::string(item.at("marker").as_string())];
        return count;
    }
    int drafts_of(const User& user) {
        const auto list =
            boost::json::parse(ask(http::Method::get, "/gmail/v1/users/me/drafts", {}, {}, user.other_client).body);
        const auto* drafts = list.as_object().if_contains("drafts");
        return drafts == nullptr ? 0 : static_cast<int>(drafts->as_array().size());
    }
    /// Each mail was delivered once and is known to be sent, and nothing else was delivered.
    void expect_each_sent_once() {
        const auto delivered = deliveries();
        EXPECT_EQ(delivered.size(), mails.size());
        for (const auto& mail : mails) {
            const auto send = send_of(mail);
            EXPECT_EQ(send.state, SendState::sent) << name_of(send.state) << (send.problem ? send.problem->code : "");
            const auto found = delivered.find(send.marker);
            EXPECT_EQ(found == delivered.end() ? 0 : found->second, 1);
        }
        for (const auto& user : users) EXPECT_EQ(drafts_of(*user), 0);
        const auto twice = std::ranges::count_if(delivered, [](const auto& one) { return one.second > 1; });
        fmt::print("{} mails, {} faults: {} delivered, {} of them more than once\n", mails.size(), hits(),
                   delivered.size(), twice);
    }

    static constexpr const char* kJson = "application/json";
    static constexpr const char* kForm = "application/x-www-form-urlencoded";
    static std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
        std::string body;
        for (const auto& [name, value] : fields) body += name + "=" + sandbox::query_encoded(value) + "&";
        return body;
    }

    /// Of the other program.
    std::string access_token(const Secret& refresh_token) {
        const auto answer = ask(http::Method::post, "/token",
                                form({{"grant_type", "refresh_token"},
                                      {"refresh_token", Bytes(refresh_token.reveal())},
                                      {"client_id", "another program"},
                                      {"client_secret", "secret"}}),
                                kForm);
        return std::string(boost::json::parse(answer.body).at("access_token").as_string());
    }

    testing::FakeClock clock;
    SystemClock real_clock;
    SystemRandom random;
    KeyFile keys;
    std::unique_ptr<Store> store;
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    TokenSealer sealer{keys.keys(KeyPurpose::token)};
    Accounts accounts{documents, ring, index, clock, random};
    Objections objections{documents, index, clock};
    Consents consents{documents, index, objections, clock};
    Messages messages{documents};
    Sends sends{documents};
    Ledger ledger{documents, clock, random};
    Notices notices{documents, clock};
    SystemZones zones;

    sandbox::Sandbox google{{.clients = {}, .keys = kSigningKeys}, clock, random};
    Border border{google.router(), clock};
    http::IoThreads threads{1};
    std::unique_ptr<http::Server> server;
    std::string origin;
    std::unique_ptr<Node> node;

    std::vector<std::unique_ptr<User>> users;
    std::vector<std::pair<AccountId, MessageId>> mails;  ///< That were accepted.
};

}  // namespace inboxpro::app
