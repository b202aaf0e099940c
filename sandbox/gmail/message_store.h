#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "sandbox/gmail/mail.h"

namespace inboxpro::sandbox::gmail {

/// Ids of messages and threads: in the API 16 hexadecimal digits. They grow with time; a thread has the id of its
/// first message. 0 names nothing.
using MailId = std::uint64_t;
std::string to_text(MailId id);
/// Empty for anything but 1 to 16 hexadecimal digits.
std::optional<MailId> to_mail_id(std::string_view text);

using Labels = std::set<std::string, std::less<>>;

struct Message {
    MailId id = 0;
    MailId thread_id = 0;
    Labels labels;
    std::uint64_t history_id = 0;
    TimePoint internal_date{};
    TimePoint added_at{};
    MailPointer mail;
};

struct Draft {
    std::string id;  ///< Stays the same while the message, and its id, change.
    Message message;
};

enum class Change { message_added, message_deleted, label_added, label_removed };

struct HistoryRecord {
    std::uint64_t id = 0;
    Change change = Change::message_added;
    TimePoint at{};
    MailId message_id = 0;
    MailId thread_id = 0;
    Labels labels;   ///< Of the message after the change.
    Labels changed;  ///< Added or removed.
};

struct History {
    std::vector<HistoryRecord> records;  ///< Oldest first.
    std::uint64_t id = 0;                ///< Of the mailbox at that moment.
    bool more = false;                   ///< Others that fit follow the last one.
};

/// Which part of a mailbox's history is asked for.
struct HistoryWish {
    std::uint64_t after = 0;  ///< Id of a record or of the mailbox.
    std::size_t limit = SIZE_MAX;
    std::function<bool(const HistoryRecord&)> fits = {};  ///< Empty: all.
    std::optional<TimePoint> until = {};                  ///< What happened later is not shown yet.
};

struct LabelFigures {
    int messages = 0, messages_unread = 0, threads = 0, threads_unread = 0;
};

/// One user's messages, drafts, labels and history, in memory. Thread-safe; every call is atomic.
class MessageStore {
  public:
    /// History older than this is forgotten (Gmail: "typically a week").
    static constexpr std::chrono::hours kHistoryKept{7 * 24};

    /// Is told of every change, with the mailbox locked: it must not ask the mailbox anything.
    using Listener = std::function<void(const HistoryRecord&)>;

    MessageStore(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

    /// Before anybody else knows the mailbox.
    void set_listener(Listener listener) { listener_ = std::move(listener); }

    /// `thread_id` 0 begins a thread; `internal_date` empty is now.
    Message add(MailPointer mail, Labels labels, MailId thread_id, std::optional<TimePoint> internal_date = {});
    std::optional<Message> find(MailId id) const;
    /// Oldest first; empty when there is no such thread.
    std::vector<Message> thread(MailId id) const;
    /// The thread that a mail belongs to by its References and subject; 0: none.
    MailId thread_answered_by(const Envelope& envelope) const;
    /// Newest first, those older than `before` (0: all) that fit, at most `limit`.
    std::vector<Message> newest(const std::function<bool(const Message&)>& fits, MailId before,
                                std::size_t limit) const;
    /// Empty when there is no such message.
    std::optional<Message> relabel(MailId id, const Labels& add, const Labels& remove);
    bool erase(MailId id);
    /// Takes a label off all messages.
    void drop_label(std::string_view label);

    Draft create_draft(MailPointer mail, MailId thread_id);
    std::optional<Draft> draft(std::string_view id) const;
    /// Newest first.
    std::vector<Draft> drafts() const;
    /// A new message in the place of the draft's old one; empty when there is no such draft.
    std::optional<Draft> replace_draft(std::string_view id, MailPointer mail, MailId thread_id);
    bool erase_draft(std::string_view id);
    /// Turns the draft into a sent message with a new id, once. Empty when the draft is gone or its message is no
    /// longer `seen`.
    std::optional<Message> send_draft(std::string_view id, MailId seen, MailPointer mail, Labels labels);

    /// Empty when `wish.after` is older than what is kept, or from the future.
    std::optional<History> history(const HistoryWish& wish);
    /// Forgets all of it, so that whoever asks from an earlier id must begin anew.
    void expire_history();
    std::uint64_t history_id() const;
    LabelFigures figures(std::string_view label) const;  ///< Looks at every message.
    std::size_t messages_total() const;
    std::size_t threads_total() const;

  private:
    MailId next_id();
    Message& insert(MailPointer mail, Labels labels, MailId thread_id, std::optional<TimePoint> internal_date = {});
    void remove(MailId id);
    void record(Change change, Message& message, Labels changed);

    const Clock& clock_;
    Random& random_;
    Listener listener_;
    mutable std::mutex mutex_;
    std::map<MailId, Message> messages_;
    std::map<MailId, std::set<MailId>> threads_;
    std::unordered_map<std::string, MailId> threads_by_message_id_;
    std::map<std::string, MailId, std::less<>> drafts_;
    std::deque<HistoryRecord> history_;
    MailId last_id_ = 0;
    std::uint64_t history_id_ = 1'000;
    std::uint64_t history_begins_after_ = 1'000;
};

}  // namespace inboxpro::sandbox::gmail
