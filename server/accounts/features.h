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
    /// What the user gives up by it; empty as a rule. A feature with a price is never offered along with others: it is
    /// off until the user asks for it by itself, and can be given back.
    std::string_view price = {};
};

inline constexpr std::string_view kDeliveryReports = "delivery_reports";

/// Who somebody is: asked for at every sign-in, belongs to no feature.
const std::vector<Permission>& sign_in_permissions();
const std::vector<Feature>& all_features();
/// Null when there is none of that id.
const Feature* find_feature(std::string_view id);

/// Whether Google granted everything the feature needs. A feature without it is off and says so.
bool is_granted(const Feature& feature, const Account& account);

/// Whether these scopes open the text of mail to the account's token. Google opens it by gmail.modify, unless
/// gmail.metadata is granted as well.
bool opens_mail(const std::set<std::string>& scopes);

/// What to ask Google for, so that the account has these features besides those it has: everything that the token is to
/// hold. With `kDeliveryReports`, or when the account has it, gmail.modify stands in for all other scopes of Gmail.
/// `account` may be null.
struct Consent {
    std::vector<std::string> scopes;  ///< In the order of the tables, each once.
    bool joins_earlier = true;        ///< What was granted before may be joined to it (include_granted_scopes).
    bool needs_new_token = false;     ///< Only a refresh token given with this consent will do.
};
Consent consent_for(const std::set<std::string>& features, const Account* account);

}  // namespace inboxpro
