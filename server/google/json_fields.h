#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "base/error.h"

namespace inboxpro::fields {

// Fields of Google's answers, for the readers of this room. What is absent or of another kind is empty, false or 0.

/// `unavailable` when the body is no JSON object.
Result<boost::json::object> read_object(std::string_view body);
std::string text_in(const boost::json::object& from, std::string_view name);
bool flag_in(const boost::json::object& from, std::string_view name);
/// Also of a number that comes as text; at least 0.
std::uint64_t number_in(const boost::json::object& from, std::string_view name);
/// Null when there is none.
const boost::json::object* object_in(const boost::json::object& from, std::string_view name);
std::vector<const boost::json::object*> objects_in(const boost::json::object& from, std::string_view name);
std::vector<std::string> texts_in(const boost::json::object& from, std::string_view name);
/// A text that Google always sends; `unavailable` without it.
Result<std::string> needed(const boost::json::object& from, std::string_view name);

}  // namespace inboxpro::fields
