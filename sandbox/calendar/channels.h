#pragma once
#include <boost/json/object.hpp>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "sandbox/delivery/notices.h"
#include "sandbox/google_error.h"

namespace inboxpro::sandbox::calendar {

/// Where the changes of one calendar are announced.
struct Channel {
    std::string id;         ///< The client's own.
    std::string client_id;  ///< Ids are unique for each client.
    std::string address;
    std::string token;  ///< Comes back with every notice; may be empty.
    std::string calendar_id;
    std::string resource_id;
    std::string resource_uri;
    TimePoint expiration{};
    std::uint64_t message_number = 0;
};

/// Channels of events.watch. Thread-safe. A notice is a POST without a body; X-Goog headers say what it is about.
///
/// Google takes https addresses alone. Here an http address is good too when its host is this machine (127.0.0.1, [::1]
/// or localhost), so that a test can listen without a certificate.
class Channels {
  public:
    Channels(Notices& notices, const Clock& clock) : notices_(notices), clock_(clock) {}

    static bool is_address(std::string_view url);
    /// False when the client has a live channel with this id. Sends "sync".
    bool open(Channel channel);
    /// False when the client has no such channel.
    bool close(std::string_view id, std::string_view resource_id, std::string_view client_id);
    /// Sends "exists" to all live channels of the calendar.
    void tell(std::string_view calendar_id);

  private:
    void send(Channel& channel, std::string_view state);
    void forget_expired();

    Notices& notices_;
    const Clock& clock_;
    std::mutex mutex_;
    std::vector<Channel> channels_;
};

/// A Channel of the discovery document.
boost::json::object to_json(const Channel& channel);

}  // namespace inboxpro::sandbox::calendar
