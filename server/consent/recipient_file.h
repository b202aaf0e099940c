#pragma once
#include <boost/json/object.hpp>

#include "consent/consents.h"
#include "tracking/events.h"

namespace inboxpro {

/// One mail that an account sent to a person, and what was seen of it that is, or may be, that person's doing.
struct FiledMail {
    Message message;
    std::uint16_t recipient = 0;
    std::vector<JudgedEvent> events;
};

/// What an account holds of one person who is a recipient, for that person: all of it, and its erasure. Thread-safe.
class RecipientFiles {
  public:
    RecipientFiles(Documents& documents, Consents& consents)
        : documents_(documents), consents_(consents), messages_(documents), events_(documents) {}

    /// Oldest first, at most `limit`; the events of one mail are all there.
    Task<Result<std::vector<FiledMail>>> mails(AccountId account, std::string address, std::size_t limit);
    /// Everything, as the person may take it along: mails, events with their verdicts, rules, objection.
    Task<Result<boost::json::object>> exported(AccountId account, std::string address);
    /// Objects for the person first, so that nothing comes after. Then every trace goes: events, the address and name
    /// in the list of mails, rules about the address. What stays is that a mail was sent, and the objection's keyed
    /// hash. It can be repeated after a failure and goes on then.
    Task<Result<void>> erase(AccountId account, std::string address);

  private:
    Task<Result<std::optional<FiledMail>>> filed(AccountId account, std::string address, MessageId message);
    Task<Result<void>> erase_mail(AccountId account, std::string address, MessageId message);

    Documents& documents_;
    Consents& consents_;
    Messages messages_;
    Events events_;
};

}  // namespace inboxpro
