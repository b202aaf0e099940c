#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "google/http_google_api.h"
#include "google/people_answers.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

constexpr std::string_view kFields = "names,emailAddresses,metadata";

json::object json_of(const Contact& contact) {
    json::object person;
    json::object name;
    if (!contact.given_name.empty()) name["givenName"] = contact.given_name;
    if (!contact.family_name.empty()) name["familyName"] = contact.family_name;
    if (!name.empty()) person["names"] = json::array{std::move(name)};
    json::array addresses;
    for (const auto& address : contact.addresses) addresses.push_back(json::object{{"value", address}});
    if (!addresses.empty()) person["emailAddresses"] = std::move(addresses);
    return person;
}

std::string search_for(std::string_view collection, std::string_view query) {
    return fmt::format("/{}?query={}&pageSize=30&readMask={}", collection, percent_encoded(query),
                       percent_encoded(kFields));
}

}  // namespace

Task<Result<Bytes>> HttpGoogleApi::people(Secret access_token, std::string method, std::string path,
                                          json::object body) {
    return api(std::move(access_token), {.method = std::move(method),
                                         .url = endpoints_.people + path,
                                         .body = body.empty() ? Bytes{} : json::serialize(body),
                                         .deadline = deadlines_.call});
}

Task<Result<Contact>> HttpGoogleApi::create_contact(Secret access_token, Contact contact) {
    auto path = fmt::format("/people:createContact?personFields={}", percent_encoded(kFields));
    co_return read_contact(CO_TRY(co_await people(std::move(access_token), "POST", std::move(path), json_of(contact))));
}

Task<Result<ContactPage>> HttpGoogleApi::contacts(Secret access_token, std::string sync_token, std::string page) {
    auto path = fmt::format("/people/me/connections?personFields={}&pageSize=1000&requestSyncToken=true",
                            percent_encoded(kFields));
    if (!sync_token.empty()) path += "&syncToken=" + percent_encoded(sync_token);
    if (!page.empty()) path += "&pageToken=" + percent_encoded(page);
    co_return read_contact_page(CO_TRY(co_await people(std::move(access_token), "GET", std::move(path))));
}

Task<Result<std::vector<Contact>>> HttpGoogleApi::search_contacts(Secret access_token, std::string query) {
    auto path = search_for("people:searchContacts", query);
    co_return read_found_contacts(CO_TRY(co_await people(std::move(access_token), "GET", std::move(path))));
}

Task<Result<std::vector<Contact>>> HttpGoogleApi::search_other_contacts(Secret access_token, std::string query) {
    auto path = search_for("otherContacts:search", query);
    co_return read_found_contacts(CO_TRY(co_await people(std::move(access_token), "GET", std::move(path))));
}

// The id's slash is part of the path.
Task<Result<Contact>> HttpGoogleApi::copy_other_contact(Secret access_token, std::string id) {
    constexpr std::string_view kCollection = "otherContacts/";
    if (!id.starts_with(kCollection)) co_return fail(ErrorKind::invalid, "no id of a collected contact");
    auto path = fmt::format("/{}{}:copyOtherContactToMyContactsGroup", kCollection,
                            percent_encoded(std::string_view(id).substr(kCollection.size())));
    json::object body{{"copyMask", "names,emailAddresses"}};
    co_return read_contact(CO_TRY(co_await people(std::move(access_token), "POST", std::move(path), std::move(body))));
}

}  // namespace inboxpro
