#include "accounts/features.h"

#include <algorithm>

namespace inboxpro {

const std::vector<Permission>& sign_in_permissions() {
    static const std::vector<Permission> permissions{
        {scope::kOpenId, "Know that it is you", "Google confirms your account; InboxPro never sees your password."},
        {scope::kEmail, "See your address", "Your account here is named by it."},
        {scope::kProfile, "See your name", "So that the pages can show it."}};
    return permissions;
}

const std::vector<Feature>& all_features() {
    static const std::vector<Feature> features{
        {"sending",
         "Send mail from your Gmail",
         "Write mail in InboxPro, send it from your own address, and see whether it was read.",
         {{scope::kGmailCompose, "Write drafts and send them",
           "A mail waits as a draft in your own Gmail and is sent from there. This does not let anybody read your "
           "mail."},
          {scope::kGmailMetadata, "See headers and labels, never the text of a mail",
           "To know that a mail has gone out, and which number Gmail gave it."},
          {scope::kGmailSettings, "Read your sender addresses",
           "To offer the addresses and names that you may send from. InboxPro changes no setting."}}}};
    return features;
}

const Feature* find_feature(std::string_view id) {
    const auto& features = all_features();
    const auto found = std::ranges::find(features, id, &Feature::id);
    return found == features.end() ? nullptr : &*found;
}

bool is_granted(const Feature& feature, const Account& account) {
    return account.refresh_token && std::ranges::all_of(feature.permissions, [&](const Permission& permission) {
               return account.scopes.contains(std::string(permission.scope));
           });
}

}  // namespace inboxpro
