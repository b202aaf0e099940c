#include "app/demo/link.h"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include "accounts/features.h"
#include "accounts/notice.h"
#include "base/run.h"

namespace inboxpro::app {
namespace {

namespace urls = boost::urls;

/// The browser's part at Google: sends the consent form; returns where Google sends it back to.
Result<std::string> consent(sandbox::Sandbox& google, const std::string& authorization_url, std::string_view address) {
    const urls::url_view url = urls::parse_uri(authorization_url).value();
    http::Request request{.method = http::Method::post, .path = std::string(url.path())};
    request.target = request.path;
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    urls::url form;
    form.set_encoded_query(url.encoded_query());
    form.params().set("account", address);
    request.body = std::string(form.encoded_query());
    const auto answer = run_to_end(google.router().answer(std::move(request)));
    if (answer.status != 302)
        return fail(ErrorKind::unavailable, "the sandbox Google did not accept the demo's own sign-in");
    return std::string(answer.headers.get("Location"));
}

std::string parameter(const urls::url_view& url, std::string_view name) {
    const auto found = url.params().find(name);
    return found == url.params().end() ? std::string() : std::string((*found).value);
}

}  // namespace

Result<Account> link_account(SignIn& sign_in, sandbox::Sandbox& google, std::string_view address) {
    SignInIntent intent{.purpose = SignInIntent::Purpose::activate};
    intent.notice_version = kNoticeVersion;
    intent.tracking_mode = TrackingMode::on;
    for (const auto& feature : all_features())
        if (feature.price.empty()) intent.features.insert(std::string(feature.id));
    const auto started = TRY(run_to_end(sign_in.start(intent)));
    const auto back = TRY(consent(google, started.url, address));
    const urls::url_view url = urls::parse_uri(back).value();
    const auto completed = TRY(run_to_end(sign_in.complete({.state = parameter(url, "state"),
                                                            .code = parameter(url, "code"),
                                                            .error = parameter(url, "error"),
                                                            .issuer = parameter(url, "iss"),
                                                            .browser = started.browser})));
    return completed.account;
}

}  // namespace inboxpro::app
