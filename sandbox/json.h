#pragma once
#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json_fields.h"

namespace inboxpro::sandbox {

/// A JSON object; `invalid` for anything else. An empty body is an empty object.
Result<boost::json::object> read_object(std::string_view body);

using fields::object_in;
using fields::text_in;
using fields::texts_in;

}  // namespace inboxpro::sandbox
