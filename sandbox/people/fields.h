#pragma once
#include <boost/json/object.hpp>
#include <set>
#include <span>
#include <string_view>

#include "sandbox/google_error.h"

namespace inboxpro::sandbox::people {

/// A field of a Person that a contact may hold: always a list.
struct PersonField {
    std::string_view name;      ///< "emailAddresses"
    std::string_view settable;  ///< What an entry may say, separated by spaces.
    std::string_view computed;  ///< What Google adds to an entry; ignored when it is sent.
    bool singleton = false;     ///< A contact holds one at most.
    bool updatable = true;      ///< May stand in updatePersonFields.
};
std::span<const PersonField> person_fields();
/// Null for a name that is none.
const PersonField* find_field(std::string_view name);

/// The fields that a caller asked for.
using Mask = std::set<std::string, std::less<>>;

/// Which names a mask may hold.
enum class MaskKind {
    person,        ///< Whatever a Person can be asked for.
    update,        ///< updatePersonFields
    other_list,    ///< Of otherContacts.list.
    other_search,  ///< Of otherContacts.search.
    copy           ///< copyMask
};
/// "names,emailAddresses". 400 for one that is unknown. Empty text is an empty mask.
std::expected<Mask, GoogleError> to_mask(std::string_view text, MaskKind kind, std::string_view name,
                                         std::string_view page);
/// The same, with 400 when it is empty. `name` is the parameter's, `page` Google's page about the method
/// ("people/get").
std::expected<Mask, GoogleError> required_mask(std::string_view text, MaskKind kind, std::string_view name,
                                               std::string_view page);

/// The fields of a Person in a request, without what Google computes. 400 for names that Person does not have, for what
/// is no list of objects, and for a second entry of a singleton.
std::expected<boost::json::object, GoogleError> read_person(const boost::json::object& person);

}  // namespace inboxpro::sandbox::people
