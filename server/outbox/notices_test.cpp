#include "outbox/notices.h"

#include "outbox/outbox_world.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

const Error kNoAnswer{.kind = ErrorKind::unavailable};

/// Three processes on one store, all of which find whatever is due.
struct Told : testing::OutboxWorld {
    std::vector<std::unique_ptr<Outbox>> nodes;
    void SetUp() override {
        OutboxWorld::SetUp();
        start_nodes_again();
    }
    void start_nodes_again() {
        nodes.clear();
        for (int i = 0; i < 3; ++i) nodes.emplace_back(new Outbox(outbox_with(access, zones, clock)));
    }
    /// They find the same mail at once and go on side by side; none of them may fail but by being overtaken.
    void work() {
        boost::asio::io_context loop;
        std::vector<std::vector<Send>> found;
        for (auto& node : nodes) found.push_back(run(node->due(64)).value());
        for (std::size_t i = 0; i < nodes.size(); ++i)
            for (auto& send : found[i])
                boost::asio::co_spawn(loop, nodes[i]->advance(send), [](std::exception_ptr failure, Result<Send> end) {
                    EXPECT_FALSE(failure);
                    EXPECT_TRUE(end || end.error().kind == ErrorKind::conflict) << end.error().detail;
                });
        loop.run();
    }
    void work_for(std::chrono::minutes time) {
        for (std::chrono::minutes passed{0}; passed < time; passed += 1min) {
            work();
            clock.advance(1min);
        }
    }
    void let_mail_be_late() {
        auto known = run(accounts.get(account)).value();
        known.late_after = 24h;
        run(accounts.update(known)).value();
    }
    std::vector<Notice> open() { return run(outbox.notices(account, 100, {})).value(); }
    /// Exactly one open notice, of this kind, and no other comes however often it is looked at, and after a restart.
    Notice only(const char* code) {
        const int before = told;
        for (int restart = 0; restart < 2; ++restart) {
            const auto all = open();
            EXPECT_EQ(all.size(), 1U);
            if (all.size() != 1) return {};
            EXPECT_EQ(all[0].problem.code, code);
            EXPECT_TRUE(all[0].problem.message.ends_with('.')) << all[0].problem.message;
            EXPECT_EQ(std::ranges::count(all[0].problem.message, '.'), 1) << "one sentence";
            EXPECT_FALSE(all[0].problem.what_to_do.empty());
            start_nodes_again();
            work_for(30min);
        }
        EXPECT_EQ(told, before);
        return open().at(0);
    }
    void fail(Call call, Error error, int times = 1'000) { google.fail_next(call, std::move(error), times); }
};

TEST_F(Told, OnceWhenTheDraftIsGone) {
    const auto id = submit_letter().message.id;
    drafts().clear();
    work_for(15min);
    EXPECT_EQ(only("draft_gone").message, id);
    EXPECT_EQ(told, 1);
}

TEST_F(Told, OnceWhenGmailRefusesWhatTheMailSays) {
    const auto id = submit_letter().message.id;
    fail(Call::send_draft, {.kind = ErrorKind::invalid, .detail = "invalidArgument"});
    work_for(5min);
    EXPECT_EQ(only("refused").message, id);
    EXPECT_EQ(told, 1);
}

TEST_F(Told, OnceWhenFiveAttemptsCameToNothing) {
    submit_letter();
    fail(Call::send_draft, kNoAnswer);
    work_for(40min);
    only("gave_up");
    EXPECT_EQ(told, 1);
}

TEST_F(Told, OnceWhenItIsLate) {
    submit_letter();
    clock.advance(kLateAfter);
    work_for(5min);
    only("late");
    EXPECT_EQ(told, 1);
}

TEST_F(Told, OnceWhenAChangeWasCutOff) {
    auto send = submit_letter().send;
    send.changing = true;
    run(sends.update(send)).value();
    work_for(5min);
    only("change_unclear");
    EXPECT_EQ(told, 1);
}

TEST_F(Told, OnceWhenADraftOfATakenBackMailIsLeft) {
    const auto id = submit_letter().message.id;
    fail(Call::delete_draft, kNoAnswer, 1);
    run(outbox.cancel(account, id)).value();
    only("draft_left");
    EXPECT_EQ(told, 1);
}

TEST_F(Told, OnceWhenGmailDoesNotSayForLongWhetherItWentOutAndNoMoreWhenItDoes) {
    const auto id = submit_letter().message.id;
    google.lose_next_answer(Call::send_draft);
    fail(Call::get_draft, kNoAnswer, 200);
    work_for(40min);
    EXPECT_TRUE(open().empty()) << "that Google is away for a while is nobody's concern";
    work_for(30min);
    EXPECT_EQ(only("unclear").message, id);
    EXPECT_EQ(told, 1);
    while (stored(id).state != SendState::sent) work_for(10min);
    EXPECT_TRUE(open().empty());
    EXPECT_EQ(told, 1);
}

TEST_F(Told, OnceForAllMailWhenTheGrantIsWithdrawnAndAgainWhenTheNextOneIs) {
    let_mail_be_late();
    for (int i = 0; i < 20; ++i) submit_letter();
    for (int grant = 1; grant <= 2; ++grant) {
        google.withdraw(ann.subject);
        access.forget(account);
        work_for(20min);
        EXPECT_FALSE(only("reconnect").message);
        EXPECT_EQ(told, grant);
        auto known = run(accounts.get(account)).value();
        known.state = Account::State::active;
        known.refresh_token = google.grant(ann, known.scopes);
        run(accounts.update(known)).value();
        run(outbox.release(account)).value();
        EXPECT_TRUE(open().empty());
    }
}

TEST_F(Told, OnceForAllMailWhenTheAdministratorLetsNobodyIn) {
    let_mail_be_late();
    for (int i = 0; i < 20; ++i) submit_letter();
    fail(Call::profile, {.kind = ErrorKind::denied, .detail = "domainPolicy"});
    work_for(10min);
    EXPECT_FALSE(only("blocked").message);
    EXPECT_EQ(told, 1);
}

TEST_F(Told, OnceForAllMailWhenTheQuotaOfTheDayIsUsedUpAndNoMoreWhenMailGoesOut) {
    std::vector<MessageId> ids;
    for (int i = 0; i < 20; ++i) ids.push_back(submit_letter().message.id);
    fail(Call::send_draft, {.kind = ErrorKind::rate_limited, .detail = "dailyLimitExceeded", .retry_after = 55min}, 1);
    work_for(30min);
    const auto all = open();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].problem.code, "limit");
    EXPECT_FALSE(all[0].message);
    EXPECT_EQ(told, 1);
    start_nodes_again();
    work_for(29min);
    EXPECT_EQ(sent_count(), 20U);
    EXPECT_TRUE(open().empty());
    EXPECT_EQ(told, 1);
}

TEST_F(Told, OnceWhenTheProcessEndedBeforeItCouldSaySo) {
    auto send = submit_letter().send;
    // As the write of what became of a mail leaves it.
    send.state = SendState::needs_user;
    send.problem = Send::Problem{.code = "refused", .message = "It was refused.", .what_to_do = "Correct it."};
    run(sends.update(send)).value();
    EXPECT_TRUE(open().empty());
    work();
    only("refused");
    EXPECT_EQ(told, 1);
}

TEST_F(Told, AgainWhenTheWriterDecidedAndItFailedAgain) {
    const auto id = submit_letter().message.id;
    for (int times = 1; times <= 2; ++times) {
        clock.advance(kLateAfter + 1h);
        work();
        only("late");
        EXPECT_EQ(told, times);
        run(outbox.reschedule(account, id, {.at = clock.now() + 1h})).value();
        EXPECT_TRUE(open().empty()) << "its writer saw to it";
    }
}

TEST_F(Told, OnlyOfWhatIsWrongNowWithAMailThatFailsAgain) {
    const auto id = submit_letter().message.id;
    for (int times = 1; times <= 3; ++times) {
        clock.advance(kLateAfter + 1h);
        work();
        EXPECT_EQ(told, times);
        if (times < 3) run(outbox.reschedule(account, id, {.at = clock.now() + 1h})).value();
    }
    EXPECT_EQ(only("late").epoch, stored(id).epoch);
}

TEST_F(Told, NoMoreOnceDismissed) {
    submit_letter();
    clock.advance(kLateAfter);
    work();
    const auto notice = only("late");
    EXPECT_EQ(run(outbox.dismiss(AccountId::make(clock.now(), random), notice.id)).error().kind, ErrorKind::not_found);
    run(outbox.dismiss(account, notice.id)).value();
    run(outbox.dismiss(account, notice.id)).value();
    EXPECT_TRUE(open().empty());
    EXPECT_FALSE(run(notices.tell(stored(*notice.message))).value()) << "it was told";
    start_nodes_again();
    work_for(60min);
    EXPECT_TRUE(open().empty());
    EXPECT_EQ(told, 1);
}

TEST_F(Told, InPagesTheNewestFirst) {
    std::vector<MessageId> ids;
    for (int i = 0; i < 7; ++i) {
        ids.push_back(submit_letter({.at = clock.now() + 1min * i}).message.id);
        clock.advance(1s);
    }
    work_for(1min);
    EXPECT_TRUE(open().empty());
    clock.advance(2 * kLateAfter);
    work_for(1min);
    std::vector<MessageId> listed;
    std::optional<RawId> after;
    for (int page = 0; page < 4; ++page)
        for (const auto& notice : run(outbox.notices(account, 2, after)).value()) {
            listed.push_back(*notice.message);
            after = notice.id;
        }
    EXPECT_EQ(listed.size(), 6U) << "the first went out in time";
    EXPECT_TRUE(std::ranges::none_of(listed, [&](MessageId id) { return id == ids[0]; }));
}

}  // namespace
}  // namespace inboxpro
