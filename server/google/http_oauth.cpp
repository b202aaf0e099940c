#include <fmt/format.h>

#include "google/errors.h"
#include "google/http_google_api.h"
#include "google/oauth_answers.h"

namespace inboxpro {
namespace {

using Form = std::vector<std::pair<std::string, Secret>>;

}  // namespace

Task<Result<Bytes>> HttpGoogleApi::post_form(std::string url, Form form) {
    HttpCall call{.method = "POST",
                  .url = std::move(url),
                  .headers = {"Content-Type: application/x-www-form-urlencoded"},
                  .deadline = deadlines_.call};
    for (const auto& [name, value] : form)
        call.body += fmt::format("{}{}={}", call.body.empty() ? "" : "&", name, percent_encoded(value.reveal()));
    auto answer = CO_TRY(co_await http_.call(std::move(call)));
    if (!is_success(answer.status))
        co_return std::unexpected(oauth_error(answer.status, answer.body, answer.retry_after, clock_.now()));
    co_return std::move(answer.body);
}

Task<Result<TokenGrant>> HttpGoogleApi::exchange_code(std::string code, Secret code_verifier,
                                                      std::string redirect_uri) {
    Form form{{"grant_type", Secret{"authorization_code"}},
              {"code", Secret{std::move(code)}},
              {"code_verifier", std::move(code_verifier)},
              {"redirect_uri", Secret{std::move(redirect_uri)}},
              {"client_id", Secret{client_.id}},
              {"client_secret", client_.secret}};
    const auto body = CO_TRY(co_await post_form(endpoints_.token, std::move(form)));
    co_return read_token_grant(body, clock_.now());
}

Task<Result<TokenGrant>> HttpGoogleApi::refresh(Secret refresh_token) {
    Form form{{"grant_type", Secret{"refresh_token"}},
              {"refresh_token", std::move(refresh_token)},
              {"client_id", Secret{client_.id}},
              {"client_secret", client_.secret}};
    const auto body = CO_TRY(co_await post_form(endpoints_.token, std::move(form)));
    co_return read_token_grant(body, clock_.now());
}

Task<Result<void>> HttpGoogleApi::revoke(Secret token) {
    CO_TRY(co_await post_form(endpoints_.revoke, Form{{"token", std::move(token)}}));
    co_return Result<void>{};
}

Task<Result<SigningKeys>> HttpGoogleApi::signing_keys() {
    const auto answer =
        CO_TRY(co_await http_.call({.method = "GET", .url = endpoints_.certs, .deadline = deadlines_.call}));
    if (!is_success(answer.status))
        co_return std::unexpected(api_error(answer.status, answer.body, answer.retry_after, clock_.now()));
    co_return read_signing_keys(answer.body, answer.cache_control);
}

}  // namespace inboxpro
