#include "accounts/features.h"

#include <algorithm>

namespace inboxpro {
namespace {

bool is_of_gmail(std::string_view scope) {
    return scope.starts_with("https://www.googleapis.com/auth/gmail.");
}

/// Google names what it granted in its own words, "email" for one comes back as an address.
bool is_asked_for(std::string_view scope) {
    return std::ranges::any_of(all_features(), [&](const Feature& feature) {
        return std::ranges::find(feature.permissions, scope, &Permission::scope) != feature.permissions.end();
    });
}

}  // namespace

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
           "To offer the addresses and names that you may send from. InboxPro changes no setting."}}},
        {kDeliveryReports,
         "Read delivery reports",
         "When a mail comes back, InboxPro reads the report in it that is written for machines: which address failed, "
         "and whether for good. Without it only the report's headers are seen, which often do not say so when a mail "
         "went to several people.",
         {{scope::kGmailModify, "Read, write and label your mail",
           "Google has no permission for reports alone; this is the smallest one that opens them."}},
         "The permission is wider than its use. Without it Google itself refuses to hand out the text of your mail; "
         "with it, only InboxPro's own word stands for that: it reads nothing but reports of returned mail, and keeps "
         "no text. You can give it back here at any time."}};
    return features;
}

const Feature* find_feature(std::string_view id) {
    const auto& features = all_features();
    const auto found = std::ranges::find(features, id, &Feature::id);
    return found == features.end() ? nullptr : &*found;
}

bool is_granted(const Feature& feature, const Account& account) {
    if (feature.id == kDeliveryReports && !opens_mail(account.scopes)) return false;
    return account.refresh_token && std::ranges::all_of(feature.permissions, [&](const Permission& permission) {
               return account.scopes.contains(std::string(permission.scope)) ||
                      (is_of_gmail(permission.scope) && account.scopes.contains(std::string(scope::kGmailModify)));
           });
}

bool opens_mail(const std::set<std::string>& scopes) {
    return is_open(method::kReadMessage, scopes);
}

// A token that may read mail must not hold gmail.metadata, and one that must not read mail must not hold gmail.modify:
// so neither is joined to what Google remembers of earlier consents.
Consent consent_for(const std::set<std::string>& features, const Account* account) {
    const bool has_token = account != nullptr && account->refresh_token;
    const bool had_reports = account != nullptr && opens_mail(account->scopes);
    const bool asks_reports = features.contains(std::string(kDeliveryReports));
    const bool reads_mail = asks_reports || had_reports;
    Consent consent{.scopes = {},
                    .joins_earlier = account == nullptr || (has_token && !reads_mail),
                    .needs_new_token = !has_token || asks_reports};
    const auto add = [&](std::string_view scope) {
        if (reads_mail && is_of_gmail(scope)) scope = scope::kGmailModify;
        if (std::ranges::find(consent.scopes, scope) == consent.scopes.end()) consent.scopes.emplace_back(scope);
    };
    for (const auto& permission : sign_in_permissions()) add(permission.scope);
    for (const auto& feature : features)
        for (const auto& permission : find_feature(feature)->permissions) add(permission.scope);
    if (account != nullptr && !consent.joins_earlier)
        for (const auto& scope : account->scopes)
            if (is_asked_for(scope)) add(scope);
    return consent;
}

}  // namespace inboxpro
