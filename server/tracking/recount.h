#pragma once
#include "tracking/event_record.h"
#include "tracking/tally_record.h"

namespace inboxpro {

/// Where events are committed that come by no request, such as replies: in no node's batches, so no fold counts them.
/// Who stores one recounts its message.
BatchMark outside_the_intake();

/// The tally of a message as it is stored; an empty one with version 0 when nothing was folded yet. `not_found` when
/// the message is gone.
Task<Result<TallyRecord>> stored_tally(Documents& documents, AccountId account, MessageId message);
/// Whether the tally counts what was committed there.
bool is_folded(const TallyRecord& record, const BatchMark& mark);

/// What the events of one message come to, as far as they are folded: those of batches behind a node's last fold are
/// for that node to add. Changes the stored tally by compare-and-set when it says anything else, and returns whether it
/// did. `not_found` when the message is gone.
Task<Result<bool>> recount(Documents& documents, AccountId account, MessageId message);

}  // namespace inboxpro
