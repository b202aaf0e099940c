#pragma once
#include "tracking/messages.h"

namespace inboxpro {

/// Judges stored events again, with what happened around them and by the rules of today; see judge_together(). Verdicts
/// and figures follow; the events themselves never change. The same events give the same verdicts, to the byte.
/// Thread-safe; the last of several at once for one message leaves it right.
class Hindsight {
  public:
    /// After this long no other request can change an event's label. How sure it is may still be changed by what is
    /// seen later, such as an answer.
    static constexpr std::chrono::seconds kSettledAfter{10};

    struct Outcome {
        std::size_t events = 0;
        std::size_t changed = 0;  ///< Whose verdict is another one now.
        bool recounted = false;   ///< The figures were others.
    };

    Hindsight(Documents& documents, const Clock& clock) : documents_(documents), clock_(clock) {}

    /// All opens and clicks of one message that are in its figures already. `not_found` when the message is gone.
    Task<Result<Outcome>> judge_again(Message message);

  private:
    Documents& documents_;
    const Clock& clock_;
};

}  // namespace inboxpro
