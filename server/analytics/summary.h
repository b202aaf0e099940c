#pragma once
#include <string>
#include <vector>

#include "tracking/messages.h"
#include "tracking/objections.h"
#include "tracking/tally.h"

namespace inboxpro {

enum class GroupBy { day, hour, recipient_domain, message_template };

/// What became of the mails of one group. A mail to several people counts once: its opens belong to "one of them".
/// People are counted once, however often they opened. sent = delivered + bounced; every delivered mail that is
/// tracked is exactly one of read, unknown, machine or without a sign.
struct SummaryRow {
    std::string key;  ///< "2026-11-23", "09", "example.org"; empty for the totals.
    std::int64_t sent = 0;
    std::int64_t delivered = 0;
    std::int64_t not_tracked = 0;  ///< Of the delivered, also by an objection before any sign: in no denominator.
    std::int64_t read = 0;         ///< Opened, clicked or answered by a person.
    std::int64_t clicked = 0;
    std::int64_t replied = 0;
    std::int64_t unknown = 0;  ///< Fetched ahead by the recipient's provider: reading cannot be known.
    std::int64_t machine = 0;  ///< Only machines came.
};

struct Summary {
    std::vector<SummaryRow> rows;  ///< By key.
    SummaryRow totals;
};

/// Adds one sent mail to a row. `is_silent`: a recipient objected to tracking after it was prepared.
void count(SummaryRow& row, const Message& message, const Tally& tally, bool is_silent);

/// Reports over the mails of one account. Keeps references.
class Reports {
  public:
    Reports(Messages& messages, Tallies& tallies, Objections& objections)
        : messages_(messages), tallies_(tallies), objections_(objections) {}

    /// Mails sent in [from, below), grouped; days and hours are those of `zone` (IANA name). `invalid` naming "tz" for
    /// an unknown zone.
    Task<Result<Summary>> summary(AccountId account, TimePoint from, TimePoint below, GroupBy by, std::string zone);

  private:
    Messages& messages_;
    Tallies& tallies_;
    Objections& objections_;
};

}  // namespace inboxpro
