#include "sandbox/users.h"

#include <fmt/format.h>

#include "http/server/text.h"
#include "sandbox/calendar/zone.h"

namespace inboxpro::sandbox {
namespace {

/// Lower case and without "+anything" before the @.
std::string as_key(std::string_view address) {
    auto key = http::lower_case(address);
    const auto at = key.rfind('@');
    if (const auto plus = key.find('+'); plus < at) key.erase(plus, at - plus);
    return key;
}

/// 21 digits that are the same in every run, so that a stored account finds its user again.
std::string subject_of(std::string_view address) {
    std::uint64_t hash = 14'695'981'039'346'656'037U;
    for (unsigned char c : address) hash = (hash ^ c) * 1'099'511'628'211U;
    return fmt::format("1{:020}", hash);
}

}  // namespace

bool is_address(std::string_view text) {
    const auto at = text.rfind('@');
    const auto is_plain = [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != '<' && c != '>' && c != ',' && c != ';' && c != 0x7f;
    };
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() && std::ranges::all_of(text, is_plain);
}

std::string domain_of(std::string_view address) {
    return http::lower_case(address.substr(address.rfind('@') + 1));
}

User::User(std::string own_address, std::string own_name, std::vector<Alias> own_aliases, std::string own_time_zone,
           const Clock& clock, Random& random)
    : address(std::move(own_address)),
      name(std::move(own_name)),
      subject(subject_of(as_key(address))),
      aliases(std::move(own_aliases)),
      time_zone(std::move(own_time_zone)),
      mailbox(clock, random),
      contacts(clock, random) {}

std::string User::domain() const {
    return domain_of(address);
}

bool User::may_send_as(std::string_view other) const {
    return http::same_ignoring_case(address, other) || std::ranges::any_of(aliases, [&](const Alias& alias) {
               return alias.verified && http::same_ignoring_case(alias.address, other);
           });
}

Result<User*> Users::add(std::string address, std::string name, std::vector<Alias> aliases, std::string time_zone) {
    if (!calendar::is_zone(time_zone)) return fail_field("time_zone", "That is no time zone of the IANA database.");
    std::vector<std::string> keys{as_key(address)};
    for (const auto& alias : aliases) keys.push_back(as_key(alias.address));
    if (!std::ranges::all_of(keys, is_address)) return fail_field("address", "That is no mail address.");

    const std::unique_lock lock(mutex_);
    for (const auto& key : keys)
        if (by_address_.contains(key)) return fail(ErrorKind::conflict, "Somebody has this address already.");
    auto& user = users_.emplace_back(std::move(address), std::move(name), std::move(aliases), std::move(time_zone),
                                     clock_, random_);
    if (listener_)
        user.mailbox.set_listener([this, &user](const gmail::HistoryRecord& record) { listener_(user, record); });
    for (auto& key : keys) by_address_.emplace(std::move(key), &user);
    domains_.insert(user.domain());
    return &user;
}

User* Users::find(std::string_view address) {
    const std::shared_lock lock(mutex_);
    const auto found = by_address_.find(as_key(address));
    return found == by_address_.end() ? nullptr : found->second;
}

User* Users::by_subject(std::string_view subject) {
    const std::shared_lock lock(mutex_);
    const auto found = std::ranges::find(users_, subject, &User::subject);
    return found == users_.end() ? nullptr : &*found;
}

std::vector<User*> Users::all() {
    const std::shared_lock lock(mutex_);
    std::vector<User*> all;
    for (auto& user : users_) all.push_back(&user);
    return all;
}

bool Users::has_domain(std::string_view domain) const {
    const std::shared_lock lock(mutex_);
    return domains_.contains(domain);
}

}  // namespace inboxpro::sandbox
