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
    };
    std::string api;  ///< A call's name or a run of its words: "gmail.drafts.send", "drafts", "oauth2"; empty: all.
    double rate = 1;  ///< Share of the calls that it hits, 0 to 1.
    Kind kind = Kind::status;
    int status = 0;
    std::chrono::milliseconds delay{0};
    bool after_effect = false;  ///< status, timeout: the call takes effect first.
    std::uint64_t seed = 0;     ///< Which calls are hit is the same in every run.
};

/// A fault that hits a call.
struct Hit {
    Fault fault;
    std::uint64_t number = 0;  ///< 0, 1, 2 … of this fault's hits.
};

/// What goes wrong at the moment. Thread-safe.
class Faults {
  public:
    Faults();
    ~Faults();

    /// Replaces all faults and begins to count anew.
    void set(std::vector<Fault> faults);
    /// The first fault that hits this call; every fault that could hit it counts it. Empty most of the time, and then
    /// cheap.
    std::optional<Hit> next(std::string_view call);
    /// As they were set, each with `calls` (that it could have hit) and `hits`.
    boost::json::array report() const;

  private:
    struct Counted;
    mutable std::shared_mutex mutex_;
    std::vector<std::unique_ptr<Counted>> faults_;
};

/// `invalid` naming what is wrong.
Result<std::vector<Fault>> read_faults(std::string_view body);

/// Google's answer for a call that fails on purpose.
http::Response failure(const Hit& hit, TimePoint now);

}  // namespace inboxpro::sandbox
