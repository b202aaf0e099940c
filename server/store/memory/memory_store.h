#pragma once
#include <memory>
#include <vector>

#include "store/store.h"

namespace inboxpro {

/// A Store that forgets when it goes: tests and short-lived tools. Keeps every promise of the door but durability.
std::unique_ptr<Store> make_memory_store(std::vector<const Collection*> collections);

}  // namespace inboxpro
