#pragma once
#include <boost/json/array.hpp>
#include <memory>
#include <shared_mutex>

#include "base/clock.h"
#include "base/error.h"
#include "http/server/message.h"

namespace inboxpro::sandbox {

/// One thing that goes wrong on purpose.
struct Fault {
    enum class Kind {
        status,              ///< Answers `status` with Google's error body.
        timeout,             ///< Waits `delay` and then ends the answer without its body.
        reset_after_effect,  ///< The call takes effect; its answer is cut off.
        delay,               ///< The call takes effect; its answer comes `delay` later.
        rate_limit,          ///< 429 and 403 in turn (or `status`); the message says to try again after `delay`.
        malformed,           ///< The call takes effect; its 200 breaks off in the JSON, or holds none, in turn.
        html,                ///< 502 with a proxy's page.
        scope_lost,          ///< 403 insufficientPermissions, as after the user took a scope back.
        dead_grant,          ///< Refreshing a token: 400 invalid_grant.
        history_expired,     ///< history.list: 404.
        history_lag,         ///< history.list, messages.list: what is younger than `delay` is not shown yet.
        draft_edited,        ///< Calls on a draft: the user has just edited it in Gmail. Its message id is new.
        draft_deleted,       ///< … deleted it.
        draft_sent,          ///< … sent it.
        draft_resubjected,   ///< … changed its subject: a new message id and a thread of its own.
    };
    std::string api;  ///< A call's name or a run of its words: "gmail.drafts.send", "drafts", "oauth2"; empty: all.
    double rate = 1;  ///< Share of the calls that it hits, 0 to 1.
    Kind kind = Kind::status;
    int status = 0;
    std::chrono::milliseconds delay{0};
    bool after_effect = false;             ///< status, timeout, rate_limit, html: the call takes effect first.
    bool retry_after = false;              ///< rate_limit: with the header, which Gmail normally does not send.
    std::uint64_t seed = 0;                ///< Which calls are hit is the same in every run.
    std::optional<TimePoint> from, until;  ///< Calls before and from then on are neither hit nor counted.
};

/// A fault that hits a call.
struct Hit {
    Fault fault;
    std::uint64_t number = 0;  ///< 0, 1, 2 … of this fault's hits.
};

/// A call's name as faults compare it: ".gmail.drafts.send." for "gmail.users.drafts.send".
std::string in_dots(std::string_view name);

/// What goes wrong at the moment. Thread-safe.
class Faults {
  public:
    Faults();
    ~Faults();

    /// Replaces all faults and begins to count anew.
    void set(std::vector<Fault> faults);
    /// The first fault that hits this call, whose name comes from in_dots(); every fault that could hit it counts it.
    /// Empty most of the time, and then cheap.
    std::optional<Hit> next(std::string_view call_in_dots, TimePoint now);
    /// As they were set, each with `calls` (that it could have hit) and `hits`.
    boost::json::array report() const;

  private:
    struct Counted;
    mutable std::shared_mutex mutex_;
    std::vector<std::unique_ptr<Counted>> faults_;
};

/// `invalid` naming what is wrong. `from` and `until` are RFC 3339 times or seconds from `now`.
Result<std::vector<Fault>> read_faults(std::string_view body, TimePoint now);
std::string_view name_of(Fault::Kind kind);

}  // namespace inboxpro::sandbox
