#pragma once
#include <map>
#include <mutex>

#include "base/clock.h"
#include "base/random.h"
#include "sandbox/delivery/notices.h"
#include "sandbox/oauth/keys.h"

namespace inboxpro::sandbox {

/// A Pub/Sub topic with one push subscription, as somebody set it up in Google's console.
struct Topic {
    std::string name;             ///< "projects/p/topics/t"
    std::string endpoint;         ///< Where notices are POSTed; empty: nowhere.
    std::string audience;         ///< `aud` of the token; empty: the endpoint, as Google does.
    std::string service_account;  ///< `email` of the token; empty: pushes come without a token.
    bool granted = true;          ///< Gmail may publish.
};

/// Cloud Pub/Sub as far as Gmail's notices need it. Push bodies and tokens are Google's, signed with the keys that also
/// sign id tokens; 102, 200, 201, 202 and 204 acknowledge, anything else brings the message again. Thread-safe.
class PubSub {
  public:
    /// Clock and keys outlive `notices` too.
    PubSub(const Clock& clock, Random& random, oauth::SigningKeys& keys, Notices& notices)
        : clock_(clock), random_(random), keys_(keys), notices_(notices) {}

    void set(Topic topic);
    std::vector<Topic> all() const;
    /// False for an unknown topic.
    bool may_publish(const std::string& topic) const;
    /// Gmail's notice that a mailbox changed.
    void publish(const std::string& topic, const std::string& address, std::uint64_t history_id);

  private:
    const Clock& clock_;
    Random& random_;
    oauth::SigningKeys& keys_;
    Notices& notices_;
    mutable std::mutex mutex_;
    std::map<std::string, Topic> topics_;
};

}  // namespace inboxpro::sandbox
