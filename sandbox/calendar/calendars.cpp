#include "sandbox/calendar/calendars.h"

#include "http/server/text.h"
#include "sandbox/calendar/refusals.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

constexpr std::string_view kHexDigits = "0123456789abcdef";

json::object to_json(const Calendar& calendar) {
    json::array access;
    for (const auto& [address, role] : calendar.access)
        access.push_back(json::object{{"address", address}, {"role", name_of(role)}});
    return {{"id", calendar.id},
            {"owner", calendar.owner.address},
            {"summary", calendar.summary},
            {"time_zone", calendar.time_zone},
            {"access", std::move(access)}};
}

}  // namespace

const Event& Desk::put(Calendar& in, Event event) {
    changed.insert(in.id);
    return in.put(std::move(event));
}

Calendar& Calendars::primary_of(User& user) {
    return calendars_.try_emplace(http::lower_case(user.address), user.address, user, stamps_).first->second;
}

Calendar* Calendars::find(std::string_view id) {
    const auto key = http::lower_case(id);
    if (const auto found = calendars_.find(key); found != calendars_.end()) return &found->second;
    auto* user = users_.find(id);
    return user != nullptr && http::same_ignoring_case(user->address, id) ? &primary_of(*user) : nullptr;
}

Answer Calendars::at(User& user, std::string_view id, Role least, const std::function<Answer(Desk&)>& serve) {
    std::vector<Letter> letters;
    std::set<std::string> changed;
    const auto answer = [&]() -> Answer {
        const std::lock_guard lock(mutex_);
        auto* calendar = id == "primary" ? &primary_of(user) : find(id);
        const auto role = calendar == nullptr ? Role::none : calendar->role_of(user);
        if (role == Role::none) return not_found();
        if (role < least) return writer_access_required();
        Desk desk{*this, *calendar, user, role};
        auto served = serve(desk);
        letters = std::move(desk.letters);
        changed = std::move(desk.changed);
        return served;
    }();
    send(user, letters, changed);
    return answer;
}

Answer Calendars::each(User& user, const std::function<Answer(const std::vector<const Calendar*>&)>& serve) {
    const std::lock_guard lock(mutex_);
    std::vector<const Calendar*> found{&primary_of(user)};
    for (const auto& [key, calendar] : calendars_)
        if (&calendar != found.front() && calendar.role_of(user) != Role::none) found.push_back(&calendar);
    return serve(found);
}

void Calendars::send(User& sender, const std::vector<Letter>& letters, const std::set<std::string>& changed) {
    for (const auto& letter : letters)
        post_office_.carry(sender, letter.to, compose_letter(letter, sender, clock_.now(), random_));
    for (const auto& id : changed) channels_.tell(id);
}

Result<json::object> Calendars::add(User& owner, Wish wish) {
    if (!wish.time_zone.empty() && !is_zone(wish.time_zone))
        return fail_field("time_zone", "That is no time zone of the IANA database.");
    const std::lock_guard lock(mutex_);
    if (wish.id.empty()) wish.id = "c_" + random_id(32, kHexDigits) + "@group.calendar.google.com";
    auto* calendar = find(wish.id);
    if (calendar != nullptr && &calendar->owner != &owner)
        return fail(ErrorKind::conflict, "Somebody else's calendar has this id.");
    if (calendar == nullptr)
        calendar = &calendars_.try_emplace(http::lower_case(wish.id), wish.id, owner, stamps_).first->second;
    if (!wish.summary.empty()) calendar->summary = std::move(wish.summary);
    if (!wish.time_zone.empty()) calendar->time_zone = std::move(wish.time_zone);
    if (wish.access) calendar->access = std::move(*wish.access);
    calendar->stamp = stamps_.next();
    return to_json(*calendar);
}

json::array Calendars::report() {
    const std::lock_guard lock(mutex_);
    for (auto* user : users_.all()) primary_of(*user);
    json::array all;
    for (const auto& [key, calendar] : calendars_) all.push_back(to_json(calendar));
    return all;
}

void Calendars::expire_sync_tokens() {
    const std::lock_guard lock(mutex_);
    sync_tokens_.expire_all();
}

void Calendars::set_invitations_per_day(int count) {
    const std::lock_guard lock(mutex_);
    invitations_per_day_ = count;
    days_.clear();
}

int Calendars::invitations_per_day() {
    const std::lock_guard lock(mutex_);
    return invitations_per_day_;
}

bool Calendars::take_invitations(const User& user, int count) {
    const auto number = std::chrono::floor<std::chrono::days>(clock_.now()).time_since_epoch().count();
    auto& day = days_[&user];
    if (day.number != number) day = {.number = number};
    if (invitations_per_day_ != 0 && day.invitations + count > invitations_per_day_) return false;
    day.invitations += count;
    return true;
}

std::string Calendars::random_id(std::size_t length, std::string_view alphabet) {
    std::string id;
    for (const unsigned char byte : random_.bytes(length)) id += alphabet[byte % alphabet.size()];
    return id;
}

void Calendars::expect_conference(const Calendar& calendar, const Event& event) {
    expected_conferences_.emplace_back(calendar.id, event.id);
}

std::vector<std::pair<std::string, std::string>> Calendars::take_expected_conferences() {
    return std::exchange(expected_conferences_, {});
}

}  // namespace inboxpro::sandbox::calendar
