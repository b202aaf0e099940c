#pragma once
#include "sandbox/api/method.h"

namespace inboxpro::sandbox::people {

/// Those of people.v1.json that the sandbox serves. They cost no units: Gmail's are counted apart from them.
std::span<const ApiMethod> methods();

}  // namespace inboxpro::sandbox::people
