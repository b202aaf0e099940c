#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Members of JSON that others wrote. What is absent or of another kind is empty.
namespace inboxpro::fields {

std::string text_in(const boost::json::object& from, std::string_view name);
/// Null when there is none.
const boost::json::object* object_in(const boost::json::object& from, std::string_view name);
/// The strings in a list.
std::vector<std::string> texts_in(const boost::json::object& from, std::string_view name);

}  // namespace inboxpro::fields
