#pragma once
#include "sandbox/delivery/ledger.h"
#include "sandbox/delivery/sending_limits.h"
#include "sandbox/google_error.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox {

using Sent = std::expected<gmail::Message, GoogleError>;

/// Takes mail from users and brings it to mailboxes. As Gmail does for mail that comes through its API: the Message-ID
/// is replaced, a From that the user may not use becomes the own address, Bcc stays in the sender's copy only, and
/// every mailbox gets one copy. Mail to a stranger at a domain of the sandbox comes back as a bounce; mail to any other
/// domain counts as delivered there. Whom a user writes to becomes one of the user's "other contacts". Thread-safe.
class PostOffice {
  public:
    /// Gmail's upload limit (discovery document).
    static constexpr std::size_t kMaxBytes = 36'700'160;

    PostOffice(Users& users, Ledger& ledger, const Clock& clock, Random& random)
        : users_(users), ledger_(ledger), clock_(clock), random_(random), limits_(clock) {}

    SendingLimits& limits() { return limits_; }
    TimePoint now() const { return clock_.now(); }

    /// `thread_id` 0: a thread of its own.
    Sent send(User& sender, Bytes raw, gmail::MailId thread_id);
    /// Sends the draft as it is at that moment; a second call, also at the same time, finds nothing (404).
    Sent send_draft(User& sender, std::string_view draft_id);
    /// A mail that Google writes in the name of a user, such as an invitation: nothing is replaced and nothing is kept
    /// in Sent. Reaches users, other domains and, at a domain of the sandbox, comes back as a bounce.
    void carry(User& sender, const std::string& recipient, gmail::MailPointer mail);
    /// A mail from outside the API: nothing is replaced. For webmail, bounces and tests.
    void deliver(const std::string& from, const std::string& to, User& recipient, gmail::MailPointer mail);

  private:
    struct Outgoing {
        gmail::MailPointer sent;       ///< The sender's copy.
        gmail::MailPointer delivered;  ///< Everybody else's.
        std::vector<std::string> recipients;
        gmail::Labels labels;  ///< Of the sender's copy.
    };
    std::expected<Outgoing, GoogleError> prepare(User& sender, BytesView raw);
    void distribute(User& sender, const gmail::Message& message, const Outgoing& outgoing);
    void bounce(User& sender, const std::string& recipient, const gmail::Message& message);
    std::string new_message_id();

    Users& users_;
    Ledger& ledger_;
    const Clock& clock_;
    Random& random_;
    SendingLimits limits_;
};

/// The delivery status notification that Gmail writes when nobody has an address (RFC 3464).
Bytes compose_bounce(const User& sender, const std::string& recipient, const gmail::Mail& original,
                     const std::string& message_id, const std::string& boundary, TimePoint now);

/// "Mon, 23 Nov 2026 09:00:00 +0000", RFC 5322 3.3.
std::string to_mail_date(TimePoint time);

}  // namespace inboxpro::sandbox
