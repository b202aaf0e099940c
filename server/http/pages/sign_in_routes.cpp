#include "http/pages/sign_in_routes.h"

#include "accounts/features.h"
#include "accounts/notice.h"
#include "http/api/cookies.h"
#include "http/pages/legal_routes.h"
#include "http/pages/page.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;
using Purpose = SignInIntent::Purpose;

json::array permissions_json(const std::vector<Permission>& permissions) {
    json::array out;
    for (const auto& permission : permissions)
        out.push_back({{"what", permission.what}, {"why", permission.why}, {"scope", permission.scope}});
    return out;
}

json::array features_json(const std::set<std::string>& chosen) {
    json::array out;
    for (const auto& feature : all_features())
        if (feature.price.empty())
            out.push_back({{"id", feature.id},
                           {"name", feature.name},
                           {"promise", feature.promise},
                           {"permissions", permissions_json(feature.permissions)},
                           {"chosen", chosen.contains(std::string(feature.id))}});
    return out;
}

json::object choices_json(const std::string& mode, const std::set<std::string>& features, bool accepted) {
    return {{"off", mode != "consented_only" && mode != "on"},
            {"consented_only", mode == "consented_only"},
            {"on", mode == "on"},
            {"features", features_json(features)},
            {"accepted", accepted}};
}

std::set<std::string> every_feature() {
    std::set<std::string> ids;
    for (const auto& feature : all_features())
        if (feature.price.empty()) ids.emplace(feature.id);
    return ids;
}

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid: return 400;
        case ErrorKind::denied:
        case ErrorKind::not_found: return 403;
        case ErrorKind::conflict: return 409;
        default: return 503;
    }
}

/// One page for whatever went wrong: what happened, and what to do now.
Response problem_page(const Error& error, const std::string& request_id) {
    const bool theirs = status_of(error.kind) != 503;
    const bool unknown = error.kind == ErrorKind::not_found;
    return page(status_of(error.kind), "problem",
                {{"title", theirs ? "You are not signed in" : "That did not work just now"},
                 {"what", theirs ? error.detail : "Google or this server did not answer in time."},
                 {"activate_first", unknown},
                 {"request_id", request_id}});
}

}  // namespace

void SignInRoutes::add_to(Router& router) {
    add_style_route(router);
    add_legal_routes(router, settings_.app_origin);
    router.add(Method::get, "/activate", [this](Request) -> Task<Response> {
        co_return activation_page(200, choices_json("off", every_feature(), false));
    });
    router.add(Method::get, "/sign-in", [this](Request) -> Task<Response> { co_return sign_in_page(); });
    router.add(Method::post, "/activate", [this](Request request) { return activate(std::move(request)); });
    router.add(Method::post, "/sign-in", [this](Request request) { return sign_in(std::move(request)); });
    router.add(Method::get, "/oauth/callback", [this](Request request) { return come_back(std::move(request)); });
}

Response SignInRoutes::activation_page(int status, const json::object& choices) const {
    auto values = choices;
    values["title"] = "Activate InboxPro";
    values["steps"] = true;
    values["notice_version"] = kNoticeVersion;
    values["sign_in_permissions"] = permissions_json(sign_in_permissions());
    return page(status, "activate", values, settings_.google_origin);
}

Response SignInRoutes::sign_in_page() const {
    return page(200, "sign_in", {{"title", "Sign in to InboxPro"}}, settings_.google_origin);
}

Result<SignInIntent> SignInRoutes::activation_in(const Form& form) const {
    const auto mode = tracking_mode_named(TRY(form.one("tracking_mode")));
    if (!mode) return fail_field("tracking_mode", "Choose whether mail is tracked.");
    SignInIntent intent{.purpose = Purpose::activate,
                        .features = form.all("feature"),
                        .notice_version = std::string(kNoticeVersion),
                        .tracking_mode = *mode,
                        .account = {}};
    for (const auto& id : intent.features) {
        const auto* feature = find_feature(id);
        if (feature == nullptr || !feature->price.empty()) return fail_field("feature", "There is no such feature.");
    }
    if (TRY(form.one("accepted")) != "yes")
        return fail_field("accepted", "To go on, please accept the terms and the privacy policy.");
    return intent;
}

Task<Response> SignInRoutes::activate(Request request) {
    const auto form = Form::of(request, settings_.app_origin);
    if (!form) co_return problem_page(form.error(), request.request_id);
    auto intent = activation_in(*form);
    if (!intent) {
        auto choices = choices_json(form->one("tracking_mode").value_or(""), form->all("feature"),
                                    form->one("accepted").value_or("") == "yes");
        choices["problem"] = intent.error().detail;
        co_return activation_page(422, choices);
    }
    auto response = co_await leave(std::move(*intent));
    co_return response ? std::move(*response) : problem_page(response.error(), request.request_id);
}

Task<Response> SignInRoutes::sign_in(Request request) {
    const auto form = Form::of(request, settings_.app_origin);
    if (!form) co_return problem_page(form.error(), request.request_id);
    auto response = co_await leave({.purpose = Purpose::sign_in, .features = {}, .notice_version = {}, .account = {}});
    co_return response ? std::move(*response) : problem_page(response.error(), request.request_id);
}

Task<Result<Response>> SignInRoutes::leave(SignInIntent intent) {
    const auto started = CO_TRY(co_await sign_in_.start(std::move(intent)));
    auto response = Response::redirect(303, started.url);
    response.headers.set("Cache-Control", "no-store");
    give_cookie(response, kSignInCookie, started.browser);
    co_return response;
}

Task<Response> SignInRoutes::come_back(Request request) {
    const auto value = [&](std::string_view name) { return std::string(request.query_value(name).value_or("")); };
    auto completed = co_await sign_in_.complete({.state = value("state"),
                                                 .code = value("code"),
                                                 .error = value("error"),
                                                 .issuer = value("iss"),
                                                 .browser = Secret{Bytes(request.cookie(kSignInCookie))}});
    const auto request_id = request.request_id;
    Response response;
    if (completed) {
        auto outcome = co_await welcome(std::move(request), std::move(*completed));
        response = outcome ? std::move(*outcome) : problem_page(outcome.error(), request_id);
    } else {
        response = problem_page(completed.error(), request_id);
    }
    take_cookie(response, kSignInCookie);
    co_return response;
}

Task<Result<Response>> SignInRoutes::welcome(Request request, SignIn::Completed completed) {
    const auto before = request.cookie(kSessionCookie);
    if (!before.empty())
        if (const auto session = co_await sessions_.find(Secret{Bytes(before)}))
            CO_TRY(co_await sessions_.end(session->account, session->id));
    const auto opened = CO_TRY(co_await sessions_.open(completed.account.id));
    auto response = Response::redirect(303, completed.intent.purpose == Purpose::permit ? "/account" : "/");
    response.headers.set("Cache-Control", "no-store");
    give_cookie(response, kSessionCookie, opened.value);
    co_return response;
}

}  // namespace inboxpro::http
