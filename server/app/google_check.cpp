#include "app/google_check.h"

#include <fmt/format.h>

#include <tuple>

#include "google/http_date.h"

namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kMostSkew = 60s;

std::string_view host_in(std::string_view origin) {
    auto host = origin.substr(origin.find("://") + 3);
    return host.substr(0, host.rfind(':'));
}

bool is_topic(std::string_view text) {
    constexpr std::string_view kProjects = "projects/";
    constexpr std::string_view kTopics = "/topics/";
    const auto topics = text.find(kTopics);
    return text.starts_with(kProjects) && topics != std::string_view::npos && topics > kProjects.size() &&
           topics + kTopics.size() < text.size();
}

Result<void> counted(const AccountsHealth& health) {
    if (health.ending != 0)
        return fail(ErrorKind::invalid,
                    fmt::format("Google ends the permission of {} account(s) by itself, seven days after consent: the "
                                "app is in Testing. Press \"Publish app\" under Audience in Google's console, then let "
                                "these accounts reconnect",
                                health.ending));
    if (health.reconnect_needed != 0)
        return fail(ErrorKind::invalid,
                    fmt::format("{} account(s) must be connected with Google again (their mail waits): their users see "
                                "it in the dashboard and press \"Reconnect\"",
                                health.reconnect_needed));
    return {};
}

Result<void> about_gmail(const Result<GmailProfile>& asked) {
    if (asked) return {};
    const auto& [kind, detail, retry_after, field] = asked.error();
    if (detail.starts_with("accessNotConfigured"))
        return fail(kind,
                    "the Gmail API is not enabled in your Google Cloud project: enable it under \"APIs & "
                    "Services\", and wait some minutes");
    if (detail.starts_with("domainPolicy"))
        return fail(kind,
                    "the Workspace administrator blocks this app: allow it under Security, API controls, App "
                    "access control in the Admin console");
    if (detail.starts_with("invalid_grant"))
        return fail(kind,
                    "an account must be connected with Google again: its user sees it in the dashboard and "
                    "presses \"Reconnect\"");
    if (kind == ErrorKind::rate_limited)
        return fail(kind,
                    fmt::format("Google refuses calls for now ({}): wait, or lower google.units_per_minute", detail));
    return fail(kind, fmt::format("Gmail does not answer an account's call ({}): see docs/guide/google.md", detail));
}

}  // namespace

Result<void> check_redirect_uri(const Config& config) {
    const auto& origin = config.server.origin;
    if (origin.empty())
        return fail(ErrorKind::invalid,
                    "server.origin is not set: Google needs a fixed address to send browsers back "
                    "to; set it to your https origin");
    const auto host = host_in(origin);
    const bool local = host == "localhost" || host == "127.0.0.1";
    if (!local && !origin.starts_with("https://"))
        return fail(ErrorKind::invalid, fmt::format("Google refuses the redirect URI {}/oauth/callback: it must be "
                                                    "https, set server.origin so",
                                                    origin));
    const bool is_number = host.find_first_not_of("0123456789.") == std::string_view::npos || host.starts_with('[');
    if (!local && (is_number || host.find('.') == std::string_view::npos))
        return fail(ErrorKind::invalid, fmt::format("Google refuses the redirect URI {}/oauth/callback: its host must "
                                                    "be a public name, not a number or a local name",
                                                    origin));
    return {};
}

Result<void> check_pubsub(const Config& config) {
    const auto& [topic, audience, account] =
        std::tie(config.google.pubsub_topic, config.google.pubsub_audience, config.google.pubsub_service_account);
    if (topic.empty() && audience.empty() && account.empty()) return {};
    if (topic.empty() || audience.empty() || account.empty())
        return fail(ErrorKind::invalid,
                    "google.pubsub_topic, google.pubsub_audience and google.pubsub_service_account "
                    "belong together: set all three or none");
    if (!is_topic(topic))
        return fail(ErrorKind::invalid, "google.pubsub_topic must look like projects/PROJECT/topics/TOPIC");
    if (!account.ends_with(".gserviceaccount.com") || account.find('@') == std::string::npos)
        return fail(ErrorKind::invalid,
                    "google.pubsub_service_account must be the address of a service account, "
                    "NAME@PROJECT.iam.gserviceaccount.com");
    return {};
}

Task<Result<void>> check_client(OauthApi& google) {
    const auto asked = co_await google.refresh(Secret{"inboxpro-doctor-asks-whether-the-client-is-known"});
    if (asked) co_return fail(ErrorKind::corrupt, "what answers as Google takes any refresh token: it is not Google");
    const auto& error = asked.error();
    if (error.detail.starts_with("invalid_grant")) co_return Result<void>{};
    if (error.detail.starts_with("invalid_client") || error.detail.starts_with("unauthorized_client"))
        co_return fail(
            ErrorKind::denied,
            fmt::format("Google does not accept google.client_id with this secret ({}): copy both again from "
                        "\"Clients\" in Google's console",
                        error.detail));
    co_return fail(error.kind,
                   fmt::format("Google's token endpoint does not answer ({}): check network and proxy", error.detail));
}

Task<Result<void>> check_clock(HttpClient& http, const Clock& clock, std::string url) {
    const auto answer = co_await http.call({.url = std::move(url)});
    if (!answer)
        co_return fail(
            ErrorKind::unavailable,
            fmt::format("Google cannot be reached ({}): check network, proxy and certificates", answer.error().detail));
    const auto theirs = from_http_date(answer->date);
    if (!theirs) co_return Result<void>{};
    const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(clock.now() - *theirs);
    if (std::chrono::abs(ahead) <= kMostSkew) co_return Result<void>{};
    co_return fail(ErrorKind::invalid,
                   fmt::format("this machine's clock is {} s {} Google's, so that sign-ins fail: set it, with NTP",
                               std::chrono::abs(ahead).count(), ahead.count() > 0 ? "ahead of" : "behind"));
}

Task<Result<void>> check_accounts(Accounts& accounts, GoogleAccess& google) {
    const auto health = CO_TRY(co_await accounts.health());
    CO_TRY(counted(health));
    if (!health.an_active) co_return Result<void>{};
    co_return about_gmail(
        co_await google.as<GmailProfile>(*health.an_active, method::kGetProfile,
                                         [&google](Secret token) { return google.api().profile(std::move(token)); }));
}

std::string note_on(const AccountsHealth& health) {
    if (health.reading_mail == 0) return {};
    return fmt::format("; {} account(s) let delivery reports be read, so their tokens open mail (gmail.modify)",
                       health.reading_mail);
}

}  // namespace inboxpro::app
