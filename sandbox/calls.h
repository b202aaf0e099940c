#pragma once
#include <functional>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "http/server/message.h"

namespace inboxpro::sandbox {

class Faults;

/// Where a call's answer comes from. Never waits.
using Reply = std::function<http::Response(const http::Request&)>;

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

/// Adds routes to the router; each has a name, such as "gmail.users.drafts.send" or "oauth2.token", by which faults
/// find it.
class Calls {
  public:
    Calls(http::Router& router, Faults& faults, const Clock& clock) : router_(router), faults_(faults), clock_(clock) {}

    /// A call of Google's: goes through the faults.
    void add(std::string_view name, http::Method method, std::string_view path, Reply reply);
    /// A page or control route of the sandbox itself: no fault touches it.
    void add_own(http::Method method, std::string_view path, Reply reply);

  private:
    http::Router& router_;
    Faults& faults_;
    const Clock& clock_;
};

}  // namespace inboxpro::sandbox
