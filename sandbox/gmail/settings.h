#pragma once
#include <boost/json/object.hpp>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace inboxpro::sandbox::gmail {

/// What a user set for one address to send from.
struct SenderSettings {
    std::string signature;  ///< HTML. Only Gmail's own pages add it to a mail; the API never does.
    std::string reply_to;
};

/// One user's settings. Thread-safe.
class Settings {
  public:
    SenderSettings sender(std::string_view address) const;  ///< Without regard to case; empty when nothing was set.
    void set_sender(std::string_view address, SenderSettings settings);
    /// A VacationSettings resource.
    boost::json::object vacation() const;
    void set_vacation(boost::json::object vacation);

  private:
    mutable std::mutex mutex_;
    std::map<std::string, SenderSettings, std::less<>> senders_;
    boost::json::object vacation_{{"enableAutoReply", false}};
};

}  // namespace inboxpro::sandbox::gmail
