#pragma once
#include <functional>

#include "accounts/google_access.h"
#include "answers/rules.h"
#include "mailbox/listener.h"
#include "tracking/events.h"
#include "tracking/hindsight.h"
#include "vault/blind_index.h"

namespace inboxpro {

/// Notices replies, bounces, automatic answers and receipts in the conversations of sent messages, and stores each once
/// as an event of the message that it answers: the newest one of its conversation that was sent before it. Only headers
/// are asked for; of a bounce, the whole mail too where its user let delivery reports be read. Nothing of a mail's text
/// is kept. What was seen of the message before is judged again by what came back. Keeps references to what it is built
/// from.
class AnswersListener final : public MailboxListener {
  public:
    /// Told of every newly stored event; may be empty.
    using Told = std::function<void(const JudgedEvent&)>;

    AnswersListener(GoogleAccess& google, Documents& documents, Messages& messages, Hindsight& hindsight,
                    const BlindIndex& index, Told told)
        : google_(google),
          documents_(documents),
          messages_(messages),
          hindsight_(hindsight),
          index_(index),
          told_(std::move(told)) {}

    Task<Result<void>> changed(AccountId account, std::vector<MailboxChange> changes) override;

  private:
    struct Arrived {
        Answer answer;
        TimePoint at;
    };
    Task<Result<void>> look_at(AccountId account, std::string message_id, std::string thread_id);
    /// Empty when the mail is gone, or is the user's own.
    Task<Result<std::optional<Arrived>>> read_header(AccountId account, std::string message_id);
    /// What the whole mail says of the bounce; empty when it may not or cannot be read.
    Task<Result<std::optional<Inspection>>> read_report(AccountId account, std::string message_id);
    Task<Result<void>> store(Message message, Meaning meaning, std::string message_id, TimePoint at);

    GoogleAccess& google_;
    Documents& documents_;
    Messages& messages_;
    Hindsight& hindsight_;
    const BlindIndex& index_;
    Told told_;
};

}  // namespace inboxpro
