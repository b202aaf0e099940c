#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/documents.h"
#include "tracking/token.h"

namespace inboxpro {

enum class RecipientField : std::uint8_t { to, cc, bcc };

struct Recipient {
    std::string address;  ///< Empty once it was erased at its owner's request.
    RecipientField field = RecipientField::to;
    std::string name = {};
};

struct TrackSwitches {
    bool opens = true;
    bool clicks = true;
};

/// A mail that is, or would be, tracked, without any of its content. From our own outbox or from the extension.
struct Message {
    enum class Source : std::uint8_t { outbox = 1, extension = 2 };
    enum class State : std::uint8_t { prepared = 1, sent = 2, discarded = 3 };

    MessageId id;
    AccountId account;
    std::uint64_t version = 0;
    Source source = Source::outbox;
    State state = State::prepared;
    TimePoint created_at;
    std::optional<TimePoint> sent_at;  ///< Gmail's internalDate once it is known.
    std::vector<Recipient> recipients;
    TrackSwitches track;
    std::string not_tracked_because;  ///< Empty, or a word of Rewritten::why_not or of why_not_tracked().
    int links = 0;                    ///< Tracked links in it.
    std::string gmail_message_id;
    std::string gmail_thread_id;
    std::vector<TimePoint> viewings;  ///< When its sender was looking at it, oldest first; see note_viewing().
};

/// Collections "messages", "events" and "tallies" (see collections.cpp).
extern const Collection kMessages;

/// The list of tracked mails. Every call names the account: a message of another account is `not_found`.
class Messages {
  public:
    explicit Messages(Documents& documents) : documents_(documents) {}

    Task<Result<void>> add(Message message);
    Task<Result<Message>> get(AccountId account, MessageId id);
    /// Newest first; `after` continues behind that message. Discarded ones are left out.
    Task<Result<std::vector<Message>>> list(AccountId account, std::size_t limit, std::optional<MessageId> after);
    /// Those created in [from, below), oldest first, at most `limit`, from behind `after`: for reports.
    Task<Result<std::vector<Message>>> created_between(AccountId account, TimePoint from, TimePoint below,
                                                       std::size_t limit, std::optional<MessageId> after);
    /// Sent ones of a Gmail conversation, newest first, at most 100.
    Task<Result<std::vector<Message>>> of_thread(AccountId account, std::string gmail_thread_id);
    /// Sets what Gmail told about the sent mail. Repeating it is harmless.
    Task<Result<Message>> mark_sent(AccountId account, MessageId id, std::string gmail_message_id,
                                    std::string gmail_thread_id, TimePoint sent_at);
    /// It says something else now: takes over whom it goes to and how it is tracked.
    Task<Result<Message>> rewrite(Message rewritten);
    /// Its sender is looking at it. Signals within two seconds are one, and the newest 500 are kept.
    Task<Result<void>> note_viewing(AccountId account, MessageId id, TimePoint at);
    /// Takes out a recipient's address and name.
    Task<Result<void>> forget_recipient(AccountId account, MessageId id, std::uint16_t recipient);
    /// Leaves no tracking record: the message, its events, its tally and what finds it by its recipients go.
    Task<Result<void>> discard(AccountId account, MessageId id);

  private:
    /// Writes what `change` makes of the message, again when somebody else changed it meanwhile.
    Task<Result<Message>> change(AccountId account, MessageId id, std::function<void(Message&)> change);

    Documents& documents_;
};

}  // namespace inboxpro
