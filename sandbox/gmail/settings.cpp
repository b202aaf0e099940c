#include "sandbox/gmail/settings.h"

#include "http/server/text.h"

namespace inboxpro::sandbox::gmail {

SenderSettings Settings::sender(std::string_view address) const {
    const std::lock_guard lock(mutex_);
    const auto found = senders_.find(http::lower_case(address));
    return found == senders_.end() ? SenderSettings{} : found->second;
}

void Settings::set_sender(std::string_view address, SenderSettings settings) {
    const std::lock_guard lock(mutex_);
    senders_[http::lower_case(address)] = std::move(settings);
}

boost::json::object Settings::vacation() const {
    const std::lock_guard lock(mutex_);
    return vacation_;
}

void Settings::set_vacation(boost::json::object vacation) {
    const std::lock_guard lock(mutex_);
    vacation_ = std::move(vacation);
}

}  // namespace inboxpro::sandbox::gmail
