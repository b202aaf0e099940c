#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/account.h"

namespace inboxpro {

/// One of Google's permissions, as it is explained before it is asked for.
struct Permission {
    std::string_view scope;
    std::string_view what;  ///< "Write drafts and send them"
    std::string_view why;
};

/// What a user switches on, and what it needs of Google. Nothing else is ever asked for (security QA5).
struct Feature {
    std::string_view id;  ///< As the API names it.
    std::string_view name;
    std::string_view promise;  ///< What the user gets from it.
    std::vector<Permission> permissions;
};

/// Who somebody is: asked for at every sign-in, belongs to no feature.
const std::vector<Permission>& sign_in_permissions();
const std::vector<Feature>& all_features();
/// Null when there is none of that id.
const Feature* find_feature(std::string_view id);

/// Whether Google granted everything the feature needs. A feature without it is off and says so.
bool is_granted(const Feature& feature, const Account& account);

}  // namespace inboxpro
