#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "outbox/notices.h"

namespace inboxpro::simulation {

/// What can be wrong with a node, to see that it is noticed.
enum class Bug : std::uint8_t {
    none,
    retry_without_looking  ///< An unclear attempt is simply made again, and nobody looks whether it went out.
};

struct Outcome {
    int sent = 0;
    int cancelled = 0;
    int needs_user = 0;
    int crashes = 0;
    int looked_up = 0;
    int changed = 0;
    int put_off = 0;                 ///< By hours or a limit, at its end.
    std::vector<std::string> wrong;  ///< What must never be; each a plain sentence.
};

/// How often its writer was told of what it has now.
inline auto times_told(const Send& send, const std::vector<Notice>& notices) {
    return std::ranges::count_if(notices, [&](const Notice& notice) {
        return notice.message == send.id && notice.epoch == send.epoch && notice.problem.code == send.problem->code;
    });
}

}  // namespace inboxpro::simulation
