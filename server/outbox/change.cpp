#include "outbox/outbox.h"

namespace inboxpro {
namespace {

/// How long a change may take; nobody sends the mail meanwhile.
constexpr std::chrono::minutes kChanging{3};

bool can_be_changed(const Send& send) {
    const bool unclear = send.problem && send.problem->code == "change_unclear";
    return send.state == SendState::undo || send.state == SendState::scheduled || send.state == SendState::held ||
           (send.state == SendState::needs_user && unclear);
}

}  // namespace

Task<Result<Submitted>> Outbox::change(AccountId account_id, MessageId id, Submission submission) {
    const auto before = CO_TRY(co_await sends_.get(account_id, id));
    if (!can_be_changed(before))
        co_return fail(ErrorKind::conflict, "this mail is no longer waiting, so it cannot be changed");
    if (before.changing && before.due_at > clock_.now())
        co_return fail(ErrorKind::conflict, "this mail is being changed already");
    const auto account = CO_TRY(co_await accounts_.get(account_id));
    auto message = CO_TRY(co_await messages_.get(account_id, id));
    auto mail = CO_TRY(co_await made(account, message, before, std::move(submission)));

    // Whoever was about to send it is overtaken here, or was faster; nobody begins before this is over.
    auto changing = before;
    changing.changing = true;
    changing.epoch += 1;
    changing.due_at = clock_.now() + kChanging;
    changing.problem.reset();
    if (changing.state == SendState::needs_user) changing.state = SendState::scheduled;
    changing = CO_TRY(co_await sends_.update(std::move(changing)));
    auto draft = co_await google_.repeatable_as<GmailDraft>(
        account_id, method::kUpdateDraft, [this, &changing, &mail](Secret token) {
            return google_.api().update_draft(std::move(token), changing.draft_id, mail, changing.thread_id);
        });
    co_return co_await end_change(before, std::move(changing), std::move(message), std::move(draft));
}

Task<Result<Submitted>> Outbox::end_change(Send before, Send changing, Message message, Result<GmailDraft> draft) {
    const bool is_unclear =
        !draft && (draft.error().kind == ErrorKind::unavailable || draft.error().kind == ErrorKind::corrupt ||
                   before.state == SendState::needs_user);
    if (is_unclear) {
        changing.changing = false;
        CO_TRY(co_await take_step(std::move(changing), asked_after_change(clock_.now())));
        co_return fail(
            ErrorKind::unavailable,
            "Gmail gave no clear answer, so this mail waits for you: change it again, or look at its draft.");
    }
    // The message first: a process that ends in between leaves the change to be looked at by the writer.
    if (draft) message = CO_TRY(co_await messages_.rewrite(std::move(message)));
    auto after = before;
    after.version = changing.version;
    after.epoch = changing.epoch;
    after.changing = false;
    if (draft) {
        after.thread_id = draft->thread_id.empty() ? after.thread_id : draft->thread_id;
        after.attempts = after.refusals = 0;
        after.problem.reset();
        if (after.state == SendState::needs_user) after.state = SendState::scheduled;
    }
    after = CO_TRY(co_await sends_.update(std::move(after)));
    if (settings_.work_is_due) settings_.work_is_due();
    if (draft) co_return Submitted{.message = std::move(message), .send = std::move(after)};
    if (draft.error().kind == ErrorKind::not_found)
        co_return fail(ErrorKind::conflict, "its draft is gone from Gmail, so there is nothing to change");
    co_return std::unexpected(draft.error());
}

}  // namespace inboxpro
