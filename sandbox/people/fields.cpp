#include "sandbox/people/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "http/server/text.h"

namespace inboxpro::sandbox::people {
namespace {

namespace json = boost::json;

// As people.v1.json lists them; a test compares.
constexpr auto kFields = std::to_array<PersonField>({
    {"addresses", "city country countryCode extendedAddress formattedValue poBox postalCode region streetAddress type",
     "formattedType"},
    {"biographies", "contentType value", "", true},
    {"birthdays", "date text", "", true},
    {"calendarUrls", "type url", "formattedType"},
    {"clientData", "key value", ""},
    {"emailAddresses", "displayName type value", "formattedType"},
    {"events", "date type", "formattedType"},
    {"externalIds", "type value", "formattedType"},
    {"genders", "addressMeAs value", "formattedValue", true},
    {"imClients", "protocol type username", "formattedProtocol formattedType"},
    {"interests", "value", ""},
    {"locales", "value", ""},
    {"locations", "buildingId current deskCode floor floorSection type value", ""},
    {"memberships", "contactGroupMembership", "domainMembership"},
    {"miscKeywords", "type value", "formattedType"},
    {"names",
     "familyName givenName honorificPrefix honorificSuffix middleName phoneticFamilyName phoneticFullName "
     "phoneticGivenName phoneticHonorificPrefix phoneticHonorificSuffix phoneticMiddleName unstructuredName",
     "displayName displayNameLastFirst", true},
    {"nicknames", "type value", ""},
    {"occupations", "value", ""},
    {"organizations",
     "costCenter current department domain endDate fullTimeEquivalentMillipercent jobDescription location name "
     "phoneticName startDate symbol title type",
     "formattedType"},
    {"phoneNumbers", "type value", "canonicalForm formattedType"},
    {"relations", "person type", "formattedType"},
    {"sipAddresses", "type value", "formattedType"},
    {"skills", "value", "", false, false},
    {"urls", "type value", "formattedType"},
    {"userDefined", "key value", ""},
});

/// Members of Person besides kFields that clients send back after reading; they change nothing.
constexpr auto kSentBack = std::to_array<std::string_view>(
    {"ageRange", "ageRanges", "braggingRights", "coverPhotos", "etag", "fileAses", "metadata", "photos",
     "relationshipInterests", "relationshipStatuses", "residences", "resourceName", "taglines"});
constexpr std::array<std::string_view, 4> kReadOnlyPaths = {"ageRanges", "coverPhotos", "metadata", "photos"};

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty())
        if (http::take_until(words, ' ') == word) return true;
    return false;
}

bool is_path(std::string_view path, MaskKind kind) {
    const auto* field = find_field(path);
    const bool is_basic = path == "emailAddresses" || path == "names" || path == "phoneNumbers";
    switch (kind) {
        case MaskKind::person:
            return field != nullptr || std::ranges::find(kReadOnlyPaths, path) != kReadOnlyPaths.end();
        case MaskKind::update: return field != nullptr && field->updatable;
        case MaskKind::other_list: return is_basic || path == "metadata" || path == "photos";
        case MaskKind::other_search: return is_basic || path == "metadata";
        case MaskKind::copy: return is_basic;
    }
    return false;
}

std::string documented_at(std::string_view page) {
    return fmt::format("Valid paths are documented at https://developers.google.com/people/api/rest/v1/{}.", page);
}

std::unexpected<GoogleError> unknown_name(std::string_view name, const std::string& place) {
    return refusal::bad_request(
        fmt::format("Invalid JSON payload received. Unknown name \"{}\" at '{}': Cannot find field.", name, place));
}

std::expected<json::array, GoogleError> read_entries(const PersonField& field, const json::value& value) {
    if (!value.is_array()) return refusal::bad_request(fmt::format("Invalid value at 'person.{}'", field.name));
    json::array entries;
    for (const auto& entry : value.get_array()) {
        const auto place = fmt::format("person.{}[{}]", field.name, entries.size());
        if (!entry.is_object()) return refusal::bad_request(fmt::format("Invalid value at '{}'", place));
        json::object kept;
        for (const auto& [name, inner] : entry.get_object()) {
            if (has_word(field.settable, name))
                kept[name] = inner;
            else if (name != "metadata" && !has_word(field.computed, name))
                return unknown_name(name, place);
        }
        entries.push_back(std::move(kept));
    }
    if (field.singleton && entries.size() > 1)
        return refusal::bad_request(
            fmt::format("Request person.{} is a singleton field for contact sources: give one value.", field.name));
    return entries;
}

}  // namespace

std::span<const PersonField> person_fields() {
    return kFields;
}

const PersonField* find_field(std::string_view name) {
    const auto* found = std::ranges::find(kFields, name, &PersonField::name);
    return found == kFields.end() ? nullptr : found;
}

std::expected<Mask, GoogleError> to_mask(std::string_view text, MaskKind kind, std::string_view name,
                                         std::string_view page) {
    Mask mask;
    while (!text.empty()) {
        const auto path = http::trimmed(http::take_until(text, ','));
        if (!is_path(path, kind))
            return refusal::bad_request(
                fmt::format("Invalid {} mask path: \"{}\". {}", name, path, documented_at(page)));
        mask.emplace(path);
    }
    return mask;
}

std::expected<Mask, GoogleError> required_mask(std::string_view text, MaskKind kind, std::string_view name,
                                               std::string_view page) {
    if (http::trimmed(text).empty())
        return refusal::bad_request(
            fmt::format("{} mask is required. Please specify one or more valid paths. {}", name, documented_at(page)));
    return to_mask(text, kind, name, page);
}

std::expected<json::object, GoogleError> read_person(const json::object& person) {
    json::object fields;
    for (const auto& [name, value] : person) {
        const auto* field = find_field(name);
        if (field == nullptr && std::ranges::find(kSentBack, std::string_view(name)) == kSentBack.end())
            return unknown_name(name, "person");
        if (field == nullptr) continue;
        auto entries = read_entries(*field, value);
        if (!entries) return std::unexpected(std::move(entries).error());
        fields[name] = std::move(*entries);
    }
    return fields;
}

}  // namespace inboxpro::sandbox::people
