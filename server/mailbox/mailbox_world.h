#pragma once
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>

#include "mailbox/follower.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "testing/scripted_google.h"

namespace inboxpro::testing {

/// Notes what it is told, and fails when told to.
class NotingListener final : public MailboxListener {
  public:
    Task<Result<void>> changed(AccountId account, std::vector<MailboxChange> changes) override {
        ++times;
        if (throw_next-- > 0) throw std::runtime_error("a bug");
        if (fail_next-- > 0) co_return fail(ErrorKind::denied, "not now");
        if (on_change) on_change(account);
        told += changes.size();
        if (keep)
            for (auto& change : changes) seen.push_back(std::move(change));
        if (pause) co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        co_return Result<void>{};
    }

    std::vector<std::string> ids(MailboxChange::Kind kind = MailboxChange::Kind::added) const {
        std::vector<std::string> found;
        for (const auto& change : seen)
            if (change.kind == kind) found.push_back(change.message_id);
        return found;
    }
    std::size_t count(MailboxChange::Kind kind) const { return ids(kind).size(); }

    std::vector<MailboxChange> seen;
    bool keep = true;    ///< Otherwise only counts.
    bool pause = false;  ///< Gives way after it has noted the changes.
    std::size_t told = 0;
    int times = 0;
    int fail_next = 0;
    int throw_next = 0;
    std::function<void(AccountId)> on_change;
};

/// A mail account at a scripted Google and a follower on a store in memory or in a file.
struct MailboxWorld {
    explicit MailboxWorld(const std::filesystem::path& file = {}, std::string topic = {})
        : topic_name(std::move(topic)), store(opened(file)) {
        follower.tell(listener);
    }
    static std::unique_ptr<Store> opened(const std::filesystem::path& file) {
        const std::vector<const Collection*> all{&kAccountKeys, &kAccounts, &kMailboxes};
        return file.empty() ? make_memory_store(all) : open_sqlite_store({.file = file}, all).value();
    }

    AccountId link(const Person& person = {}) {
        Account fresh{.email = person.email, .name = person.name, .google_subject = person.subject};
        fresh.scopes = {std::string(scope::kGmailCompose), std::string(scope::kGmailMetadata)};
        fresh.refresh_token = google.grant(person, fresh.scopes);
        return run(accounts.create(fresh)).value().id;
    }
    /// An account that was looked at once and waits for its next look.
    AccountId followed(const Person& person = {}) {
        const auto account = link(person);
        run(follower.follow(account)).value();
        look_at_due();
        return account;
    }
    /// Every look that is due, and what becomes due by it at once; returns how many.
    std::size_t look_at_due(Follower& by) {
        std::size_t looks = 0;
        for (;;) {
            const auto due = run(by.due(100)).value();
            if (due.empty()) return looks;
            for (const auto account : due) {
                run(by.look(account)).value();
                ++looks;
            }
        }
    }
    std::size_t look_at_due() { return look_at_due(follower); }
    FollowedMailbox mailbox(AccountId account) { return run(mailboxes.get(account)).value(); }
    void wait_for_next(AccountId account) { clock.advance(mailbox(account).due_at - clock.now()); }

    FakeClock clock;
    SeededRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::string topic_name;
    std::unique_ptr<Store> store;
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    Accounts accounts{documents, ring, index, clock, random};
    ScriptedGoogle google{clock};
    GoogleAccess access{google, accounts, clock};
    Mailboxes mailboxes{documents};
    NotingListener listener;
    Follower follower{{.topic = topic_name}, mailboxes, access, accounts, clock, random};
};

}  // namespace inboxpro::testing
