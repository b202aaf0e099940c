#pragma once
#include "tracking/messages.h"
#include "vault/blind_index.h"

namespace inboxpro {

/// Collection "mentions": which mails of an account name a person, found by a keyed hash of the address.
extern const Collection kMentions;

/// Finds the mails that somebody got, for that person's own rights. Thread-safe.
class Mentions {
  public:
    Mentions(Documents& documents, const BlindIndex& index) : documents_(documents), index_(index) {}

    /// Every recipient of the message; before the message itself is stored, so that none is stored without. Repeating
    /// it is harmless.
    Task<Result<void>> note(Message message);
    /// The person's, oldest first, at most `limit`, from behind `after`. A message may be gone, or have been changed so
    /// that it names the person no more.
    Task<Result<std::vector<MessageId>>> of(AccountId account, std::string address, std::size_t limit,
                                            std::optional<Query::Position>& after);
    Task<Result<void>> remove(AccountId account, std::string address, MessageId message);

  private:
    Bytes person(AccountId account, std::string_view address) const;
    RawId id_of(AccountId account, std::string_view address, MessageId message) const;

    Documents& documents_;
    const BlindIndex& index_;
};

}  // namespace inboxpro
