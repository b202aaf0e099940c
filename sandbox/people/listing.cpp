#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/server/text.h"
#include "sandbox/json.h"
#include "sandbox/people/api.h"

namespace inboxpro::sandbox::people {
namespace {

namespace json = boost::json;

constexpr auto kSyncTokenLife = std::chrono::hours{7 * 24};

/// How the two lists differ.
struct Kind {
    Source source;
    ContactList people::AddressBook::* list;
    std::string_view items, total;
    bool sorted;  ///< Takes sortOrder.
};
constexpr Kind kConnections{Source::contact, &AddressBook::contacts, "connections", "totalItems", true};
constexpr Kind kOthers{Source::other_contact, &AddressBook::others, "otherContacts", "totalSize", false};

/// One walk through a list, from its first page to its sync token; travels inside the tokens.
struct Walk {
    std::optional<std::uint64_t> since = {};  ///< Only changes after this version; empty: a full list.
    std::uint64_t until = 0;                  ///< Where the sync token will continue.
    TimePoint full_sync_at{};
    std::string after;       ///< The key of the last entry shown.
    std::string parameters;  ///< What the call must repeat.
};

/// The parameters that tokens bind their calls to.
std::string parameters_of(const Call& call, bool with_sync) {
    std::string text;
    for (std::string_view name : {"personFields", "requestMask.includeField", "readMask", "pageSize", "sortOrder",
                                  "sources", "requestSyncToken", "syncToken"})
        if (with_sync || !name.ends_with("yncToken"))
            for (const auto& value : call.queries(name)) text.append(name).append("=").append(value).append("&");
    return text;
}

std::string to_token(std::string_view kind, const Walk& walk) {
    json::object token{{"kind", kind},
                       {"until", walk.until},
                       {"full_sync_at", to_millis(walk.full_sync_at)},
                       {"after", walk.after},
                       {"parameters", walk.parameters}};
    if (walk.since) token["since"] = *walk.since;
    return base64url(json::serialize(token));
}

std::expected<Walk, GoogleError> from_token(const std::string& token, std::string_view kind,
                                            const std::string& parameters) {
    const auto invalid = [&] { return refusal::bad_request(fmt::format("Invalid {} token.", kind)); };
    const auto decoded = from_base64url(token);
    const auto object = decoded ? read_object(*decoded) : fail(ErrorKind::invalid, "");
    if (!object || text_in(*object, "kind") != kind) return invalid();
    const auto number = [&](std::string_view name) {
        const auto* value = object->if_contains(name);
        return value != nullptr && value->is_int64() ? value->get_int64() : 0;
    };
    Walk walk{.until = static_cast<std::uint64_t>(number("until")),
              .full_sync_at = from_millis(number("full_sync_at")),
              .after = text_in(*object, "after"),
              .parameters = text_in(*object, "parameters")};
    if (object->contains("since")) walk.since = static_cast<std::uint64_t>(number("since"));
    if (walk.parameters != parameters)
        return refusal::bad_request(
            fmt::format("All parameters must match those of the call that returned the {} token.", kind));
    return walk;
}

std::unexpected<GoogleError> expired() {
    json::object info{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                      {"reason", "EXPIRED_SYNC_TOKEN"},
                      {"domain", "people.googleapis.com"}};
    return refusal::failed_precondition(
        "Sync token is expired. Clear local cache and retry call without the sync token.", {std::move(info)});
}

/// The version up to which everything is older than `horizon`, and so is no longer on its way.
std::uint64_t settled_version(const std::vector<Contact>& changes, TimePoint horizon) {
    std::uint64_t version = 0;
    for (const auto& contact : changes) {
        if (contact.changed_at > horizon) break;
        version = contact.version;
    }
    return version;
}

/// Orders entries; one that does not change keeps its place, so that none is missed between two pages.
std::string key_of(const Contact& contact, std::string_view order) {
    const auto name = full_name(name_of(contact));
    if (order == "FIRST_NAME_ASCENDING")
        return http::lower_case(name.given + "\x1f" + name.family) + "\x1f" + contact.id;
    if (order == "LAST_NAME_ASCENDING")
        return http::lower_case(name.family + "\x1f" + name.given) + "\x1f" + contact.id;
    const bool ascending = order != "LAST_MODIFIED_DESCENDING";
    return fmt::format("{:020}", ascending ? contact.version : ~contact.version);
}

struct Entry {
    std::string key;
    const Contact* contact;
};

std::vector<Entry> entries_of(const std::vector<Contact>& changes, const Walk& walk, TimePoint horizon,
                              std::string_view order) {
    std::vector<Entry> entries;
    for (const auto& contact : changes) {
        const bool belongs = walk.since ? contact.version > *walk.since && contact.changed_at <= horizon
                                        : !contact.deleted && contact.created_at <= horizon;
        if (belongs) entries.push_back({key_of(contact, order), &contact});
    }
    std::ranges::sort(entries, {}, &Entry::key);
    return entries;
}

class Lister {
  public:
    Lister(const Kind& kind, const Clock& clock, Behaviour& behaviour)
        : kind_(kind), clock_(clock), behaviour_(behaviour) {}

    Answer list(const Call& call, const Mask& mask, std::size_t limit) const {
        const auto order = call.query("sortOrder");
        const auto wanted = wants_contacts(call);
        if (!wanted) return std::unexpected(wanted.error());
        if (const auto refused = order_refusal(order)) return std::unexpected(*refused);
        const auto changes = (call.user.contacts.*kind_.list).changes();
        const auto horizon = clock_.now() - behaviour_.propagation();
        auto walk = walk_of(call, changes, horizon);
        if (!walk) return std::unexpected(std::move(walk).error());
        auto entries = entries_of(changes, *walk, horizon, order);
        if (!*wanted) entries.clear();
        return page(call, *walk, entries, mask, limit);
    }

  private:
    std::optional<GoogleError> order_refusal(std::string_view order) const {
        static constexpr std::array<std::string_view, 5> kOrders = {
            "", "LAST_MODIFIED_ASCENDING", "LAST_MODIFIED_DESCENDING", "FIRST_NAME_ASCENDING", "LAST_NAME_ASCENDING"};
        if (kind_.sorted && std::ranges::find(kOrders, order) == kOrders.end())
            return refusal::bad_request(fmt::format("Invalid value at 'sort_order' (TYPE_ENUM), \"{}\"", order))
                .error();
        return {};
    }

    std::expected<Walk, GoogleError> walk_of(const Call& call, const std::vector<Contact>& changes,
                                             TimePoint horizon) const {
        const auto all = parameters_of(call, true);
        if (const auto token = call.query("pageToken"); !token.empty()) return from_token(token, "page", all);
        const auto now = clock_.now();
        Walk walk{.full_sync_at = now, .after = {}, .parameters = all};
        if (const auto token = call.query("syncToken"); !token.empty()) {
            const auto earlier = from_token(token, "sync", parameters_of(call, false));
            if (!earlier) return std::unexpected(earlier.error());
            if (earlier->full_sync_at + kSyncTokenLife < now) return expired();
            walk.since = earlier->until;
            walk.full_sync_at = earlier->full_sync_at;
        } else if (const auto again = behaviour_.full_syncs().take(call.user.address, 1)) {
            return refusal::rate_limited(429, "rateLimitExceeded", *again);
        }
        walk.until = std::max(settled_version(changes, horizon), walk.since.value_or(0));
        return walk;
    }

    Answer page(const Call& call, Walk walk, const std::vector<Entry>& entries, const Mask& mask,
                std::size_t limit) const {
        json::array items;
        auto next = std::ranges::upper_bound(entries, walk.after, {}, &Entry::key);
        for (; next != entries.end() && items.size() < limit; ++next) {
            items.push_back(to_person(*next->contact, kind_.source, mask));
            walk.after = next->key;
        }
        json::object answer;
        if (!items.empty()) answer[kind_.items] = std::move(items);
        if (!walk.since && !entries.empty()) {
            answer[kind_.total] = entries.size();
            if (kind_.source == Source::contact) answer["totalPeople"] = entries.size();
        }
        if (next != entries.end())
            answer["nextPageToken"] = to_token("page", walk);
        else if (call.query("requestSyncToken") == "true" || walk.since)
            answer["nextSyncToken"] = to_token("sync", finished(call, walk));
        return answer;
    }

    static Walk finished(const Call& call, Walk walk) {
        walk.after.clear();
        walk.parameters = parameters_of(call, false);
        return walk;
    }

    const Kind& kind_;
    const Clock& clock_;
    Behaviour& behaviour_;
};

Answer list_connections(const Call& call, const Lister& lister) {
    if (call.path_value(0) != "me") return refusal::bad_request("Invalid resourceName: only \"people/me\" is valid.");
    const auto mask = person_mask(call, "people.connections/list");
    if (!mask) return std::unexpected(mask.error());
    const auto limit = list_page_size(call, 100, 1'000);
    if (!limit) return std::unexpected(limit.error());
    return lister.list(call, *mask, *limit);
}

Answer list_others(const Call& call, const Lister& lister) {
    const auto mask = required_mask(call.query("readMask"), MaskKind::other_list, "readMask", "otherContacts/list");
    if (!mask) return std::unexpected(mask.error());
    const auto limit = list_page_size(call, 100, 1'000);
    if (!limit) return std::unexpected(limit.error());
    const auto wanted = wants_contacts(call);
    if (wanted && !*wanted)
        return refusal::bad_request("READ_SOURCE_TYPE_PROFILE is not permitted without READ_SOURCE_TYPE_CONTACT.");
    return lister.list(call, *mask, *limit);
}

}  // namespace

std::expected<std::size_t, GoogleError> list_page_size(const Call& call, std::size_t standard, std::size_t most) {
    const auto size = page_size(call, "pageSize", standard, most + 1);
    if (size && *size > most)
        return refusal::bad_request(fmt::format("Invalid pageSize: valid values are between 1 and {}.", most));
    return size;
}

void add_listing_methods(Api& api, const Clock& clock, Behaviour& behaviour) {
    api.add("people.people.connections.list", [lister = Lister(kConnections, clock, behaviour)](const Call& call) {
        return list_connections(call, lister);
    });
    api.add("people.otherContacts.list",
            [lister = Lister(kOthers, clock, behaviour)](const Call& call) { return list_others(call, lister); });
}

}  // namespace inboxpro::sandbox::people
