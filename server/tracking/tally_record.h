#pragma once
#include "tracking/events.h"
#include "tracking/tally.h"

namespace inboxpro {

/// A tally as it is stored: with the last batch of each node that it has counted.
struct TallyRecord {
    AccountId account;
    Tally tally;
    std::map<std::string, std::int64_t> folded;  ///< By the node's id as text.
    std::uint64_t version = 0;                   ///< 0: not stored yet.
};

Document document_of(const TallyRecord& record);
Result<TallyRecord> tally_record_of(const Document& document);

/// Adds one event. Order does not matter: a recount gives the same tally.
void count(Tally& tally, const Event& event, Label label);

}  // namespace inboxpro
