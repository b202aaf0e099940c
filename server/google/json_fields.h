#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json_fields.h"

namespace inboxpro::fields {

// Fields of Google's answers, for the readers of this room, besides those of base. What is absent or of another kind is
// empty, false or 0.

/// `unavailable` when the body is no JSON object.
Result<boost::json::object> read_object(std::string_view body);
bool flag_in(const boost::json::object& from, std::string_view name);
/// Also of a number that comes as text; at least 0.
std::uint64_t number_in(const boost::json::object& from, std::string_view name);
std::vector<const boost::json::object*> objects_in(const boost::json::object& from, std::string_view name);
/// A text that Google always sends; `unavailable` without it.
Result<std::string> needed(const boost::json::object& from, std::string_view name);

}  // namespace inboxpro::fields
