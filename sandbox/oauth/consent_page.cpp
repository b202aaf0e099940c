#include <kainjow/mustache.hpp>

#include "sandbox/api/method.h"
#include "sandbox/oauth/pages.h"
#include "sandbox/page.h"

namespace inboxpro::sandbox::oauth {
namespace {

namespace mustache = kainjow::mustache;

constexpr const char* kConsentPage = R"(<main class="narrow">
<form class="card" method="post" action="/o/oauth2/v2/auth">
<h1>Choose an account</h1>
<p class="soft">to go on to <b>{{where}}</b></p>
{{#testing}}<p class="soft">This application is in testing: access to more than name and address ends after 7 days.</p>
{{/testing}}{{#fields}}<input type="hidden" name="{{name}}" value="{{value}}">
{{/fields}}<input type="hidden" name="asked" value="1">
<fieldset><legend>Account</legend>
{{#users}}<label class="row"><input type="radio" name="account" value="{{address}}" required{{#chosen}} checked{{/chosen}}>
<span>{{name}}<small>{{address}}</small></span></label>
{{/users}}{{^users}}<p>The sandbox has no accounts yet.</p>
{{/users}}</fieldset>
{{#any_scopes}}<fieldset><legend>What {{where}} may do</legend>
{{#scopes}}<label class="row"><input type="checkbox" name="allow" value="{{scope}}" checked>
<span>{{meaning}}<small>{{short}}</small></span></label>
{{/scopes}}</fieldset>
{{/any_scopes}}<div class="actions">
<button name="decision" value="deny" formnovalidate>Cancel</button>
<button class="main" name="decision" value="allow">Continue</button>
</div>
</form>
</main>)";

constexpr auto kMeanings = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"https://mail.google.com/", "Read, compose, send and permanently delete all your email"},
    {"https://www.googleapis.com/auth/gmail.modify", "Read, compose and send email, and change labels"},
    {"https://www.googleapis.com/auth/gmail.readonly", "View your email messages and settings"},
    {"https://www.googleapis.com/auth/gmail.compose", "Manage drafts and send email"},
    {"https://www.googleapis.com/auth/gmail.send", "Send email on your behalf"},
    {"https://www.googleapis.com/auth/gmail.metadata", "View headers and labels, but never the text of your email"},
    {"https://www.googleapis.com/auth/gmail.labels", "See and edit your email labels"},
    {"https://www.googleapis.com/auth/gmail.settings.basic", "See and change your email settings"},
    {"https://www.googleapis.com/auth/calendar", "See and edit all your calendars"},
    {"https://www.googleapis.com/auth/calendar.events", "View and edit events on all your calendars"},
    {"https://www.googleapis.com/auth/calendar.freebusy", "View your availability"},
    {"https://www.googleapis.com/auth/calendar.calendarlist.readonly", "See the list of your calendars"},
    {"https://www.googleapis.com/auth/calendar.settings.readonly", "See the settings of your calendar"},
    {"https://www.googleapis.com/auth/contacts", "See and edit your contacts"},
    {"https://www.googleapis.com/auth/contacts.readonly", "See your contacts"},
    {"https://www.googleapis.com/auth/contacts.other.readonly", "See people whom your account noted by itself"},
});

std::string_view meaning_of(std::string_view scope) {
    const auto* found = std::ranges::find(kMeanings, scope, &std::pair<std::string_view, std::string_view>::first);
    return found == kMeanings.end() ? scope : found->second;
}

mustache::data fields_of(const Form& form) {
    mustache::data fields{mustache::data::type::list};
    for (const auto& [name, value] : form.fields()) {
        mustache::data field;
        field.set("name", name);
        field.set("value", value);
        fields << field;
    }
    return fields;
}

mustache::data accounts_of(const Desk& desk, const Form& form) {
    mustache::data users{mustache::data::type::list};
    const auto all = desk.users.all();
    const auto* hinted = hinted_user(desk, form);
    for (const auto* user : all) {
        mustache::data entry;
        entry.set("name", user->name);
        entry.set("address", user->address);
        entry.set("chosen", hinted == user || all.size() == 1);
        users << entry;
    }
    return users;
}

/// The scopes that can be ticked.
mustache::data choices_of(const Scopes& asked) {
    mustache::data choices{mustache::data::type::list};
    for (const auto& scope : asked) {
        if (is_sign_in(scope)) continue;
        mustache::data entry;
        entry.set("scope", scope);
        entry.set("short", scope.substr(scope.starts_with(kScopePrefix) ? kScopePrefix.size() : 0));
        entry.set("meaning", std::string(meaning_of(scope)));
        choices << entry;
    }
    return choices;
}

}  // namespace

bool is_known_scope(std::string_view scope) {
    return is_sign_in(scope) || scope == "https://mail.google.com/" ||
           (scope.starts_with(kScopePrefix) && scope.size() > kScopePrefix.size());
}

std::string application_name(const Form& form) {
    const auto target = form.get("redirect_uri");
    const auto host = target.find("//");
    if (host == std::string::npos) return "this application";
    return target.substr(host + 2, target.find('/', host + 2) - host - 2);
}

User* hinted_user(const Desk& desk, const Form& form) {
    const auto hint = form.get("login_hint");
    auto* user = desk.users.find(hint);
    return user == nullptr ? desk.users.by_subject(hint) : user;
}

http::Response consent_page(const Desk& desk, const Form& form) {
    const auto asked = to_scopes(form.get("scope"));
    mustache::data data;
    data.set("where", application_name(form));
    data.set("testing", desk.clients.standing(form.get("client_id")).testing);
    data.set("fields", fields_of(form));
    data.set("users", accounts_of(desk, form));
    data.set("scopes", choices_of(asked));
    data.set("any_scopes", !std::ranges::all_of(asked, is_sign_in));
    return page(200, "Sign in", kConsentPage, data);
}

}  // namespace inboxpro::sandbox::oauth
