#pragma once
#include <fmt/format.h>

#include "outbox/simulation/limits.h"
#include "outbox/simulation/node.h"
#include "outbox/simulation/outcome.h"
#include "store/memory/memory_store.h"
#include "testing/run.h"
#include "tracking/events.h"
#include "tracking/tally.h"

namespace inboxpro::simulation {

/// The history of a few mails from their writing to their end, made from a seed: two to five nodes on one store, wrong
/// clocks, Google at its worst, users who meddle with the drafts and change their sending rules, grants that die, nodes
/// that crash at any step or stand still. Time is simulated. The same seed makes the same history.
class History {
  public:
    explicit History(std::uint64_t seed, Bug bug = Bug::none) : dice_(seed), bug_(bug), random_(seed) {}

    Outcome live() {
        begin();
        boost::asio::co_spawn(loop_, drive(), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
        sleeper_.run(loop_);
        judge();
        return std::move(outcome_);
    }

  private:
    static constexpr int kMostTurns = 3'000;
    static constexpr auto kTail = 2min;

    struct Wish {
        TimePoint earliest;       ///< It must not go out before.
        bool is_changed = false;  ///< Its writer was told that it says something else now.
        bool may_be_changed = false;
        bool in_hours = false;
    };
    bool one_in(unsigned times) { return dice_() % times == 0; }
    std::size_t below(std::size_t limit) { return dice_() % limit; }

    void begin() {
        const auto strength = static_cast<unsigned>(below(4));
        const auto often = [&] { return one_in(2) ? strength * static_cast<unsigned>(below(80)) : 0U; };
        gmail_.calm_from = clock_.now() + std::chrono::minutes{10 + below(120)};
        weather_ = {.limited = often(), .failed = often(), .lost = often(), .slow = often()};
        nodes_.resize(2 + below(4));
        for (auto& node : nodes_) node = make_node();
        Documents documents{*store_, ring_, random_};
        Accounts accounts{documents, ring_, index_, clock_, random_};
        Account fresh{.email = person_.email, .name = person_.name, .google_subject = person_.subject};
        fresh.scopes = {std::string(scope::kGmailModify), std::string(scope::kGmailCompose),
                        std::string(scope::kGmailMetadata), std::string(scope::kGmailSettings)};
        scopes_ = fresh.scopes;
        fresh.refresh_token = gmail_.grant(person_, scopes_);
        if (is_limited_) {
            clock_.advance(std::chrono::minutes{below(24 * 60)});
            gmail_.calm_from += clock_.now() - started_;
            fresh.sending = some_rules();
            limits_.change(clock_.now(), fresh.sending);
        }
        account_ = testing::run(accounts.create(std::move(fresh))).value().id;
    }

    /// Few enough places, and narrow enough hours, that a few mails meet them.
    SendingRules some_rules() {
        SendingRules rules{.time_zone = "Europe/Berlin", .daily_limit = 1 + static_cast<int>(below(2))};
        const int opening = static_cast<int>(below(20)) * 60;
        if (one_in(2)) rules.hours = {{.weekdays = 0x7f, .from = opening, .until = opening + 240}};
        return rules;
    }
    std::unique_ptr<Node> make_node() {
        static constexpr std::chrono::minutes kSkews[] = {0min, 0min, 0min, 0min, 5min, -5min, 60min, -60min};
        const auto skew = wrong_clocks_ ? kSkews[below(std::size(kSkews))] : 0min;
        furthest_ahead_ = std::max<std::chrono::milliseconds>(furthest_ahead_, skew);
        furthest_behind_ = std::max<std::chrono::milliseconds>(furthest_behind_, -skew);
        auto node = std::make_unique<Node>(shared_, weather_, skew);
        if (one_in(2)) node->steps.crash_after(1 + static_cast<int>(below(150)));
        if (stalls_) node->steps.stall_one_in(400);
        return node;
    }
    /// Any node that lives; dead ones are started again now and then.
    Node& some_node() {
        auto& node = nodes_[below(nodes_.size())];
        if (node->steps.is_dead()) {
            ++outcome_.crashes;
            buried_.push_back(std::exchange(node, make_node()));
        }
        return *node;
    }

    Task<void> drive() {
        const auto mails = is_limited_ ? 2 + below(2) : one_in(3) ? 2 : 1;
        for (std::size_t i = 0; i < mails; ++i) co_await submit();
        plan_meddling();
        for (int turn = 0; turn < kMostTurns; ++turn) {
            const auto open = open_among(co_await stored_sends());
            if (open.empty() && meddlers_ == 0) break;
            auto& node = some_node();
            boost::asio::co_spawn(loop_, work(node), boost::asio::detached);
            co_await sleeper_.sleep(rest(open));
        }
    }
    /// Until the first of them is due by the right clock, or a moment where one is due already.
    std::chrono::milliseconds rest(const std::vector<Record>& open) {
        // Where nobody meddles any longer, nothing happens before.
        auto next = clock_.now() + (is_limited_ && meddlers_ == 0 ? std::chrono::minutes{600} : 20min);
        for (const auto& record : open) next = std::min(next, due_at(record));
        const auto least = clock_.now() + std::chrono::milliseconds{2'000 + below(20'000)};
        return std::max(next, least) - clock_.now();
    }
    static TimePoint due_at(const Record& record) { return from_millis(std::get<std::int64_t>(record.fields.at(1))); }
    static SendState state_of(const Record& record) {
        return static_cast<SendState>(std::get<std::int64_t>(record.fields.at(0)));
    }
    Task<std::vector<Record>> stored_sends() {
        auto found =
            co_await store_->find(kSends, {.index = "by_account", .equals = {Bytes(account_.view())}, .limit = 100});
        co_return std::move(found).value();
    }
    std::vector<Record> all_sends() { return testing::run(stored_sends()); }
    std::vector<Record> open_sends() { return open_among(all_sends()); }
    static std::vector<Record> open_among(std::vector<Record> all) {
        std::erase_if(all, [](const Record& record) {
            const auto state = state_of(record);
            const bool is_told = state == SendState::needs_user && due_at(record) == kNever;
            return state == SendState::sent || state == SendState::cancelled || is_told;
        });
        return all;
    }

    Task<void> submit() {
        Submission submission;
        submission.raw = "From: ann@example.com\r\nTo: bob@example.org\r\nSubject: Offer\r\n\r\nHere it is.\r\n";
        Timing timing;
        if (one_in(3))
            timing.undo = 10s;
        else if (one_in(2))
            timing.at = clock_.now() + std::chrono::minutes{1 + below(180)} + furthest_ahead_;
        timing.in_hours = is_limited_ && one_in(2);
        submission.timing = timing;
        for (int tries = 0; tries < 4; ++tries) {
            auto& node = some_node();
            const auto earliest = timing.at.value_or(clock_.now() + timing.undo);
            try {
                auto submitted = co_await node.outbox.submit(account_, submission);
                if (submitted) {
                    wishes_[submitted->message.id] = {.earliest = earliest, .in_hours = timing.in_hours};
                    co_return;
                }
            } catch (const Crashed&) {
                // Nobody knows whether it was taken. Its writer does not repeat what may go out.
                co_return;
            }
            co_await sleeper_.sleep(std::chrono::seconds{60 + below(300)});
        }
    }

    Task<void> work(Node& node) {
        try {
            if (is_limited_) co_await plan_anew(node);
            auto due = co_await node.outbox.due(8);
            if (!due) co_return;
            for (auto& send : *due) co_await advance(node, std::move(send));
        } catch (const Crashed&) {
            co_return;  // That was its end; some_node() starts it again.
        }
    }
    static Task<void> plan_anew(Node& node) {
        auto replans = co_await node.outbox.replans_due(1);
        if (!replans) co_return;
        for (auto& replan : *replans) co_await node.outbox.replan(std::move(replan));
    }
    Task<void> advance(Node& node, Send send) {
        if (send.state == SendState::unknown || send.state == SendState::sending) ++outcome_.looked_up;
        auto after = co_await node.outbox.advance(std::move(send));
        if (bug_ != Bug::retry_without_looking || !after || after->state != SendState::unknown) co_return;
        after->state = SendState::scheduled;
        after->due_at = node.clock.now();
        auto again = co_await node.sends.update(std::move(*after));
        if (again) co_await node.outbox.advance(std::move(*again));
    }

    // What people do meanwhile
    void plan_meddling() {
        if (one_in(6)) meddle([this] { return delete_a_draft(); });
        if (one_in(6)) meddle([this] { return send_a_draft_by_hand(); });
        if (one_in(6)) meddle([this] { return edit_a_draft(); });
        if (one_in(6)) meddle([this] { return take_one_back(); });
        // Most mail does not wait for long.
        if (one_in(3)) meddle([this] { return change_one(); }, one_in(2) ? 400s : 5s);
        if (is_limited_ && one_in(2)) meddle([this] { return change_the_rules(); });
        if (one_in(6)) meddle([this] { return send_one_now(); });
        if (one_in(6)) meddle([this] { return let_the_grant_die(); });
        if (one_in(4)) meddle([this] { return let_history_lag(); });
        if (one_in(8)) meddle([this] { return forget_history(); });
    }
    void meddle(std::function<Task<void>()> act, std::chrono::milliseconds within = 400s) {
        ++meddlers_;
        const std::chrono::milliseconds after{below(static_cast<std::size_t>(within.count()))};
        boost::asio::co_spawn(loop_, meddle_later(std::move(act), after), boost::asio::detached);
    }
    Task<void> meddle_later(std::function<Task<void>()> act, std::chrono::milliseconds after) {
        co_await sleeper_.sleep(after);
        try {
            co_await act();
            --meddlers_;
        } catch (const Crashed&) {
            --meddlers_;  // Nobody knows what became of it.
        }
    }
    auto& drafts() { return gmail_.mailbox(person_.subject).drafts; }
    Task<void> delete_a_draft() {
        if (drafts().empty()) co_return;
        deleted_.insert(drafts().begin()->first);
        drafts().erase(drafts().begin());
    }
    Task<void> send_a_draft_by_hand() {
        if (drafts().empty()) co_return;
        // Not beside a call that is under way: which of the two Gmail would refuse is its own affair.
        const auto draft = drafts().begin()->second;
        for (const auto& record : all_sends())
            if (state_of(record) == SendState::sending || state_of(record) == SendState::unknown) co_return;
        by_hand_.insert(draft.ids.draft_id);
        gmail_.send(person_.subject, draft);
    }
    Task<void> edit_a_draft() {
        if (drafts().empty()) co_return;
        auto& draft = drafts().begin()->second;
        draft.ids.message_id += "e";
        gmail_.happen(person_.subject, {.message_id = draft.ids.message_id, .thread_id = draft.ids.thread_id});
    }
    Task<void> take_one_back() {
        if (wishes_.empty()) co_return;
        co_await some_node().outbox.cancel(account_, wishes_.begin()->first);
    }
    /// The last of them that waits, which is likeliest to be there still.
    std::optional<MessageId> one_that_waits() {
        std::optional<MessageId> one;
        for (const auto& record : open_sends()) {
            const auto state = state_of(record);
            const bool waits = state == SendState::undo || state == SendState::scheduled || state == SendState::held;
            if (waits && wishes_.contains(MessageId{record.id})) one = MessageId{record.id};
        }
        return one;
    }
    Task<void> change_one() {
        const auto waiting = one_that_waits();
        if (!waiting) co_return;
        const auto id = *waiting;
        wishes_.at(id).may_be_changed = true;
        Submission submission;
        submission.raw = "From: ann@example.com\r\nTo: bob@example.org\r\nSubject: Offer\r\n\r\nChanged.\r\n";
        const auto changed = co_await some_node().outbox.change(account_, id, submission);
        if (!changed) co_return;
        wishes_.at(id).is_changed = true;
        ++outcome_.changed;
    }
    Task<void> change_the_rules() {
        try {
            co_await change_the_rules(some_node());
        } catch (const Crashed&) {
            // Whether they changed nobody was told.
            Documents documents{*store_, ring_, random_};
            Accounts accounts{documents, ring_, index_, clock_, random_};
            limits_.change(clock_.now(), testing::run(accounts.get(account_))->sending);
            throw;
        }
    }
    Task<void> change_the_rules(Node& node) {
        for (bool done = false; !done;) {
            auto account = (co_await node.accounts.get(account_)).value();
            const auto generation = account.sending.generation + 1;
            account.sending = some_rules();
            account.sending.generation = generation;
            (co_await node.outbox.rules_will_change(account_)).value();
            limits_.change(clock_.now(), account.sending);
            done = (co_await node.accounts.update(std::move(account))).has_value();
        }
        (co_await node.outbox.rules_changed(account_)).value();
    }
    Task<void> send_one_now() {
        if (wishes_.empty()) co_return;
        auto& wish = wishes_.begin()->second;
        wish.in_hours = false;
        wish.earliest = std::min(wish.earliest, clock_.now());
        co_await some_node().outbox.send_now(account_, wishes_.begin()->first);
    }
    Task<void> let_the_grant_die() {
        gmail_.withdraw(person_.subject);
        co_await sleeper_.sleep(std::chrono::minutes{1 + below(120)});
        Documents documents{*store_, ring_, random_};
        Accounts accounts{documents, ring_, index_, clock_, random_};
        for (bool done = false; !done;) {
            auto account = (co_await accounts.get(account_)).value();
            account.state = Account::State::active;
            account.refresh_token = gmail_.grant(person_, scopes_);
            done = (co_await accounts.update(std::move(account))).has_value();
        }
        auto& node = some_node();
        node.access.forget(account_);
        co_await node.outbox.release(account_);
    }
    Task<void> let_history_lag() {
        auto& mailbox = gmail_.mailbox(person_.subject);
        mailbox.shown_until = mailbox.history_id;
        co_await sleeper_.sleep(5min);
        mailbox.shown_until.reset();
    }
    Task<void> forget_history() {
        gmail_.forget_history(person_.subject);
        co_return;
    }

    void judge() {
        for (const auto& record : open_sends())
            outcome_.wrong.push_back(fmt::format("a mail came to no end: {}", name_of(state_of(record))));
        Documents documents{*store_, ring_, random_};
        Sends sends{documents};
        std::map<std::string, int> times;
        for (const auto& delivery : gmail_.deliveries) ++times[delivery.draft_id];
        for (const auto& [draft, count] : times)
            if (count > 1) outcome_.wrong.push_back(fmt::format("a mail went out {} times", count));
        const auto notices = testing::run(Notices{documents, clock_}.open(account_, 100, {})).value();
        std::size_t known = 0;
        for (const auto& record : all_sends()) {
            const auto send = testing::run(sends.get(account_, MessageId{record.id})).value();
            known += times.contains(send.draft_id) ? 1 : 0;
            judge(send, times.contains(send.draft_id));
            if (send.state == SendState::needs_user && times_told(send, notices) != 1)
                outcome_.wrong.push_back(fmt::format("its writer was told {} times", times_told(send, notices)));
        }
        // A draft that was being written when its node crashed may be sent by the user who finds it.
        std::erase_if(times, [&](const auto& entry) { return by_hand_.contains(entry.first); });
        if (known < times.size()) outcome_.wrong.emplace_back("a mail went out of which nothing is known");
        for (const auto& [id, wish] : wishes_)
            if (!testing::run(sends.get(account_, id))) outcome_.wrong.emplace_back("a mail that was taken is lost");
        // By wrong clocks it is another day.
        if (is_limited_ && !wrong_clocks_) judge_limits(documents);
        Ledger ledger{documents, clock_, random_};
        if (!testing::run(ledger.verify(account_))) outcome_.wrong.emplace_back("the ledger is broken");
    }
    void judge_limits(Documents& documents) {
        Sends sends{documents};
        std::map<std::string, bool> in_hours;
        for (const auto& [id, wish] : wishes_)
            if (const auto send = testing::run(sends.get(account_, id))) in_hours[send->draft_id] = wish.in_hours;
        std::vector<Limits::Gone> gone;
        for (const auto& delivery : gmail_.deliveries)
            if (!by_hand_.contains(delivery.draft_id))
                gone.push_back({.at = delivery.at, .in_hours = in_hours[delivery.draft_id]});
        for (auto& sentence : limits_.wrong_in(gone)) outcome_.wrong.push_back(std::move(sentence));
    }
    void judge(const Send& send, bool is_out) {
        outcome_.sent += send.state == SendState::sent ? 1 : 0;
        outcome_.cancelled += send.state == SendState::cancelled ? 1 : 0;
        outcome_.put_off += send.put_off ? 1 : 0;
        outcome_.needs_user += send.state == SendState::needs_user ? 1 : 0;
        if (is_out && send.state != SendState::sent && !by_hand_.contains(send.draft_id))
            outcome_.wrong.push_back(fmt::format("a mail went out and is called {} {}", name_of(send.state),
                                                 send.problem ? send.problem->code : ""));
        if (!is_out && send.state == SendState::sent) outcome_.wrong.emplace_back("a mail is called sent and is lost");
        const bool gone = send.problem && send.problem->code == "draft_gone";
        if (gone && !deleted_.contains(send.draft_id) && !by_hand_.contains(send.draft_id))
            outcome_.wrong.emplace_back("a draft is called gone that nobody took away");
        const auto wish = wishes_.find(send.id);
        if (wish == wishes_.end() || by_hand_.contains(send.draft_id)) return;
        for (const auto& delivery : gmail_.deliveries) {
            if (delivery.draft_id != send.draft_id) continue;
            const bool is_new = delivery.raw.contains("Changed.");
            if (wish->second.is_changed && !is_new) outcome_.wrong.emplace_back("a mail went out as it was before");
            if (!wish->second.may_be_changed && is_new) outcome_.wrong.emplace_back("a mail says what nobody wrote");
            if (delivery.at < wish->second.earliest - furthest_ahead_ - furthest_behind_)
                outcome_.wrong.emplace_back("a mail went out before its time");
        }
    }

    std::mt19937_64 dice_;
    const Bug bug_;
    testing::FakeClock clock_;
    testing::FakeSleeper sleeper_{clock_};
    testing::SeededRandom random_;
    KeyFile keys_ = KeyFile::in_memory(random_);
    std::unique_ptr<Store> store_ =
        make_memory_store({&kAccountKeys, &kAccounts, &kMessages, &kEvents, &kTallies, &kMentions, &kObjections,
                           &kRecipientRules, &kSends, &kSendDays, &kReplans, &kSendLedger, &kNotices});
    KeyRing ring_{*store_, keys_.keys(KeyPurpose::master), random_};
    BlindIndex index_{keys_.keys(KeyPurpose::index)};
    TokenSealer sealer_{keys_.keys(KeyPurpose::token)};
    SystemZones zones_;
    Gmail gmail_{clock_};
    Shared shared_{*store_, keys_, zones_, sealer_, index_, gmail_, clock_, sleeper_, random_, dice_};
    Weather weather_;
    const bool wrong_clocks_ = one_in(3);
    const bool stalls_ = one_in(4);
    const bool is_limited_ = one_in(12);
    const TimePoint started_ = clock_.now();
    Limits limits_{zones_};
    std::chrono::milliseconds furthest_ahead_{0}, furthest_behind_{0};
    std::vector<std::unique_ptr<Node>> nodes_, buried_;
    testing::Person person_{};
    std::set<std::string> scopes_;
    AccountId account_;
    std::map<MessageId, Wish> wishes_;
    std::set<std::string> deleted_, by_hand_;
    int meddlers_ = 0;
    Outcome outcome_;
    boost::asio::io_context loop_;
};

}  // namespace inboxpro::simulation
