#pragma once
#include "sandbox/form.h"
#include "sandbox/oauth/routes.h"

namespace inboxpro::sandbox::oauth {

/// What Google shows on a page instead of sending the browser back: why nobody can sign in this way.
struct Obstacle {
    int status = 400;
    std::string error;        ///< "redirect_uri_mismatch", as Google names it at the foot of the page.
    std::string message;      ///< What went wrong, in a sentence.
    std::string detail = {};  ///< What was sent: "redirect_uri=http://…"; may be empty.
};
http::Response error_page(const Obstacle& obstacle, std::string_view application);

/// Accounts to choose from and scopes to tick. The form repeats the fields of the request.
http::Response consent_page(const Desk& desk, const Form& form);

/// Whose account login_hint names, by address or by subject; null when it names none.
User* hinted_user(const Desk& desk, const Form& form);

/// How pages name the application that asks: the host it wants the browser sent back to.
std::string application_name(const Form& form);

/// Google's names or one of the full scope URLs.
bool is_known_scope(std::string_view scope);

}  // namespace inboxpro::sandbox::oauth
