#include "sandbox/api/method.h"

#include <algorithm>
#include <stdexcept>

namespace inboxpro::sandbox {

const ApiMethod& method_named(std::span<const ApiMethod> methods, std::string_view id) {
    const auto found = std::ranges::find(methods, id, &ApiMethod::id);
    if (found == methods.end()) throw std::logic_error("The table of methods lacks one that is served");
    return *found;
}

bool opens(std::string_view scope, const ApiMethod& method) {
    if (scope.starts_with(kScopePrefix)) scope.remove_prefix(kScopePrefix.size());
    for (auto rest = method.scopes; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        if (rest.substr(0, end) == scope) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

}  // namespace inboxpro::sandbox
