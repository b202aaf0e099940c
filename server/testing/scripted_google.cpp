#include "testing/scripted_google.h"

#include <openssl/sha.h>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <numeric>
#include <sstream>

namespace inboxpro::testing {
namespace {

constexpr std::chrono::seconds kAccessLife{3'599};

std::string sha256_of(BytesView text) {
    Bytes hash(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(hash.data()));
    return hash;
}

std::set<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

/// The unfolded header fields of a mail.
std::vector<std::pair<std::string, std::string>> headers_of(BytesView raw) {
    std::vector<std::pair<std::string, std::string>> headers;
    std::istringstream in{std::string(raw)};
    for (std::string line; std::getline(in, line) && line != "\r" && !line.empty();) {
        if (line.ends_with('\r')) line.pop_back();
        const auto colon = line.find(':');
        if (line.starts_with(' ') || line.starts_with('\t')) {
            if (!headers.empty()) headers.back().second += line;
        } else if (colon != std::string::npos) {
            const auto value = line.find_first_not_of(' ', colon + 1);
            headers.emplace_back(line.substr(0, colon), value == std::string::npos ? "" : line.substr(value));
        }
    }
    return headers;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b,
                              [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// A draft as messages.get shows it.
GmailMessage drafted(const ScriptedGoogle::Draft& draft) {
    return {.id = draft.ids.message_id,
            .thread_id = draft.ids.thread_id,
            .labels = {"DRAFT"},
            .headers = headers_of(draft.raw)};
}

}  // namespace

ScriptedGoogle::Callback ScriptedGoogle::consent(std::string_view authorization_url, const Person& person,
                                                 std::set<std::string> unticked) {
    std::map<std::string, std::string> asked;
    const auto url = boost::urls::parse_uri(authorization_url).value();
    for (const auto& parameter : url.params()) asked[std::string(parameter.key)] = parameter.value;
    Code code{.grant = {.subject = person.subject, .scopes = words_of(asked["scope"])},
              .client_id = asked["client_id"],
              .challenge = asked["code_challenge"],
              .redirect_uri = asked["redirect_uri"],
              .nonce = asked["nonce"],
              .offline = asked["access_type"] == "offline" && asked["prompt"] == "consent"};
    for (const auto& scope : unticked) code.grant.scopes.erase(scope);
    mailboxes_[person.subject].owner = person;
    const Callback callback{.code = next_id("4/code"), .state = asked["state"]};
    codes_.emplace(callback.code, std::move(code));
    return callback;
}

Secret ScriptedGoogle::grant(const Person& person, std::set<std::string> scopes) {
    mailboxes_[person.subject].owner = person;
    const auto token = next_id("1//refresh");
    refresh_[token] = {.subject = person.subject, .scopes = std::move(scopes)};
    return Secret{token};
}

void ScriptedGoogle::withdraw(std::string subject) {
    const auto is_theirs = [&](const auto& entry) { return entry.second.subject == subject; };
    std::erase_if(refresh_, is_theirs);
    std::erase_if(access_, is_theirs);
}

void ScriptedGoogle::fail_next(Call call, Error error, int times) {
    for (int i = 0; i < times; ++i) failures_[call].push_back({.error = error, .after_effect = false});
}

void ScriptedGoogle::lose_next_answer(Call call) {
    failures_[call].push_back({.error = {.kind = ErrorKind::unavailable, .detail = "no answer"}, .after_effect = true});
}

int ScriptedGoogle::calls(Call call) const {
    const auto found = calls_.find(call);
    return found == calls_.end() ? 0 : found->second;
}

int ScriptedGoogle::calls() const {
    return std::accumulate(calls_.begin(), calls_.end(), 0,
                           [](int sum, const auto& call) { return sum + call.second; });
}

Task<Result<void>> ScriptedGoogle::arrive(Call call) {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    ++calls_[call];
    auto& scripted = failures_[call];
    if (scripted.empty() || scripted.front().after_effect) co_return Result<void>{};
    auto failure = std::move(scripted.front());
    scripted.pop_front();
    co_return std::unexpected(std::move(failure.error));
}

Result<ScriptedGoogle::Mailbox*> ScriptedGoogle::open(const Secret& access_token,
                                                      std::initializer_list<std::string_view> scopes) {
    const auto found = access_.find(access_token.reveal());
    if (found == access_.end()) return fail(ErrorKind::denied, "authError");
    const auto has = [&](std::string_view scope) { return found->second.scopes.contains(std::string(scope)); };
    if (std::ranges::none_of(scopes, has)) return fail(ErrorKind::denied, "insufficientPermissions");
    return &mailboxes_[found->second.subject];
}

Secret ScriptedGoogle::give_access(const Grant& grant) {
    const auto token = next_id("ya29.access");
    access_[token] = grant;
    return Secret{token};
}

std::string ScriptedGoogle::id_token_for(const Code& code) {
    const auto& person = mailboxes_[code.grant.subject].owner;
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    boost::json::object claims{{"iss", "https://accounts.google.com"},
                               {"aud", code.client_id},
                               {"azp", code.client_id},
                               {"sub", person.subject},
                               {"email", person.email},
                               {"email_verified", true},
                               {"name", person.name},
                               {"nonce", code.nonce},
                               {"iat", now},
                               {"exp", now + 3'600}};
    if (!person.hosted_domain.empty()) claims["hd"] = person.hosted_domain;
    for (auto& change : std::exchange(changed_claims_, {})) claims[change.key()] = change.value();
    return signer_.sign({}, claims);
}

Task<Result<TokenGrant>> ScriptedGoogle::exchange_code(std::string code, Secret code_verifier,
                                                       std::string redirect_uri) {
    CO_TRY(co_await arrive(Call::exchange_code));
    const auto found = codes_.find(code);
    if (found == codes_.end()) co_return fail(ErrorKind::denied, "invalid_grant");
    const auto asked = std::move(found->second);
    codes_.erase(found);
    const bool proved = base64url(sha256_of(code_verifier.reveal())) == asked.challenge;
    if (!proved || redirect_uri != asked.redirect_uri) co_return fail(ErrorKind::denied, "invalid_grant");
    TokenGrant grant{.access_token = give_access(asked.grant),
                     .expires_at = clock_.now() + kAccessLife,
                     .refresh_token = {},
                     .scopes = asked.grant.scopes,
                     .id_token = Secret{id_token_for(asked)}};
    if (is_in_testing_) grant.grant_ends_at = clock_.now() + std::chrono::days{7};
    if (asked.offline) grant.refresh_token = this->grant(mailboxes_[asked.grant.subject].owner, asked.grant.scopes);
    co_return leave<TokenGrant>(Call::exchange_code, std::move(grant));
}

Task<Result<TokenGrant>> ScriptedGoogle::refresh(Secret refresh_token) {
    CO_TRY(co_await arrive(Call::refresh));
    const auto found = refresh_.find(refresh_token.reveal());
    if (found == refresh_.end()) co_return fail(ErrorKind::denied, "invalid_grant");
    co_return leave<TokenGrant>(Call::refresh, TokenGrant{.access_token = give_access(found->second),
                                                          .expires_at = clock_.now() + kAccessLife,
                                                          .refresh_token = {},
                                                          .scopes = found->second.scopes,
                                                          .id_token = {}});
}

Task<Result<void>> ScriptedGoogle::revoke(Secret token) {
    CO_TRY(co_await arrive(Call::revoke));
    const auto refresh = refresh_.find(token.reveal());
    if (refresh == refresh_.end()) co_return fail(ErrorKind::invalid, "invalid_token");
    withdraw(refresh->second.subject);
    co_return leave<void>(Call::revoke, {});
}

Task<Result<SigningKeys>> ScriptedGoogle::signing_keys() {
    CO_TRY(co_await arrive(Call::signing_keys));
    co_return leave<SigningKeys>(Call::signing_keys, SigningKeys{.keys = {signer_.public_key()}});
}

Task<Result<GmailProfile>> ScriptedGoogle::profile(Secret access_token) {
    CO_TRY(co_await arrive(Call::profile));
    const auto* mailbox =
        CO_TRY(open(access_token, {scope::kGmailCompose, scope::kGmailMetadata, scope::kGmailModify}));
    co_return leave<GmailProfile>(Call::profile,
                                  GmailProfile{.address = mailbox->owner.email, .history_id = mailbox->history_id});
}

Task<Result<std::vector<SendAs>>> ScriptedGoogle::send_as_addresses(Secret access_token) {
    CO_TRY(co_await arrive(Call::send_as_addresses));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kGmailSettings, scope::kGmailModify}));
    auto senders = mailbox->send_as;
    if (senders.empty())
        senders.push_back({.address = mailbox->owner.email,
                           .display_name = mailbox->owner.name,
                           .signature_html = {},
                           .is_primary = true,
                           .is_default = true});
    co_return leave<std::vector<SendAs>>(Call::send_as_addresses, std::move(senders));
}

Task<Result<GmailDraft>> ScriptedGoogle::create_draft(Secret access_token, Bytes raw, std::string thread_id) {
    CO_TRY(co_await arrive(Call::create_draft));
    auto* mailbox = CO_TRY(open(access_token, {scope::kGmailCompose, scope::kGmailModify}));
    GmailDraft ids{.draft_id = next_id("r"), .message_id = next_id("18d"), .thread_id = std::move(thread_id)};
    if (ids.thread_id.empty()) ids.thread_id = ids.message_id;
    mailbox->drafts[ids.draft_id] = {.ids = ids, .raw = std::move(raw)};
    co_return leave<GmailDraft>(Call::create_draft, std::move(ids));
}

Task<Result<GmailDraft>> ScriptedGoogle::update_draft(Secret access_token, std::string draft_id, Bytes raw,
                                                      std::string) {
    CO_TRY(co_await arrive(Call::update_draft));
    auto* mailbox = CO_TRY(open(access_token, {scope::kGmailCompose, scope::kGmailModify}));
    const auto found = mailbox->drafts.find(draft_id);
    if (found == mailbox->drafts.end()) co_return fail(ErrorKind::not_found, "notFound");
    found->second.ids.message_id = next_id("18d");
    found->second.raw = std::move(raw);
    co_return leave<GmailDraft>(Call::update_draft, found->second.ids);
}

Task<Result<GmailDraft>> ScriptedGoogle::get_draft(Secret access_token, std::string draft_id) {
    CO_TRY(co_await arrive(Call::get_draft));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kGmailCompose, scope::kGmailModify}));
    const auto found = mailbox->drafts.find(draft_id);
    if (found == mailbox->drafts.end()) co_return fail(ErrorKind::not_found, "notFound");
    co_return leave<GmailDraft>(Call::get_draft, found->second.ids);
}

Task<Result<std::vector<GmailDraft>>> ScriptedGoogle::drafts(Secret access_token) {
    CO_TRY(co_await arrive(Call::drafts));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kGmailCompose, scope::kGmailModify}));
    std::vector<GmailDraft> all;
    for (const auto& [id, draft] : mailbox->drafts) all.insert(all.begin(), draft.ids);
    co_return leave<std::vector<GmailDraft>>(Call::drafts, std::move(all));
}

Task<Result<void>> ScriptedGoogle::delete_draft(Secret access_token, std::string draft_id) {
    CO_TRY(co_await arrive(Call::delete_draft));
    auto* mailbox = CO_TRY(open(access_token, {scope::kGmailCompose, scope::kGmailModify}));
    if (mailbox->drafts.erase(draft_id) == 0) co_return fail(ErrorKind::not_found, "notFound");
    co_return leave<void>(Call::delete_draft, {});
}

Task<Result<GmailMessage>> ScriptedGoogle::send_draft(Secret access_token, std::string draft_id) {
    CO_TRY(co_await arrive(Call::send_draft));
    auto* mailbox = CO_TRY(open(access_token, {scope::kGmailCompose, scope::kGmailModify}));
    const auto found = mailbox->drafts.find(draft_id);
    if (found == mailbox->drafts.end()) co_return fail(ErrorKind::not_found, "notFound");
    auto message = deliver(*mailbox, found->second);
    mailbox->drafts.erase(found);
    message.headers.clear();
    co_return leave<GmailMessage>(Call::send_draft, std::move(message));
}

Task<Result<GmailMessage>> ScriptedGoogle::message_metadata(Secret access_token, std::string message_id,
                                                            std::vector<std::string> headers) {
    CO_TRY(co_await arrive(Call::message_metadata));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kGmailMetadata, scope::kGmailModify}));
    const auto sent = std::ranges::find(mailbox->sent, message_id, &GmailMessage::id);
    const auto received = std::ranges::find(mailbox->received, message_id, &GmailMessage::id);
    const auto draft =
        std::ranges::find(mailbox->drafts, message_id, [](const auto& entry) { return entry.second.ids.message_id; });
    GmailMessage message;
    if (sent != mailbox->sent.end())
        message = *sent;
    else if (received != mailbox->received.end())
        message = *received;
    else if (draft != mailbox->drafts.end())
        message = drafted(draft->second);
    else
        co_return fail(ErrorKind::not_found, "notFound");
    std::erase_if(message.headers, [&](const auto& header) {
        return std::ranges::none_of(headers, [&](const auto& asked) { return same_name(asked, header.first); });
    });
    co_return leave<GmailMessage>(Call::message_metadata, std::move(message));
}

Task<Result<Bytes>> ScriptedGoogle::raw_message(Secret access_token, std::string message_id) {
    CO_TRY(co_await arrive(Call::raw_message));
    const bool metadata_only =
        access_[Bytes(access_token.reveal())].scopes.contains(std::string(scope::kGmailMetadata));
    if (metadata_only) co_return fail(ErrorKind::denied, "forbidden");
    const auto* mailbox = CO_TRY(open(access_token, {scope::kGmailModify}));
    const auto found = mailbox->received_raw.find(message_id);
    if (found == mailbox->received_raw.end()) co_return fail(ErrorKind::not_found, "notFound");
    co_return leave<Bytes>(Call::raw_message, found->second);
}

Task<Result<HistoryPage>> ScriptedGoogle::history(Secret access_token, std::uint64_t since, std::string page) {
    CO_TRY(co_await arrive(Call::history));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kGmailMetadata, scope::kGmailModify}));
    if (since < mailbox->forgotten || since > mailbox->history_id) co_return fail(ErrorKind::not_found, "notFound");
    const auto shown = mailbox->shown_until.value_or(mailbox->history_id);
    const auto start = page.empty() ? since : std::stoull(page);
    HistoryPage answer{.history_id = std::max(since, shown)};
    for (auto at = std::ranges::upper_bound(mailbox->history, start, {}, &Mailbox::Happened::history_id);
         at != mailbox->history.end() && at->history_id <= shown; ++at) {
        if (answer.entries.size() == page_size_) {
            answer.next_page = std::to_string(answer.reached);
            break;
        }
        answer.entries.push_back(at->entry);
        answer.reached = at->history_id;
    }
    co_return leave<HistoryPage>(Call::history, std::move(answer));
}

Task<Result<MessageList>> ScriptedGoogle::messages(Secret access_token, std::string label, std::string page) {
    CO_TRY(co_await arrive(Call::messages));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kGmailMetadata, scope::kGmailModify}));
    const auto& all = label == "SENT" ? mailbox->sent : mailbox->received;
    const auto skipped = page.empty() ? 0 : std::stoul(page);
    MessageList list;
    for (auto at = skipped; at < all.size() && list.messages.size() < page_size_; ++at) {
        const auto& message = all[all.size() - 1 - at];
        list.messages.push_back({.message_id = message.id, .thread_id = message.thread_id});
    }
    if (const auto read = skipped + list.messages.size(); read < all.size()) list.next_page = std::to_string(read);
    co_return leave<MessageList>(Call::messages, std::move(list));
}

Task<Result<GmailWatch>> ScriptedGoogle::watch(Secret access_token, std::string topic) {
    CO_TRY(co_await arrive(Call::watch));
    auto* mailbox = CO_TRY(open(access_token, {scope::kGmailMetadata, scope::kGmailModify}));
    mailbox->watched_by = std::move(topic);
    co_return leave<GmailWatch>(
        Call::watch, GmailWatch{.history_id = mailbox->history_id, .expires_at = clock_.now() + std::chrono::days{7}});
}

Task<Result<void>> ScriptedGoogle::stop_watch(Secret access_token) {
    CO_TRY(co_await arrive(Call::stop_watch));
    CO_TRY(open(access_token, {scope::kGmailMetadata, scope::kGmailModify}))->watched_by.clear();
    co_return leave<void>(Call::stop_watch, {});
}

// A new message id, and Gmail's own Message-ID in place of ours: CONTRACT section 4 of the Google pages.
GmailMessage ScriptedGoogle::deliver(Mailbox& mailbox, const Draft& draft) {
    GmailMessage message{.id = next_id("18e"),
                         .thread_id = draft.ids.thread_id,
                         .labels = {"SENT"},
                         .internal_date = clock_.now(),
                         .headers = headers_of(draft.raw)};
    std::erase_if(message.headers, [](const auto& header) { return same_name(header.first, "Message-ID"); });
    message.headers.emplace_back("Message-ID", fmt::format("<CA+{}@mail.gmail.com>", message.id));
    note(mailbox, {.change = HistoryPage::Change::deleted,
                   .message_id = draft.ids.message_id,
                   .thread_id = draft.ids.thread_id,
                   .labels = {"DRAFT"}});
    message.history_id =
        note(mailbox, {.message_id = message.id, .thread_id = message.thread_id, .labels = message.labels});
    mailbox.sent.push_back(message);
    mailbox.sent_raw.push_back(draft.raw);
    return message;
}

std::uint64_t ScriptedGoogle::note(Mailbox& mailbox, HistoryPage::Entry entry) {
    mailbox.history.push_back({.history_id = ++mailbox.history_id, .entry = std::move(entry)});
    return mailbox.history_id;
}

std::string ScriptedGoogle::receive(const std::string& subject,
                                    std::vector<std::pair<std::string, std::string>> headers, std::string thread_id) {
    auto& mailbox = mailboxes_[subject];
    const auto id = next_id("18f");
    if (thread_id.empty()) thread_id = id;
    GmailMessage message{.id = id,
                         .thread_id = std::move(thread_id),
                         .labels = {"INBOX"},
                         .internal_date = clock_.now(),
                         .headers = std::move(headers)};
    message.history_id = note(mailbox, {.message_id = id, .thread_id = message.thread_id, .labels = message.labels});
    mailbox.received.push_back(std::move(message));
    return id;
}

std::string ScriptedGoogle::next_id(std::string_view prefix) {
    return fmt::format("{}{:010x}", prefix, ++last_);
}

}  // namespace inboxpro::testing
