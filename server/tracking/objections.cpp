#include "tracking/objections.h"

#include <algorithm>

#include "tracking/body.h"

namespace inboxpro {
namespace {

constexpr std::size_t kObjectionsPage = 1'000;

}  // namespace

const Collection kObjections{
    .name = "objections",
    .fields = {{"at", FieldKind::integer}},
    .indexes = {{.name = "by_time", .fields = {"at"}}},
};

RawId Objections::person(std::string_view address) const {
    return RawId::from_bytes(index_.global("recipient", normalised_address(address))).value();
}

Objections::People Objections::people_of(const Message& message) const {
    std::vector<RawId> people;
    people.reserve(message.recipients.size());
    // Of who was erased no address is left; what is erased is silent as a mail.
    for (const auto& recipient : message.recipients)
        people.push_back(recipient.address.empty() ? RawId{} : person(recipient.address));
    return std::make_shared<const std::vector<RawId>>(std::move(people));
}

Task<Result<void>> Objections::object(RawId who) {
    const auto now = clock_.now();
    const auto stored = co_await documents_.insert(kObjections, {.id = who, .fields = {to_millis(now)}});
    if (!stored && stored.error().kind != ErrorKind::conflict) co_return stored;
    note(who, now);
    co_return Result<void>{};
}

Task<Result<void>> Objections::catch_up() {
    const auto now = clock_.steady();
    Query query{.index = "by_time", .equals = {}, .limit = kObjectionsPage};
    {
        const std::shared_lock lock(mutex_);
        if (caught_up_at_ && now - *caught_up_at_ < kFreshFor) co_return Result<void>{};
        query.from = std::max<std::int64_t>(to_millis(newest_ - kOverlap), 0);
    }
    for (;;) {
        const auto page = CO_TRY(co_await documents_.find_unopened(kObjections, query));
        if (page.empty()) break;
        for (const auto& document : page) note(document.id, CO_TRY(time_field(document, 0)));
        query.after = Query::Position{.value = page.back().fields.at(0), .id = page.back().id};
    }
    const std::unique_lock lock(mutex_);
    caught_up_at_ = now;
    co_return Result<void>{};
}

void Objections::note(RawId who, TimePoint at) {
    const std::unique_lock lock(mutex_);
    all_.insert(who);
    newest_ = std::max(newest_, at);
    size_.store(all_.size(), std::memory_order_release);
}

bool Objections::holds(RawId person) const {
    const std::shared_lock lock(mutex_);
    return all_.contains(person);
}

bool Objections::silence(MessageId message, std::optional<std::uint16_t> recipient,
                         const std::vector<RawId>& people) const {
    const std::shared_lock lock(mutex_);
    if (all_.contains(message.raw)) return true;
    if (recipient) return *recipient < people.size() && all_.contains(people[*recipient]);
    return std::ranges::any_of(people, [this](RawId person) { return all_.contains(person); });
}

bool Objections::silence(const Message& message) const {
    return !empty() && silence(message.id, {}, *people_of(message));
}

Task<void> Objections::take_as_long_as_storing() {
    co_await documents_.add(kObjections, RawId{}, AccountId{}, {{"not_written", 1}});
}

}  // namespace inboxpro
