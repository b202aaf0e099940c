#pragma once
#include "accounts/sessions.h"
#include "accounts/sign_in.h"
#include "http/pages/form.h"
#include "http/server/message.h"

namespace inboxpro::http {

/// Activation in two steps, signing in, and the way back from Google: /activate, /sign-in, /oauth/callback, with the
/// terms, the privacy policy and the style sheet of all these pages.
class SignInRoutes {
  public:
    struct Settings {
        std::string app_origin;
        std::string google_origin;  ///< Where the forms lead in the end: the origin of Google's authorization page.
    };
    SignInRoutes(Settings settings, SignIn& sign_in, Sessions& sessions)
        : settings_(std::move(settings)), sign_in_(sign_in), sessions_(sessions) {}

    /// Keeps references to this object, which must outlive the router.
    void add_to(Router& router);

  private:
    Task<Response> activate(Request request);
    Task<Response> sign_in(Request request);
    Task<Response> come_back(Request request);

    Response activation_page(int status, const boost::json::object& choices) const;
    Response sign_in_page() const;
    /// What the form asks for; an error with a field becomes a sentence on the form.
    Result<SignInIntent> activation_in(const Form& form) const;
    /// On to Google.
    Task<Result<Response>> leave(SignInIntent intent);
    /// A session with a value of its own; the one the browser had before ends.
    Task<Result<Response>> welcome(Request request, SignIn::Completed completed);

    const Settings settings_;
    SignIn& sign_in_;
    Sessions& sessions_;
};

}  // namespace inboxpro::http
