#include "store/collection.h"

#include <algorithm>
#include <stdexcept>

namespace inboxpro {

std::size_t Collection::position_of(std::string_view field) const {
    const auto found = std::ranges::find(fields, field, &Field::name);
    if (found == fields.end()) throw std::logic_error("no such field in a collection");
    return static_cast<std::size_t>(found - fields.begin());
}

const Index& Collection::index_named(std::string_view index) const {
    const auto found = std::ranges::find(indexes, index, &Index::name);
    if (found == indexes.end()) throw std::logic_error("no such index in a collection");
    return *found;
}

}  // namespace inboxpro
