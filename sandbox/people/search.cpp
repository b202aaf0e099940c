#include <boost/json/array.hpp>

#include "http/server/text.h"
#include "sandbox/json.h"
#include "sandbox/people/api.h"

namespace inboxpro::sandbox::people {
namespace {

namespace json = boost::json;

constexpr std::size_t kStandardResults = 10, kMostResults = 30;

/// Whether the text, or what follows one of its spaces, begins with `query`: "foo n" fits "foo name", "oo n" does not.
bool begins_a_phrase(std::string_view text, const std::string& query) {
    const auto folded = http::lower_case(text);
    for (std::string_view rest = folded; !rest.empty(); http::take_until(rest, ' '))
        if (rest.starts_with(query)) return true;
    return false;
}

bool matches(const Contact& contact, const std::string& query, std::string_view field,
             std::initializer_list<std::string_view> members) {
    const auto* entries = contact.fields.if_contains(field);
    if (entries == nullptr) return false;
    return std::ranges::any_of(entries->as_array(), [&](const json::value& entry) {
        return std::ranges::any_of(members, [&](std::string_view member) {
            return begins_a_phrase(text_in(entry.as_object(), member), query);
        });
    });
}

bool matches(const Contact& contact, const std::string& query, bool own) {
    const auto name = full_name(name_of(contact));
    if (begins_a_phrase(name.display, query) || matches(contact, query, "emailAddresses", {"value"}) ||
        matches(contact, query, "phoneNumbers", {"value"}))
        return true;
    return own && (matches(contact, query, "nicknames", {"value"}) ||
                   matches(contact, query, "organizations", {"name", "title"}));
}

Answer search(const Call& call, ContactList& list, Source source, const Mask& mask) {
    const auto limit = page_size(call, "pageSize", kStandardResults, kMostResults);
    if (!limit) return std::unexpected(limit.error());
    const auto query = http::lower_case(http::trimmed(call.query("query")));
    if (query.empty()) {
        list.warm_up();
        return json::object{};
    }
    json::array results;
    for (const auto& contact : list.warmed()) {
        if (results.size() == *limit) break;
        if (matches(contact, query, source == Source::contact))
            results.push_back(json::object{{"person", to_person(contact, source, mask)}});
    }
    if (results.empty()) return json::object{};
    return json::object{{"results", std::move(results)}};
}

Answer search_contacts(const Call& call) {
    const auto mask = required_mask(call.query("readMask"), MaskKind::person, "readMask", "people/searchContacts");
    if (!mask) return std::unexpected(mask.error());
    const auto wanted = wants_contacts(call);
    if (!wanted) return std::unexpected(wanted.error());
    if (!*wanted) return json::object{};
    return search(call, call.user.contacts.contacts, Source::contact, *mask);
}

Answer search_others(const Call& call) {
    const auto mask = required_mask(call.query("readMask"), MaskKind::other_search, "readMask", "otherContacts/search");
    if (!mask) return std::unexpected(mask.error());
    return search(call, call.user.contacts.others, Source::other_contact, *mask);
}

}  // namespace

void add_search_methods(Api& api) {
    api.add("people.people.searchContacts", search_contacts);
    api.add("people.otherContacts.search", search_others);
}

}  // namespace inboxpro::sandbox::people
