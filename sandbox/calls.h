#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "http/server/message.h"
#include "sandbox/control/call_log.h"
#include "sandbox/control/crowd.h"
#include "sandbox/control/faults.h"

namespace inboxpro::sandbox {

struct User;

/// Where a call's answer comes from. Never waits.
using Reply = std::function<http::Response(const http::Request&)>;

/// What a fault changes for a call that is served nevertheless.
struct Circumstances {
    std::chrono::milliseconds lag{0};  ///< What is younger must not be shown yet.
};
using CircumstancedReply = std::function<http::Response(const http::Request&, const Circumstances&)>;

/// The sandbox's own address, which answers name: "http://127.0.0.1:8090". Thread-safe.
class Origin {
  public:
    explicit Origin(std::string text) : text_(std::move(text)) {}
    std::string text() const;
    void set(std::string text);

  private:
    mutable std::mutex mutex_;
    std::string text_;
};

/// A call of Google's, as it was added.
struct GoogleCall {
    std::string name;
    std::string name_in_dots;
    int units = 0;
    CircumstancedReply reply;
};

/// What every call of Google's passes; all outlive the routers.
struct CallGates {
    Faults& faults;
    Crowd& crowd;
    CallLog& log;
    const Clock& clock;
    std::function<User*(const http::Request&)> who;  ///< By its token; null when that is not good.
    /// Does what the user does to the draft that a call is about (the kinds draft_*).
    std::function<void(Fault::Kind, User&, const http::Request&)> meddle;
};

/// Adds routes to the router; each has a name, such as "gmail.users.drafts.send" or "oauth2.token", by which faults
/// find it.
class Calls {
  public:
    /// `inner` is what batches call: the same calls without the limit of those that run at once, which a batch keeps.
    Calls(http::Router& router, http::Router& inner, const CallGates& gates)
        : router_(router), inner_(inner), gates_(gates) {}

    /// A call of Google's: goes through the faults, and is counted.
    void add(std::string_view name, http::Method method, std::string_view path, Reply reply);
    void add(std::string_view name, http::Method method, std::string_view path, CircumstancedReply reply, int units);
    /// A page or control route of the sandbox itself: no fault touches it.
    void add_own(http::Method method, std::string_view path, Reply reply);
    void add_own(http::Method method, std::string_view path, http::Handler handler);

  private:
    http::Router& router_;
    http::Router& inner_;
    const CallGates& gates_;
};

}  // namespace inboxpro::sandbox
