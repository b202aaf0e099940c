#include "sandbox/people/person.h"

#include <boost/json/array.hpp>

#include "http/server/text.h"
#include "sandbox/json.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox::people {
namespace {

namespace json = boost::json;

void append_word(std::string& text, std::string_view word) {
    if (!word.empty()) text.append(text.empty() ? "" : " ").append(word);
}

/// Splits a name as somebody wrote it: the first word is given, the last is the family's.
json::object split(const std::string& written) {
    std::string_view rest = http::trimmed(written);
    json::object name{{"givenName", http::take_until(rest, ' ')}};
    if (rest.empty()) return name;
    const auto last = rest.rfind(' ');
    name["familyName"] = rest.substr(last == std::string_view::npos ? 0 : last + 1);
    if (last != std::string_view::npos) name["middleName"] = http::trimmed(rest.substr(0, last));
    return name;
}

bool has_parts(const json::object& name) {
    return std::ranges::any_of(name, [](const auto& part) { return part.key() != "unstructuredName"; });
}

json::object with_parts(const json::object& name) {
    auto all = has_parts(name) ? name : split(text_in(name, "unstructuredName"));
    const auto full = full_name(all);
    all["displayName"] = full.display;
    all["displayNameLastFirst"] = full.display_last_first;
    all["unstructuredName"] = full.display;
    return all;
}

/// "homeFax" reads "Home Fax".
std::string spelled_out(std::string_view type) {
    std::string text;
    for (char c : type) {
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper && !text.empty()) text += ' ';
        text += text.empty() && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

/// Empty for a number without country.
std::string canonical(std::string_view number) {
    std::string digits;
    for (char c : number)
        if (c >= '0' && c <= '9') digits += c;
    return number.starts_with('+') ? "+" + digits : std::string{};
}

json::object computed(std::string_view field, const json::object& entry) {
    auto result = field == "names" ? with_parts(entry) : entry;
    if (const auto type = text_in(entry, "type");
        !type.empty() && find_field(field)->computed.contains("formattedType"))
        result["formattedType"] = spelled_out(type);
    if (field == "phoneNumbers")
        if (auto number = canonical(text_in(entry, "value")); !number.empty()) result["canonicalForm"] = number;
    if (field != "memberships") return result;
    auto membership = *object_in(entry, "contactGroupMembership");
    const auto group = text_in(membership, "contactGroupResourceName");
    membership["contactGroupId"] = group.substr(group.find('/') + 1);
    result["contactGroupMembership"] = std::move(membership);
    return result;
}

json::array computed(std::string_view field, const json::array& entries, const json::object& source) {
    json::array result;
    for (const auto& entry : entries) {
        auto made = computed(field, entry.as_object());
        json::object metadata{{"source", source}};
        if (result.empty() && field != "memberships") metadata["primary"] = metadata["sourcePrimary"] = true;
        made["metadata"] = std::move(metadata);
        result.push_back(std::move(made));
    }
    return result;
}

json::object metadata_of(const Contact& contact, json::object source) {
    source["etag"] = contact.source_etag();
    source["updateTime"] = to_rfc3339(contact.changed_at);
    json::object metadata{{"sources", json::array{std::move(source)}}, {"objectType", "PERSON"}};
    if (contact.deleted) metadata["deleted"] = true;
    return metadata;
}

}  // namespace

FullName full_name(const json::object& written) {
    const auto name = has_parts(written) ? written : split(text_in(written, "unstructuredName"));
    FullName full{.given = text_in(name, "givenName"),
                  .family = text_in(name, "familyName"),
                  .display = {},
                  .display_last_first = {}};
    std::string after_family;
    for (std::string_view part : {"honorificPrefix", "givenName", "middleName"})
        append_word(after_family, text_in(name, part));
    full.display = after_family;
    append_word(full.display, full.family);
    full.display_last_first = full.family;
    if (!full.family.empty() && !after_family.empty()) full.display_last_first += ",";
    append_word(full.display_last_first, after_family);
    if (const auto suffix = text_in(name, "honorificSuffix"); !suffix.empty()) {
        full.display += (full.display.empty() ? "" : ", ") + suffix;
        full.display_last_first += (full.display_last_first.empty() ? "" : ", ") + suffix;
    }
    return full;
}

json::object name_of(const Contact& contact) {
    const auto* names = contact.fields.if_contains("names");
    return names == nullptr ? json::object{} : names->as_array().front().as_object();
}

json::object to_person(const Contact& contact, Source source, const Mask& mask) {
    const bool own = source == Source::contact;
    const json::object from{{"type", own ? "CONTACT" : "OTHER_CONTACT"}, {"id", contact.id.substr(1)}};
    json::object person{{"resourceName", (own ? "people/" : "otherContacts/") + contact.id}, {"etag", contact.etag()}};
    for (const auto& [name, entries] : contact.fields)
        if (mask.contains(std::string_view(name))) person[name] = computed(name, entries.as_array(), from);
    if (mask.contains("metadata")) person["metadata"] = metadata_of(contact, from);
    return person;
}

json::object to_person(const User& user, bool with_address, const Mask& mask) {
    const json::object from{{"type", "PROFILE"}, {"id", user.subject}};
    json::object person{{"resourceName", "people/" + user.subject}, {"etag", "%EgUBAgMJLhoE" + base64(user.subject)}};
    if (mask.contains("names"))
        person["names"] = computed("names", {json::object{{"unstructuredName", user.name}}}, from);
    if (with_address && mask.contains("emailAddresses")) {
        json::object address{{"value", user.address}};
        address["metadata"] = json::object{{"primary", true},
                                           {"verified", true},
                                           {"sourcePrimary", true},
                                           {"source", json::object{{"type", "ACCOUNT"}, {"id", user.subject}}}};
        person["emailAddresses"] = json::array{std::move(address)};
    }
    if (mask.contains("metadata")) {
        auto source = from;
        source["etag"] = "#profile";
        source["profileMetadata"] = json::object{{"objectType", "PERSON"}, {"userTypes", json::array{"GOOGLE_USER"}}};
        person["metadata"] = json::object{{"sources", json::array{std::move(source)}}, {"objectType", "PERSON"}};
    }
    return person;
}

}  // namespace inboxpro::sandbox::people
