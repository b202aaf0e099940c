#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace inboxpro::sandbox {

/// A JSON object; `invalid` for anything else. An empty body is an empty object.
Result<boost::json::object> read_object(std::string_view body);

/// The member as a string; empty when it is absent or something else.
std::string text_in(const boost::json::object& from, std::string_view name);
/// The member as an object; null when it is absent or something else.
const boost::json::object* object_in(const boost::json::object& from, std::string_view name);
/// The strings in the list; empty when it is absent or something else.
std::vector<std::string> texts_in(const boost::json::object& from, std::string_view name);

}  // namespace inboxpro::sandbox
