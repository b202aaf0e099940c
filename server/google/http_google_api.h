#pragma once
#include <boost/json/value.hpp>

#include "google/endpoints.h"
#include "google/google_api.h"
#include "http/client/http_client.h"

namespace inboxpro {

/// How long a call may take before it counts as unanswered.
struct GoogleDeadlines {
    std::chrono::milliseconds call{30'000};
    std::chrono::milliseconds send{60'000};  ///< drafts.send: Gmail may take its time, and giving up costs a look-up.
    std::chrono::milliseconds upload{120'000};
};

/// Google over HTTP: one request a call, nothing repeated, no mail text in any error. Must go before the loops that
/// await its calls.
class HttpGoogleApi final : public GoogleApi {
  public:
    HttpGoogleApi(GoogleEndpoints endpoints, GoogleClient client, const Clock& clock, GoogleDeadlines deadlines = {})
        : endpoints_(std::move(endpoints)), client_(std::move(client)), clock_(clock), deadlines_(deadlines) {}

    // http_oauth.cpp
    Task<Result<TokenGrant>> exchange_code(std::string code, Secret code_verifier, std::string redirect_uri) override;
    Task<Result<TokenGrant>> refresh(Secret refresh_token) override;
    Task<Result<void>> revoke(Secret token) override;
    Task<Result<SigningKeys>> signing_keys() override;

    // http_gmail.cpp
    Task<Result<GmailProfile>> profile(Secret access_token) override;
    Task<Result<std::vector<SendAs>>> send_as_addresses(Secret access_token) override;
    Task<Result<GmailDraft>> create_draft(Secret access_token, Bytes raw, std::string thread_id) override;
    Task<Result<GmailDraft>> update_draft(Secret access_token, std::string draft_id, Bytes raw,
                                          std::string thread_id) override;
    Task<Result<GmailDraft>> get_draft(Secret access_token, std::string draft_id) override;
    Task<Result<std::vector<GmailDraft>>> drafts(Secret access_token) override;
    Task<Result<void>> delete_draft(Secret access_token, std::string draft_id) override;
    Task<Result<GmailMessage>> send_draft(Secret access_token, std::string draft_id) override;
    Task<Result<GmailMessage>> message_metadata(Secret access_token, std::string message_id,
                                                std::vector<std::string> headers) override;
    Task<Result<Bytes>> raw_message(Secret access_token, std::string message_id) override;
    Task<Result<HistoryPage>> history(Secret access_token, std::uint64_t since, std::string page) override;
    Task<Result<MessageList>> messages(Secret access_token, std::string label, std::string page) override;
    Task<Result<GmailWatch>> watch(Secret access_token, std::string topic) override;
    Task<Result<void>> stop_watch(Secret access_token) override;

    // http_calendar.cpp
    Task<Result<CalendarList>> calendars(Secret access_token, std::string page) override;
    Task<Result<BusyTimes>> free_busy(Secret access_token, std::vector<std::string> calendars, TimeSpan span) override;
    Task<Result<CalendarEvent>> insert_event(Secret access_token, std::string calendar, NewEvent event,
                                             EventOptions options) override;
    Task<Result<CalendarEvent>> get_event(Secret access_token, std::string calendar, std::string event) override;
    Task<Result<CalendarEvent>> patch_event(Secret access_token, std::string calendar, std::string event,
                                            EventChange change, EventOptions options) override;
    Task<Result<void>> delete_event(Secret access_token, std::string calendar, std::string event,
                                    EventOptions::Notify notify) override;
    Task<Result<EventPage>> events(Secret access_token, std::string calendar, EventQuery query) override;
    Task<Result<Channel>> watch_events(Secret access_token, std::string calendar, ChannelRequest channel) override;
    Task<Result<void>> stop_channel(Secret access_token, Channel channel) override;
    Task<Result<std::string>> time_zone(Secret access_token) override;

    // http_people.cpp
    Task<Result<Contact>> create_contact(Secret access_token, Contact contact) override;
    Task<Result<ContactPage>> contacts(Secret access_token, std::string sync_token, std::string page) override;
    Task<Result<std::vector<Contact>>> search_contacts(Secret access_token, std::string query) override;
    Task<Result<std::vector<Contact>>> search_other_contacts(Secret access_token, std::string query) override;
    Task<Result<Contact>> copy_other_contact(Secret access_token, std::string id) override;

  private:
    Task<Result<GmailDraft>> upload_draft(Secret access_token, std::string method, std::string path, Bytes raw,
                                          std::string thread_id);
    /// The body of a 2xx answer to a call as the token's user; a body without a content type is JSON.
    Task<Result<Bytes>> api(Secret access_token, HttpCall call);
    /// `deadline` where it is not that of every call.
    Task<Result<Bytes>> gmail(Secret access_token, std::string method, std::string path, Bytes body = {},
                              std::optional<std::chrono::milliseconds> deadline = {});
    Task<Result<Bytes>> calendar(Secret access_token, std::string method, std::string path,
                                 boost::json::object body = {});
    Task<Result<Bytes>> people(Secret access_token, std::string method, std::string path,
                               boost::json::object body = {});
    /// Posts a form to the token or revocation endpoint.
    Task<Result<Bytes>> post_form(std::string url, std::vector<std::pair<std::string, Secret>> form);

    GoogleEndpoints endpoints_;
    GoogleClient client_;
    const Clock& clock_;
    const GoogleDeadlines deadlines_;
    HttpClient http_;
};

/// For a part of a path or a query.
std::string percent_encoded(std::string_view text);
bool is_success(int status);

}  // namespace inboxpro
