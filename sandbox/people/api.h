#pragma once
#include <atomic>

#include "sandbox/api/api.h"
#include "sandbox/people/methods.h"
#include "sandbox/people/person.h"

namespace inboxpro::sandbox::people {

/// What Google's machinery does to lists of contacts and tests can set. Thread-safe.
class Behaviour {
  public:
    explicit Behaviour(const Clock& clock) : full_syncs_(clock) {}

    /// How long a write stays hidden from lists; 0 at the start (Google: up to several minutes).
    std::chrono::milliseconds propagation() const { return std::chrono::milliseconds{propagation_.load()}; }
    void set_propagation(std::chrono::milliseconds delay) { propagation_ = delay.count(); }
    /// How many full lists a user may begin in a minute; 0, as at the start: no limit.
    Quota& full_syncs() { return full_syncs_; }

  private:
    std::atomic<std::int64_t> propagation_{0};
    Quota full_syncs_;
};

void add_contact_methods(Api& api);  ///< get, createContact, updateContact, deleteContact, copy…ToMyContactsGroup
void add_listing_methods(Api& api, const Clock& clock, Behaviour& behaviour);
void add_search_methods(Api& api);
/// GET and POST /_sandbox/people.
void add_control_routes(Calls& calls, Behaviour& behaviour);

/// The page size of a list; `standard` when it is absent or 0. 400 for one above `most`, which searches cap instead.
std::expected<std::size_t, GoogleError> list_page_size(const Call& call, std::size_t standard, std::size_t most);

/// personFields, or its predecessor requestMask.includeField ("person.names,person.photos"). 400 when both are missing.
std::expected<Mask, GoogleError> person_mask(const Call& call, std::string_view page);

/// Whether the caller wants what comes from contacts: `sources` is absent or holds READ_SOURCE_TYPE_CONTACT. 400 for a
/// source that Google does not know.
std::expected<bool, GoogleError> wants_contacts(const Call& call);

}  // namespace inboxpro::sandbox::people
