#pragma once
#include <boost/json/object.hpp>

#include "sandbox/control/faults.h"

namespace inboxpro::sandbox {

/// As it was set; times in RFC 3339.
boost::json::object to_json(const Fault& fault);

}  // namespace inboxpro::sandbox
