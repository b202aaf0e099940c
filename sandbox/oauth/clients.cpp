#include "sandbox/oauth/clients.h"

#include <algorithm>

#include "base/bytes.h"

namespace inboxpro::sandbox::oauth {

Clients::Clients(std::vector<Client> registered) : open_(registered.empty()) {
    for (auto& client : registered) clients_.emplace(client.id, client);
}

bool Clients::knows(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    return open_ ? !id.empty() : clients_.contains(id);
}

bool Clients::may_return_to(std::string_view id, std::string_view redirect_uri) const {
    const bool is_web = redirect_uri.starts_with("http://") || redirect_uri.starts_with("https://");
    if (!is_web || redirect_uri.contains('#')) return false;
    if (open_) return true;
    const std::lock_guard lock(mutex_);
    const auto found = clients_.find(id);
    return found != clients_.end() &&
           std::ranges::find(found->second.redirect_uris, redirect_uri) != found->second.redirect_uris.end();
}

bool Clients::has_secret(const std::string& id, const std::string& secret) {
    const std::lock_guard lock(mutex_);
    const auto [at, is_new] =
        open_ ? clients_.try_emplace(id, Client{id, secret, {}}) : std::pair{clients_.find(id), false};
    return at != clients_.end() && equal_in_constant_time(at->second.secret, secret);
}

Standing Clients::standing(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = standings_.find(id);
    return found == standings_.end() ? Standing{} : found->second;
}

void Clients::set_standing(const std::string& id, Standing standing) {
    const std::lock_guard lock(mutex_);
    standings_.insert_or_assign(id, std::move(standing));
}

}  // namespace inboxpro::sandbox::oauth
