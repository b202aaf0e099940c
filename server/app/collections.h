#pragma once
#include <vector>

#include "store/collection.h"

namespace inboxpro::app {

/// Every collection of every capability: what a store must know when it opens.
std::vector<const Collection*> all_collections();

}  // namespace inboxpro::app
