#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "base/task.h"

namespace inboxpro {

struct Contact {
    std::string id;  ///< Google's resource name, "people/c12" or "otherContacts/c12"; empty before it is made.
    std::string etag = {};
    std::string given_name = {};
    std::string family_name = {};
    std::string display_name = {};  ///< As Google puts it together; ignored when one is made.
    std::vector<std::string> addresses = {};
    bool is_deleted = false;  ///< In a list of changes; it has nothing else but its id then.
};
struct ContactPage {
    std::vector<Contact> contacts;
    std::string next_page;
    std::string sync_token;  ///< On the last page; good for seven days.
};

/// Google Contacts (the People API), as the user whom the access token belongs to. Errors as google/google_api.h says.
class PeopleApi {
  public:
    virtual ~PeopleApi() = default;

    /// Not idempotent, and Google does not look for the same contact: the same call twice makes two. One after another
    /// for one user.
    virtual Task<Result<Contact>> create_contact(Secret access_token, Contact contact) = 0;
    /// All of the user's contacts, or with a sync token what changed since. `not_found` when the token is too old: read
    /// anew without one. A change can take minutes to show.
    virtual Task<Result<ContactPage>> contacts(Secret access_token, std::string sync_token, std::string page) = 0;
    /// By the beginnings of words in names and addresses; at most 30. Google fills its cache on a call with an empty
    /// query: make one, and wait some seconds, before the first real one.
    virtual Task<Result<std::vector<Contact>>> search_contacts(Secret access_token, std::string query) = 0;
    /// The same among the people whom Gmail collected by itself.
    virtual Task<Result<std::vector<Contact>>> search_other_contacts(Secret access_token, std::string query) = 0;
    /// Makes a contact of one of those ("otherContacts/c12").
    virtual Task<Result<Contact>> copy_other_contact(Secret access_token, std::string id) = 0;
};

}  // namespace inboxpro
