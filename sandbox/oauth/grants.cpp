#include "sandbox/oauth/grants.h"

#include <openssl/sha.h>

#include <sstream>

namespace inboxpro::sandbox::oauth {
namespace {

constexpr std::size_t kCodesKept = 1'000;

std::unexpected<OAuthError> refuse(std::string_view error, std::string_view description) {
    return std::unexpected(
        OAuthError{.status = 400, .error = std::string(error), .description = std::string(description)});
}

std::string challenge_of(const std::string& verifier, bool plain) {
    if (plain) return verifier;
    Bytes digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return base64url(digest);
}

/// How long a refresh token for these scopes may live; empty: without end.
std::optional<std::chrono::seconds> life_of(const Scopes& scopes, const Standing& standing) {
    auto life = standing.grant_life;
    if (standing.testing && !std::ranges::all_of(scopes, is_sign_in))
        life = std::min<std::chrono::seconds>(life.value_or(Grants::kTestingLife), Grants::kTestingLife);
    return life;
}

bool is_gmail(std::string_view scope) {
    return scope == "https://mail.google.com/" || scope.starts_with("https://www.googleapis.com/auth/gmail.");
}

}  // namespace

Scopes to_scopes(std::string_view text) {
    Scopes scopes;
    std::istringstream words{std::string(text)};
    for (std::string word; words >> word;) {
        if (word == "email") word = kEmail;
        if (word == "profile") word = kProfile;
        scopes.insert(word);
    }
    return scopes;
}

std::string to_text(const Scopes& scopes) {
    std::string text;
    for (const auto& scope : scopes) text.append(text.empty() ? "" : " ").append(scope);
    return text;
}

bool is_sign_in(std::string_view scope) {
    return scope == kOpenId || scope == kEmail || scope == kProfile;
}

IssuedCode Grants::issue_code(Wish wish, User& user, Scopes allowed) {
    const std::lock_guard lock(mutex_);
    auto& grant = grants_[{wish.client_id, &user}];
    grant.scopes.insert(allowed.begin(), allowed.end());
    if (wish.include_granted) allowed = grant.scopes;
    if (codes_.size() > kCodesKept)
        std::erase_if(codes_, [&](const auto& code) { return code.second.made_at + kCodeLife < clock_.now(); });
    auto code = "4/0A" + base64url(random_.bytes(48));
    codes_.insert_or_assign(code, Code{std::move(wish), &user, allowed, clock_.now()});
    return {.code = std::move(code), .scopes = std::move(allowed)};
}

bool Grants::has_granted(const std::string& client_id, const User& user, const Scopes& scopes) const {
    const std::lock_guard lock(mutex_);
    const auto found = grants_.find({client_id, &user});
    return found != grants_.end() && std::ranges::includes(found->second.scopes, scopes);
}

std::expected<Tokens, OAuthError> Grants::redeem(const std::string& text, const std::string& client_id,
                                                 const std::string& redirect_uri, const std::string& verifier,
                                                 const Standing& standing) {
    const std::lock_guard lock(mutex_);
    const auto found = codes_.find(text);
    if (found == codes_.end()) return refuse("invalid_grant", "Malformed auth code.");
    auto& [wish, user, scopes, made_at, used] = found->second;
    if (used || made_at + kCodeLife < clock_.now() || wish.client_id != client_id)
        return refuse("invalid_grant", "Bad Request");
    if (wish.redirect_uri != redirect_uri) return refuse("redirect_uri_mismatch", "Bad Request");
    if (!wish.code_challenge.empty() && verifier.empty()) return refuse("invalid_grant", "Missing code verifier.");
    if (!wish.code_challenge.empty() && challenge_of(verifier, wish.challenge_is_plain) != wish.code_challenge)
        return refuse("invalid_grant", "Invalid code verifier.");
    used = true;

    auto& grant = grants_[{client_id, user}];
    Tokens tokens{.access_token = add_access(client_id, user, scopes, wish.offline),
                  .refresh_token = {},
                  .scopes = scopes,
                  .user = user,
                  .client_id = client_id,
                  .nonce = wish.nonce,
                  .refresh_expires_in = {}};
    if (wish.offline && (wish.asks_consent || !grant.gave_refresh_token)) {
        Refresh refresh{.client_id = client_id,
                        .user = user,
                        .scopes = scopes,
                        .last_used = clock_.now(),
                        .number = ++last_number_,
                        .dies_at = {}};
        if (const auto life = life_of(scopes, standing)) refresh.dies_at = made_at + *life;
        tokens.refresh_expires_in = left_of(refresh);
        tokens.refresh_token = add_refresh(std::move(refresh));
        grant.gave_refresh_token = true;
    }
    return tokens;
}

std::expected<Tokens, OAuthError> Grants::refresh(const std::string& refresh_token, const std::string& client_id) {
    const std::lock_guard lock(mutex_);
    const auto found = refresh_.find(refresh_token);
    if (found == refresh_.end() || !is_alive(found->second))
        return refuse("invalid_grant", "Token has been expired or revoked.");
    auto& refresh = found->second;
    if (refresh.client_id != client_id)
        return std::unexpected(
            OAuthError{.status = 401, .error = "unauthorized_client", .description = "Unauthorized"});
    refresh.last_used = clock_.now();
    return Tokens{.access_token = add_access(client_id, refresh.user, refresh.scopes, true),
                  .refresh_token = {},
                  .scopes = refresh.scopes,
                  .user = refresh.user,
                  .client_id = client_id,
                  .nonce = {},
                  .refresh_expires_in = left_of(refresh)};
}

bool Grants::is_alive(const Refresh& refresh) const {
    const auto now = clock_.now();
    return refresh.last_used + kUnusedRefreshLife >= now && (!refresh.dies_at || now < *refresh.dies_at);
}

std::optional<std::chrono::seconds> Grants::left_of(const Refresh& refresh) const {
    if (!refresh.dies_at) return {};
    // Google's figure is a second short already when the token is new: 604799.
    return std::chrono::floor<std::chrono::seconds>(*refresh.dies_at - clock_.now() - std::chrono::milliseconds{1});
}

bool Grants::revoke(const std::string& token) {
    const std::lock_guard lock(mutex_);
    std::optional<GrantKey> ended;
    if (const auto found = access_.find(token); found != access_.end() && found->second.expires_at > clock_.now())
        ended = {found->second.client_id, found->second.user};
    if (const auto found = refresh_.find(token); found != refresh_.end())
        ended = {found->second.client_id, found->second.user};
    if (!ended) return false;
    end(*ended);
    return true;
}

void Grants::end(const GrantKey& key) {
    const auto belongs = [&](const auto& entry) {
        return entry.second.client_id == key.first && entry.second.user == key.second;
    };
    std::erase_if(access_, belongs);
    std::erase_if(refresh_, belongs);
    grants_.erase(key);
}

std::size_t Grants::end_grants(const std::string& client_id, const std::function<bool(const User&)>& fits) {
    const std::lock_guard lock(mutex_);
    std::vector<GrantKey> ended;
    for (const auto& [key, grant] : grants_)
        if (key.first == client_id && fits(*key.second)) ended.push_back(key);
    for (const auto& key : ended) end(key);
    std::erase_if(codes_,
                  [&](const auto& code) { return code.second.wish.client_id == client_id && fits(*code.second.user); });
    return ended.size();
}

std::size_t Grants::change_password(const User& user) {
    const std::lock_guard lock(mutex_);
    return std::erase_if(refresh_, [&](const auto& entry) {
        return entry.second.user == &user && std::ranges::any_of(entry.second.scopes, is_gmail);
    });
}

std::optional<Access> Grants::access(std::string_view token) const {
    const std::lock_guard lock(mutex_);
    const auto found = access_.find(token);
    if (found == access_.end() || found->second.expires_at <= clock_.now()) return {};
    return found->second;
}

User* Grants::user_of(std::string_view token) const {
    const std::lock_guard lock(mutex_);
    const auto found = access_.find(token);
    return found == access_.end() || found->second.expires_at <= clock_.now() ? nullptr : found->second.user;
}

std::string Grants::add_access(const std::string& client_id, User* user, const Scopes& scopes, bool offline) {
    if (access_.size() >= 1'000 && access_.size() % 1'000 == 0) forget_expired();
    auto token = "ya29.a0" + base64url(random_.bytes(96));
    access_.emplace(token, Access{client_id, user, scopes, clock_.now() + kAccessLife, offline});
    return token;
}

std::string Grants::add_refresh(Refresh refresh) {
    auto oldest = refresh_.end();
    std::size_t live = 0;
    for (auto at = refresh_.begin(); at != refresh_.end(); ++at) {
        const auto& other = at->second;
        if (other.client_id != refresh.client_id || other.user != refresh.user || !is_alive(other)) continue;
        ++live;
        if (oldest == refresh_.end() || other.number < oldest->second.number) oldest = at;
    }
    if (live >= kLiveRefreshTokens) refresh_.erase(oldest);
    auto token = "1//0" + base64url(random_.bytes(64));
    refresh_.emplace(token, std::move(refresh));
    return token;
}

void Grants::forget_expired() {
    std::erase_if(access_, [&](const auto& entry) { return entry.second.expires_at <= clock_.now(); });
}

}  // namespace inboxpro::sandbox::oauth
