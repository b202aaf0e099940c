#pragma once
#include "sandbox/api/method.h"

namespace inboxpro::sandbox::calendar {

/// Those of calendar.v3.json that the sandbox serves. Each costs one unit of Calendar's own quota, which is not
/// Gmail's.
std::span<const ApiMethod> methods();

}  // namespace inboxpro::sandbox::calendar
