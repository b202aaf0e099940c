#include "accounts/sign_in.h"

#include <openssl/sha.h>

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "accounts/features.h"
#include "accounts/notice.h"

namespace inboxpro {
namespace {

namespace json = boost::json;
using Purpose = SignInIntent::Purpose;

constexpr std::size_t kStateBytes = 32;
constexpr int kMostLinkTries = 5;

constexpr std::string_view kNotValid =
    "This sign-in is not valid any more. It was used already, took too long, or was begun in another browser.";

std::string derived(const Secret& browser, std::string_view state, std::string_view what) {
    return base64url(derive_key(browser, state, what).reveal());
}
std::string code_verifier(const Secret& browser, std::string_view state) {
    return derived(browser, state, "code verifier");
}
std::string nonce(const Secret& browser, std::string_view state) {
    return derived(browser, state, "nonce");
}

/// RFC 7636 section 4.2, S256.
std::string code_challenge(const std::string& verifier) {
    Bytes hash(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size(),
           reinterpret_cast<unsigned char*>(hash.data()));
    return base64url(hash);
}

json::object body_of(const SignInIntent& intent, BytesView browser_hash) {
    return {{"purpose", static_cast<int>(intent.purpose)},
            {"features", json::array(intent.features.begin(), intent.features.end())},
            {"notice_version", intent.notice_version},
            {"tracking_mode", static_cast<int>(intent.tracking_mode)},
            {"account", intent.account.text()},
            {"browser", hex(browser_hash)}};
}

Result<SignInIntent> intent_from(const json::object& body) {
    SignInIntent intent{.purpose = static_cast<Purpose>(body.at("purpose").as_int64()),
                        .features = {},
                        .notice_version = std::string(body.at("notice_version").as_string()),
                        .tracking_mode = static_cast<TrackingMode>(body.at("tracking_mode").as_int64()),
                        .account = TRY(AccountId::parse(std::string_view(body.at("account").as_string())))};
    for (const auto& feature : body.at("features").as_array()) intent.features.emplace(feature.as_string());
    return intent;
}

/// What Google said about a code, for somebody who only wants to sign in.
Error about_the_code(Error error) {
    if (error.kind != ErrorKind::denied && error.kind != ErrorKind::invalid) return error;
    return {.kind = ErrorKind::invalid, .detail = "Google did not accept this sign-in. Please start again."};
}

/// A grant with a new refresh token replaces the old one; without, it adds to it.
void take_grant(Account& account, const TokenGrant& grant) {
    if (grant.refresh_token) {
        account.refresh_token = grant.refresh_token;
        account.grant_ends_at = grant.grant_ends_at;
        account.scopes = grant.scopes;
    } else {
        account.scopes.insert(grant.scopes.begin(), grant.scopes.end());
    }
    account.state = account.refresh_token ? Account::State::active : Account::State::reconnect_needed;
}

}  // namespace

const Collection kSignIns{
    .name = "sign_ins", .fields = {{"ends", FieldKind::integer}}, .indexes = {{.name = "by_end", .fields = {"ends"}}}};

Task<Result<SignIn::Started>> SignIn::start(SignInIntent intent) {
    for (const auto& id : intent.features) {
        const auto* feature = find_feature(id);
        if (feature == nullptr) co_return fail_field("feature", "There is no such feature.");
        if (!feature->price.empty() && intent.purpose != Purpose::permit)
            co_return fail_field("feature", "This is switched on by itself, on the account page.");
    }
    std::optional<Account> account;
    if (intent.purpose == Purpose::permit) account = CO_TRY(co_await accounts_.get(intent.account));
    const auto now = clock_.now();
    CO_TRY(co_await documents_.erase(kSignIns, {.index = "by_end", .equals = {}, .below = to_millis(now)}));

    const Secret browser{base64url(random_.bytes(kStateBytes))};
    const auto state = base64url(random_.bytes(kStateBytes));
    const auto id = CO_TRY(RawId::from_bytes(index_.global("sign_in", state)));
    CO_TRY(co_await documents_.insert(kSignIns,
                                      {.id = id,
                                       .account = {},
                                       .fields = {to_millis(now + settings_.lifetime)},
                                       .body = body_of(intent, index_.global("sign_in_browser", browser.reveal()))}));
    co_return Started{.url = authorization_url(intent, state, browser, account), .browser = browser};
}

// Only a consent page yields a refresh token, so it is asked for whenever none is kept; a plain sign-in needs none.
std::string SignIn::authorization_url(const SignInIntent& intent, const std::string& state, const Secret& browser,
                                      const std::optional<Account>& account) const {
    const auto consent = consent_for(intent.features, account ? &*account : nullptr);
    std::vector<std::pair<std::string_view, std::string>> parameters{
        {"client_id", settings_.client_id},
        {"redirect_uri", settings_.redirect_uri},
        {"response_type", "code"},
        {"scope", fmt::format("{}", fmt::join(consent.scopes, " "))},
        {"state", state},
        {"nonce", nonce(browser, state)},
        {"code_challenge", code_challenge(code_verifier(browser, state))},
        {"code_challenge_method", "S256"}};
    if (intent.purpose != Purpose::sign_in) {
        parameters.emplace_back("access_type", "offline");
        if (consent.joins_earlier) parameters.emplace_back("include_granted_scopes", "true");
        if (consent.needs_new_token) parameters.emplace_back("prompt", "consent");
    }
    if (account) parameters.emplace_back("login_hint", account->email);
    std::string url = settings_.authorize;
    for (const auto& [name, value] : parameters)
        url += fmt::format("{}{}={}", url.size() == settings_.authorize.size() ? '?' : '&', name,
                           boost::urls::encode(value, boost::urls::unreserved_chars));
    return url;
}

Task<Result<SignIn::Completed>> SignIn::complete(Callback callback) {
    auto intent = CO_TRY(co_await take(callback.state, callback.browser));
    if (!callback.issuer.empty() && callback.issuer != "https://accounts.google.com")
        co_return fail(ErrorKind::invalid, "This answer does not come from Google. Please start again.");
    if (!callback.error.empty())
        co_return fail(ErrorKind::denied, "Google was told not to give InboxPro access, so nothing was changed.");
    if (callback.code.empty()) co_return fail(ErrorKind::invalid, std::string(kNotValid));

    auto grant = co_await google_.exchange_code(callback.code, Secret{code_verifier(callback.browser, callback.state)},
                                                settings_.redirect_uri);
    if (!grant) co_return std::unexpected(about_the_code(std::move(grant).error()));
    auto identity = CO_TRY(co_await identify(grant->id_token, {.client_id = settings_.client_id,
                                                               .nonce = nonce(callback.browser, callback.state),
                                                               .access_token = grant->access_token.reveal()}));
    const auto& allowed = settings_.allowed_domains;
    if (!allowed.empty() && std::ranges::find(allowed, identity.domain) == allowed.end())
        co_return fail(ErrorKind::denied, "Accounts of this domain may not use this InboxPro server.");
    for (int attempt = 1;; ++attempt) {
        auto account = co_await linked(intent, identity, *grant);
        const bool changed_meanwhile = !account && account.error().kind == ErrorKind::conflict;
        if (changed_meanwhile && attempt < kMostLinkTries) continue;
        if (changed_meanwhile)
            co_return fail(ErrorKind::conflict, "This address already belongs to another account of this server.");
        if (account && intent.purpose != Purpose::sign_in && settings_.linked) co_await settings_.linked(account->id);
        co_return Completed{.account = CO_TRY(std::move(account)), .intent = std::move(intent)};
    }
}

Task<Result<SignInIntent>> SignIn::take(std::string state, Secret browser) {
    const auto not_valid = fail(ErrorKind::invalid, std::string(kNotValid));
    if (state.empty() || browser.empty()) co_return not_valid;
    const auto id = CO_TRY(RawId::from_bytes(index_.global("sign_in", state)));
    const auto document = co_await documents_.get(kSignIns, id);
    if (!document && document.error().kind == ErrorKind::not_found) co_return not_valid;
    if (!document) co_return std::unexpected(document.error());
    const auto same_browser = hex(index_.global("sign_in_browser", browser.reveal())) ==
                              std::string_view(document->body.at("browser").as_string());
    if (!same_browser) co_return not_valid;
    const bool first = CO_TRY(co_await documents_.erase(kSignIns, id));
    const bool in_time = std::get<std::int64_t>(document->fields.at(0)) > to_millis(clock_.now());
    if (!first || !in_time) co_return not_valid;
    co_return intent_from(document->body);
}

Task<Result<GoogleIdentity>> SignIn::identify(Secret id_token, ExpectedIdToken expected) {
    co_return check_identity(CO_TRY(co_await keys_.claims_of(std::move(id_token))), expected);
}

// An account that `account create` made has no subject yet: the verified address links it.
Task<Result<Account>> SignIn::find(GoogleIdentity identity) {
    auto known = co_await accounts_.by_subject(identity.subject);
    if (known || known.error().kind != ErrorKind::not_found) co_return known;
    auto prepared = co_await accounts_.by_email(identity.email);
    if (prepared && !prepared->google_subject.empty())
        co_return fail(ErrorKind::conflict, "This address already belongs to another account of this server.");
    co_return prepared;
}

Task<Result<Account>> SignIn::linked(SignInIntent intent, GoogleIdentity identity, TokenGrant grant) {
    auto found = co_await find(identity);
    if (!found && found.error().kind != ErrorKind::not_found) co_return found;
    Account account = found ? std::move(*found) : Account{};
    if (intent.purpose == Purpose::activate) {
        account.notice_version = intent.notice_version;
        account.notice_accepted_at = clock_.now();
        account.tracking_mode = intent.tracking_mode;
    } else if (!found || account.notice_version.empty() || account.state == Account::State::disconnected) {
        co_return fail(ErrorKind::not_found, "This Google account does not use InboxPro yet. Activate it first.");
    }
    if (intent.purpose == Purpose::sign_in && account.notice_version != kNoticeVersion)
        co_return fail(ErrorKind::not_found,
                       "What InboxPro promises has changed since you activated it. Please read it.");
    if (intent.purpose == Purpose::permit && account.id != intent.account)
        co_return fail(ErrorKind::denied, "That is another Google account than the one you are signed in with.");
    account.google_subject = identity.subject;
    account.email = identity.email;
    account.name = identity.name;
    if (intent.purpose != Purpose::sign_in) take_grant(account, grant);
    if (found) co_return co_await accounts_.update(std::move(account));
    co_return co_await accounts_.create(std::move(account));
}

}  // namespace inboxpro
