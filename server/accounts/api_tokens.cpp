#include "accounts/api_tokens.h"

#include <algorithm>

namespace inboxpro {
namespace {

constexpr std::string_view kTokenPrefix = "ipx_";
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMostTokens = 1'000;
constexpr std::chrono::minutes kTokenActivityStep{1};

ApiToken token_from(const Document& document) {
    const auto used = std::get<std::int64_t>(document.fields.at(0));
    ApiToken token{.id = {document.id},
                   .account = document.account,
                   .name = std::string(document.body.at("name").as_string()),
                   .scopes = {},
                   .created_at = from_millis(document.body.at("created_at").as_int64()),
                   .last_used_at = used == 0 ? std::nullopt : std::optional(from_millis(used))};
    for (const auto& scope : document.body.at("scopes").as_array()) token.scopes.emplace(scope.as_string());
    return token;
}

boost::json::object body_of(const ApiToken& token) {
    boost::json::array scopes(token.scopes.begin(), token.scopes.end());
    return {{"name", token.name}, {"scopes", std::move(scopes)}, {"created_at", to_millis(token.created_at)}};
}

}  // namespace

const Collection kApiTokens{.name = "api_tokens",
                            .fields = {{"last_used", FieldKind::integer}},
                            .indexes = {{.name = "by_account", .fields = {"account"}}}};

Task<Result<ApiTokens::Issued>> ApiTokens::issue(AccountId account, std::string name, std::set<std::string> scopes) {
    Secret value{fmt::format("{}{}", kTokenPrefix, base64url(random_.bytes(kTokenBytes)))};
    const auto id = CO_TRY(RawId::from_bytes(index_.global("api_token", value.reveal())));
    ApiToken token{.id = {id},
                   .account = account,
                   .name = std::move(name),
                   .scopes = std::move(scopes),
                   .created_at = clock_.now(),
                   .last_used_at = {}};
    CO_TRY(co_await documents_.insert(
        kApiTokens, {.id = id, .account = account, .fields = {std::int64_t{0}}, .body = body_of(token)}));
    co_return Issued{.value = std::move(value), .token = std::move(token)};
}

Task<Result<ApiToken>> ApiTokens::find(Secret value) {
    const auto id = CO_TRY(RawId::from_bytes(index_.global("api_token", value.reveal())));
    auto document = co_await documents_.get(kApiTokens, id);
    if (!document && document.error().kind == ErrorKind::not_found)
        co_return fail(ErrorKind::denied, "the API token is not valid");
    if (!document) co_return std::unexpected(std::move(document).error());
    auto token = token_from(*document);
    if (!token.last_used_at || clock_.now() - *token.last_used_at >= kTokenActivityStep) {
        token.last_used_at = clock_.now();
        document->fields = {to_millis(clock_.now())};
        // A conflict means that another request noted it already.
        co_await documents_.replace(kApiTokens, std::move(*document));
    }
    co_return token;
}

Task<Result<std::vector<ApiToken>>> ApiTokens::list(AccountId account) {
    const auto documents = CO_TRY(co_await documents_.find(
        kApiTokens, {.index = "by_account", .equals = {Bytes(account.view())}, .limit = kMostTokens}));
    std::vector<ApiToken> tokens;
    for (const auto& document : documents) tokens.push_back(token_from(document));
    std::ranges::sort(tokens, std::greater{}, &ApiToken::created_at);
    co_return tokens;
}

Task<Result<void>> ApiTokens::revoke(AccountId account, ApiTokenId token) {
    const auto document = CO_TRY(co_await documents_.get(kApiTokens, token.raw));
    if (document.account != account) co_return fail(ErrorKind::not_found, "there is no such API token");
    CO_TRY(co_await documents_.erase(kApiTokens, token.raw));
    co_return Result<void>{};
}

Task<Result<void>> ApiTokens::revoke_all(AccountId account) {
    const Query all{.index = "by_account", .equals = {Bytes(account.view())}, .limit = kMostTokens};
    while (CO_TRY(co_await documents_.erase(kApiTokens, all)) > 0) {
    }
    co_return Result<void>{};
}

}  // namespace inboxpro
