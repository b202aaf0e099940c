#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "sandbox/json.h"
#include "sandbox/people/api.h"

namespace inboxpro::sandbox::people {
namespace {

namespace json = boost::json;

constexpr std::string_view kContactScopes[] = {"contacts", "contacts.readonly"};
constexpr std::string_view kAddressScopes[] = {"userinfo.email", "user.emails.read"};
constexpr std::string_view kMyContacts = "contactGroups/myContacts";

bool holds_any(const Call& call, std::span<const std::string_view> scopes) {
    return std::ranges::any_of(scopes, [&](std::string_view scope) {
        return call.access.scopes.contains(std::string(kScopePrefix) + std::string(scope));
    });
}

std::expected<json::object, GoogleError> body_of(const Call& call) {
    auto body = read_object(call.request.body);
    if (!body) return refusal::bad_request("Invalid JSON payload received. " + body.error().detail);
    return std::move(*body);
}

/// What an answer shows: everything, unless personFields says less.
std::expected<Mask, GoogleError> answer_mask(const Call& call, std::string_view page) {
    auto mask = to_mask(call.query("personFields"), MaskKind::person, "personFields", page);
    if (!mask || !mask->empty()) return mask;
    for (const auto& field : person_fields()) mask->emplace(field.name);
    mask->emplace("metadata");
    return mask;
}

json::array my_contacts() {
    json::object group{{"contactGroupResourceName", kMyContacts}};
    return {json::object{{"contactGroupMembership", std::move(group)}}};
}

/// 400 when a membership names no group of contacts.
std::expected<void, GoogleError> check_memberships(const json::object& fields) {
    const auto* list = fields.if_contains("memberships");
    if (list == nullptr) return {};
    for (const auto& entry : list->as_array()) {
        const auto* group = object_in(entry.as_object(), "contactGroupMembership");
        if (group == nullptr || !text_in(*group, "contactGroupResourceName").starts_with("contactGroups/"))
            return refusal::bad_request("Contact group resource names have the form contactGroups/{contact_group_id}.");
    }
    return {};
}

Answer create_contact(const Call& call) {
    const auto body = body_of(call);
    if (!body) return std::unexpected(body.error());
    const auto mask = answer_mask(call, "people/createContact");
    if (!mask) return std::unexpected(mask.error());
    auto fields = read_person(*body);
    if (!fields) return std::unexpected(std::move(fields).error());
    if (const auto fine = check_memberships(*fields); !fine) return std::unexpected(fine.error());
    auto& memberships = (*fields)["memberships"];
    if (!memberships.is_array() || memberships.get_array().empty()) memberships = my_contacts();
    return to_person(call.user.contacts.contacts.add(*fields), Source::contact, *mask);
}

Answer get_person(const Call& call) {
    const auto mask = person_mask(call, "people/get");
    if (!mask) return std::unexpected(mask.error());
    const auto& id = call.path_value(0);
    if (id == "me" || id == call.user.subject) return to_person(call.user, holds_any(call, kAddressScopes), *mask);
    const auto wanted = wants_contacts(call);
    if (!wanted) return std::unexpected(wanted.error());
    if (!holds_any(call, kContactScopes))
        return refusal::forbidden("The caller does not have permission to read contacts.");
    const auto found = call.user.contacts.contacts.find(id);
    if (!found || !*wanted) return refusal::not_found();
    return to_person(*found, Source::contact, *mask);
}

/// The etag of the CONTACT source in the body; empty without one.
std::string source_etag(const json::object& body) {
    const auto* metadata = object_in(body, "metadata");
    const auto* sources = metadata == nullptr ? nullptr : metadata->if_contains("sources");
    if (sources == nullptr || !sources->is_array()) return {};
    for (const auto& source : sources->get_array())
        if (source.is_object() && text_in(source.get_object(), "type") == "CONTACT")
            return text_in(source.get_object(), "etag");
    return {};
}

/// The fields that `mask` names, emptied where the body leaves them out.
json::object replacement(const json::object& sent, const Mask& mask) {
    json::object fields;
    for (const auto& name : mask) {
        const auto* value = sent.if_contains(name);
        fields[name] = value == nullptr ? json::array{} : *value;
    }
    return fields;
}

Answer update_contact(const Call& call) {
    const auto body = body_of(call);
    if (!body) return std::unexpected(body.error());
    const auto updated =
        required_mask(call.query("updatePersonFields"), MaskKind::update, "updatePersonFields", "people/updateContact");
    if (!updated) return std::unexpected(updated.error());
    const auto mask = answer_mask(call, "people/updateContact");
    if (!mask) return std::unexpected(mask.error());
    const auto sent = read_person(*body);
    if (!sent) return std::unexpected(sent.error());
    const auto fields = replacement(*sent, *updated);
    if (const auto fine = check_memberships(fields); !fine) return std::unexpected(fine.error());
    if (const auto* memberships = fields.if_contains("memberships"); memberships && memberships->as_array().empty())
        return refusal::bad_request("A contact must have at least one contact group membership.");
    const auto etag = source_etag(*body);
    if (etag.empty())
        return refusal::bad_request(
            "Request must set person.etag or person.metadata.sources.etag for the source that is being updated.");
    const auto contact = call.user.contacts.contacts.update(call.path_value(0), etag, fields);
    if (contact) return to_person(*contact, Source::contact, *mask);
    if (contact.error() == UpdateRefusal::not_found) return refusal::not_found();
    return refusal::failed_precondition(
        "Request person.etag is different than the current person.etag. Clear local cache and get the latest person.");
}

Answer erase_contact(const Call& call) {
    if (!call.user.contacts.contacts.erase(call.path_value(0))) return refusal::not_found();
    return json::object{};
}

/// What a copy is answered with: readMask, else what was copied, metadata and memberships.
std::expected<Mask, GoogleError> copy_answer_mask(const json::object& body, const Mask& copied) {
    auto mask = to_mask(text_in(body, "readMask"), MaskKind::person, "readMask",
                        "otherContacts/copyOtherContactToMyContactsGroup");
    if (!mask || !mask->empty()) return mask;
    mask->insert(copied.begin(), copied.end());
    mask->insert({"metadata", "memberships"});
    return mask;
}

Answer copy_contact(const Call& call) {
    const auto body = body_of(call);
    if (!body) return std::unexpected(body.error());
    const auto copied = required_mask(text_in(*body, "copyMask"), MaskKind::copy, "copyMask",
                                      "otherContacts/copyOtherContactToMyContactsGroup");
    if (!copied) return std::unexpected(copied.error());
    const auto mask = copy_answer_mask(*body, *copied);
    if (!mask) return std::unexpected(mask.error());
    const auto other = call.user.contacts.others.find(call.path_value(0));
    if (!other) return refusal::not_found();
    auto fields = replacement(other->fields, *copied);
    fields["memberships"] = my_contacts();
    return to_person(call.user.contacts.contacts.add(fields), Source::contact, *mask);
}

}  // namespace

std::expected<Mask, GoogleError> person_mask(const Call& call, std::string_view page) {
    auto text = call.query("personFields");
    if (text.empty()) {
        text = call.query("requestMask.includeField");
        static constexpr std::string_view kPrefix = "person.";
        for (auto at = text.find(kPrefix); at != std::string::npos; at = text.find(kPrefix, at))
            text.erase(at, kPrefix.size());
    }
    return required_mask(text, MaskKind::person, "personFields", page);
}

std::expected<bool, GoogleError> wants_contacts(const Call& call) {
    const auto sources = call.queries("sources");
    for (std::string_view source : sources) {
        const auto known = source.starts_with("READ_SOURCE_TYPE_") ? source.substr(17) : "";
        if (known != "UNSPECIFIED" && known != "PROFILE" && known != "CONTACT" && known != "DOMAIN_CONTACT" &&
            known != "OTHER_CONTACT")
            return refusal::bad_request(fmt::format("Invalid value at 'sources' (TYPE_ENUM), \"{}\"", source));
    }
    return sources.empty() || std::ranges::find(sources, "READ_SOURCE_TYPE_CONTACT") != sources.end();
}

void add_contact_methods(Api& api) {
    api.add("people.people.createContact", create_contact);
    api.add("people.people.get", get_person);
    api.add("people.people.updateContact", update_contact);
    api.add("people.people.deleteContact", erase_contact);
    api.add("people.otherContacts.copyOtherContactToMyContactsGroup", copy_contact);
}

}  // namespace inboxpro::sandbox::people
