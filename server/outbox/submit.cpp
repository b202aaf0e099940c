#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "consent/privacy_token.h"
#include "outbox/outbox.h"
#include "vault/blind_index.h"

namespace inboxpro {
namespace {

constexpr std::size_t kMarkerBytes = 16;

void add_recipients(std::vector<Recipient>& recipients, const std::vector<Mailbox>& mailboxes, RecipientField field) {
    for (const auto& mailbox : mailboxes) {
        const auto known = [&](const Recipient& other) {
            return normalised_address(other.address) == normalised_address(mailbox.address);
        };
        if (std::none_of(recipients.begin(), recipients.end(), known))
            recipients.push_back({.address = mailbox.address, .field = field, .name = mailbox.name});
    }
}

std::vector<Recipient> recipients_of(const MailHead& head) {
    std::vector<Recipient> recipients;
    add_recipients(recipients, head.to, RecipientField::to);
    add_recipients(recipients, head.cc, RecipientField::cc);
    add_recipients(recipients, head.bcc, RecipientField::bcc);
    return recipients;
}

/// At the end of a tracked mail, where its account wants it said.
std::string visible_note(std::string_view privacy_url) {
    return fmt::format(
        R"(<p style="margin:24px 0 0;font-size:12px;color:#767676">This mail tells its sender when it is opened. )"
        R"(<a href="{}" style="color:#767676">I do not want that</a></p>)",
        privacy_url);
}

}  // namespace

Outbox::Outbox(Settings settings, GoogleAccess& google, Accounts& accounts, Consents& consents, Messages& messages,
               Sends& sends, Ledger& ledger, Notices& notices, const Zones& zones, const TokenSealer& sealer,
               const Clock& clock, Random& random)
    : settings_(std::move(settings)),
      google_(google),
      accounts_(accounts),
      consents_(consents),
      messages_(messages),
      sends_(sends),
      ledger_(ledger),
      notices_(notices),
      zones_(zones),
      sealer_(sealer),
      clock_(clock),
      random_(random) {}

Task<Result<std::vector<SendAs>>> Outbox::senders(AccountId account) {
    auto all =
        CO_TRY(co_await google_.repeatable_as<std::vector<SendAs>>(account, method::kListSendAs, [this](Secret token) {
            return google_.api().send_as_addresses(std::move(token));
        }));
    std::erase_if(all, [](const SendAs& alias) { return !alias.is_verified; });
    const auto first = std::find_if(all.begin(), all.end(), [](const SendAs& alias) { return alias.is_default; });
    if (first != all.end()) std::rotate(all.begin(), first, first + 1);
    co_return all;
}

Task<Result<SendAs>> Outbox::sender_for(AccountId account, std::string address) {
    const auto aliases = CO_TRY(co_await senders(account));
    if (aliases.empty()) co_return fail(ErrorKind::denied, "this Google account has no address to send from");
    if (address.empty()) co_return aliases.front();
    std::vector<std::string_view> accepted;
    for (const auto& alias : aliases) {
        if (normalised_address(alias.address) == normalised_address(address)) co_return alias;
        accepted.push_back(alias.address);
    }
    co_return fail_field("from", fmt::format("Gmail would replace this sender; this account can send from {}",
                                             fmt::join(accepted, ", ")));
}

Task<Result<Bytes>> Outbox::written(AccountId account, Submission& submission) {
    if (submission.raw) {
        const auto head = CO_TRY(read_head(*submission.raw));
        if (head.from.size() > 1) co_return fail_field("from", "the mail names more than one sender");
        const auto sender = CO_TRY(co_await sender_for(account, head.from.empty() ? "" : head.from.front().address));
        if (!head.from.empty()) co_return std::move(*submission.raw);
        co_return with_headers(*submission.raw, {{"From", sender.address}});
    }
    const auto wanted = submission.from.empty() ? Result<Mailbox>(Mailbox{}) : parse_mailbox(submission.from);
    if (!wanted) co_return fail_field("from", "the sender is not a mail address");
    const auto sender = CO_TRY(co_await sender_for(account, wanted->address));
    submission.mail.from = {.name = sender.display_name, .address = sender.address};
    co_return compose(submission.mail, clock_.now(), random_);
}

Task<Result<Rewritten>> Outbox::tracked(const Account& account, Message& message, Bytes raw) {
    CO_TRY(co_await consents_.prepare(account, message));
    if (!message.not_tracked_because.empty()) co_return Rewritten{.content = std::move(raw)};
    const auto recipient = message.recipients.size() == 1 ? std::uint16_t{0} : TrackingToken::kAnyRecipient;
    const auto privacy_url = fmt::format(
        "{}/privacy/{}", settings_.tracking_origin,
        seal_privacy_token(sealer_, {.account = account.id, .message = message.id, .recipient = recipient}));
    auto rewritten = CO_TRY(rewrite_mail(raw, sealer_,
                                         {.origin = settings_.tracking_origin,
                                          .account = message.account,
                                          .message = message.id,
                                          .recipient = recipient,
                                          .address_policy = settings_.address_policy,
                                          .track = message.track,
                                          .note = account.shows_opt_out ? visible_note(privacy_url) : std::string{}}));
    message.links = rewritten.links;
    message.not_tracked_because = rewritten.why_not;
    if (rewritten.tracked)
        rewritten.content = CO_TRY(with_headers(rewritten.content, {{std::string(kPrivacyHeader), privacy_url}}));
    co_return rewritten;
}

Task<Result<GmailDraft>> Outbox::draft_of(Send send, Bytes mail, std::string thread_id) {
    auto draft =
        co_await google_.as<GmailDraft>(send.account, method::kCreateDraft, [this, &mail, &thread_id](Secret token) {
            return google_.api().create_draft(std::move(token), mail, thread_id);
        });
    if (draft) co_return draft;
    if (draft.error().kind != ErrorKind::unavailable) {
        co_await sends_.remove(send.account, send.id);
        co_return draft;
    }
    const auto found = co_await find_draft(send);
    if (found && *found) co_return **found;
    co_return fail(ErrorKind::unavailable,
                   "Gmail gave no clear answer, so this mail will not be sent; a draft that Gmail may have made of it "
                   "is taken away. Please try again.");
}

Task<Result<Submitted>> Outbox::stored(Message message, Send send) {
    auto kept = co_await messages_.add(message);
    auto scheduled = kept ? co_await sends_.update(send) : Result<Send>(std::unexpected(kept.error()));
    if (scheduled) co_return Submitted{.message = std::move(message), .send = std::move(*scheduled)};
    if (send.place) co_await sends_.give_place_back(send.account, *send.place, false);
    co_await take_draft_away(std::move(send));
    co_return std::unexpected(scheduled.error());
}

// Nothing will send this draft, so it must not lie around in the user's Gmail.
Task<void> Outbox::take_draft_away(Send send) {
    const auto deleted = co_await google_.as<void>(
        send.account, method::kDeleteDraft,
        [this, id = send.draft_id](Secret token) { return google_.api().delete_draft(std::move(token), id); });
    if (deleted) co_await sends_.remove(send.account, send.id);
}

Task<Result<Bytes>> Outbox::made(const Account& account, Message& message, const Send& send, Submission submission) {
    Bytes raw = CO_TRY(co_await written(account.id, submission));
    message.recipients = recipients_of(CO_TRY(read_head(raw)));
    if (message.recipients.empty()) co_return fail_field("to", "the mail names nobody who should get it");
    message.track = submission.track;
    const auto rewritten = CO_TRY(co_await tracked(account, message, std::move(raw)));
    co_return with_headers(rewritten.content, {{std::string(kMarkerHeader), send.marker}});
}

Task<Result<Submitted>> Outbox::submit(AccountId account_id, Submission submission) {
    const auto account = CO_TRY(co_await accounts_.get(account_id));
    CO_TRY(plan_for(submission.timing, zones_, clock_.now()));
    const TimePoint now = clock_.now();
    Message message{
        .id = submission.id.value_or(MessageId::make(now, random_)), .account = account_id, .created_at = now};
    Send send{.id = message.id,
              .account = account_id,
              .state = SendState::preparing,
              .due_at = now + kPreparing,
              .wanted_at = now,
              .late_after = account.late_after,
              .marker = hex(random_.bytes(kMarkerBytes))};
    auto marked = CO_TRY(co_await made(account, message, send, submission));
    // Kept first, so that Gmail never holds a draft that nobody here knows of.
    send = CO_TRY(co_await sends_.add(std::move(send)));
    const auto draft = CO_TRY(co_await draft_of(send, std::move(marked), submission.thread_id));
    send.draft_id = draft.draft_id;
    send.thread_id = draft.thread_id;
    // Planned anew, so that writing the draft takes nothing from the time to undo.
    auto ready = co_await planned(send, submission.timing, false);
    if (!ready) {
        co_await take_draft_away(std::move(send));
        co_return std::unexpected(ready.error());
    }
    auto submitted = co_await stored(std::move(message), std::move(*ready));
    if (submitted && settings_.work_is_due) settings_.work_is_due();
    co_return submitted;
}

Task<Result<Submitted>> Outbox::cancel(AccountId account, MessageId id) {
    auto send = CO_TRY(co_await sends_.get(account, id));
    const bool certainly_not_out = send.state == SendState::undo || send.state == SendState::scheduled ||
                                   send.state == SendState::held || send.state == SendState::needs_user;
    if (!certainly_not_out) co_return fail(ErrorKind::conflict, "this mail can no longer be taken back");
    auto message = CO_TRY(co_await messages_.get(account, id));
    send = CO_TRY(co_await take_step(std::move(send), {.state = SendState::cancelled, .due_at = clock_.now()}));
    CO_TRY(co_await note(send, LedgerWord::cancelled));
    if (send.place) co_await sends_.give_place_back(account, *send.place, send.uses_place);
    const auto deleted = co_await google_.as<void>(
        account, method::kDeleteDraft,
        [this, draft = send.draft_id](Secret token) { return google_.api().delete_draft(std::move(token), draft); });
    if (!deleted && deleted.error().kind != ErrorKind::not_found)
        send = CO_TRY(co_await take_step(
            std::move(send),
            {.state = SendState::cancelled,
             .due_at = clock_.now(),
             .problem = Send::Problem{.code = "draft_left",
                                      .message = "It will not be sent, but its draft could not be deleted.",
                                      .what_to_do = "Delete the draft in Gmail if you no longer need it."}}));
    co_return Submitted{.message = std::move(message), .send = std::move(send)};
}

Task<Result<Submitted>> Outbox::send_now(AccountId account, MessageId id) {
    return planned_anew(account, id, {}, true);
}

Task<Result<Submitted>> Outbox::reschedule(AccountId account, MessageId id, Timing timing) {
    return planned_anew(account, id, std::move(timing), false);
}

Task<Result<Submitted>> Outbox::planned_anew(AccountId account, MessageId id, Timing timing, bool only_today) {
    auto send = CO_TRY(co_await sends_.get(account, id));
    const bool waits = send.state == SendState::undo || send.state == SendState::scheduled ||
                       send.state == SendState::held ||
                       (send.state == SendState::needs_user && send.problem && send.problem->code != "draft_gone");
    if (!waits) co_return fail(ErrorKind::conflict, "this mail is not waiting to be sent");
    auto message = CO_TRY(co_await messages_.get(account, id));
    if (send.changing && send.due_at > clock_.now()) co_return fail(ErrorKind::conflict, "this mail is being changed");
    send.changing = false;
    send.epoch += 1;
    send.attempts = 0;
    send.refusals = 0;
    send.problem.reset();
    send.moved_from.reset();
    const auto before = send;
    send = CO_TRY(co_await planned(std::move(send), std::move(timing), only_today));
    send = CO_TRY(co_await kept_with_place(std::move(send), before));
    if (settings_.work_is_due) settings_.work_is_due();
    co_return Submitted{.message = std::move(message), .send = std::move(send)};
}

}  // namespace inboxpro
