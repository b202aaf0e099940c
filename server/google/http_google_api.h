#pragma once
#include "google/endpoints.h"
#include "google/google_api.h"
#include "http/client/http_client.h"

namespace inboxpro {

/// Google over HTTP: one request a call, nothing repeated, no mail text in any error. Must go before the loops that
/// await its calls.
class HttpGoogleApi final : public GoogleApi {
  public:
    HttpGoogleApi(GoogleEndpoints endpoints, GoogleClient client, const Clock& clock)
        : endpoints_(std::move(endpoints)), client_(std::move(client)), clock_(clock) {}

    Task<Result<TokenGrant>> exchange_code(std::string code, Secret code_verifier, std::string redirect_uri) override;
    Task<Result<TokenGrant>> refresh(Secret refresh_token) override;
    Task<Result<void>> revoke(Secret token) override;
    Task<Result<SigningKeys>> signing_keys() override;

    Task<Result<GmailProfile>> profile(Secret access_token) override;
    Task<Result<std::vector<SendAs>>> send_as_addresses(Secret access_token) override;
    Task<Result<GmailDraft>> create_draft(Secret access_token, Bytes raw, std::string thread_id) override;
    Task<Result<GmailDraft>> get_draft(Secret access_token, std::string draft_id) override;
    Task<Result<void>> delete_draft(Secret access_token, std::string draft_id) override;
    Task<Result<GmailMessage>> send_draft(Secret access_token, std::string draft_id) override;
    Task<Result<GmailMessage>> message_metadata(Secret access_token, std::string message_id,
                                                std::vector<std::string> headers) override;
    Task<Result<HistoryPage>> history(Secret access_token, std::uint64_t since, std::string page) override;
    Task<Result<MessageList>> messages(Secret access_token, std::string label, std::string page) override;
    Task<Result<GmailWatch>> watch(Secret access_token, std::string topic) override;
    Task<Result<void>> stop_watch(Secret access_token) override;

  private:
    /// The body of a 2xx answer.
    Task<Result<Bytes>> gmail(Secret access_token, std::string method, std::string path, Bytes body = {});
    /// Posts a form to the token or revocation endpoint.
    Task<Result<Bytes>> post_form(std::string url, std::vector<std::pair<std::string, Secret>> form);

    GoogleEndpoints endpoints_;
    GoogleClient client_;
    const Clock& clock_;
    HttpClient http_;
};

}  // namespace inboxpro
