#pragma once
#include <deque>
#include <map>

#include "google/google_api.h"
#include "testing/id_token_signer.h"

namespace inboxpro::testing {

/// Somebody with a Google account.
struct Person {
    std::string subject = "1001";
    std::string email = "ann@example.com";
    std::string name = "Ann Example";
    std::string hosted_domain = {};
};

/// A Google in memory that behaves as google/google_api.h says, keeps drafts and sent mail, and fails when told to.
/// Each call gives way once before it acts, so that callers really interleave. For one thread.
class ScriptedGoogle : public GoogleApi {
  public:
    enum class Call {
        exchange_code,
        refresh,
        revoke,
        signing_keys,
        profile,
        send_as_addresses,
        create_draft,
        get_draft,
        update_draft,
        drafts,
        delete_draft,
        send_draft,
        message_metadata,
        raw_message,
        history,
        messages,
        watch,
        stop_watch,
        calendars,
        free_busy,
        insert_event,
        get_event,
        patch_event,
        delete_event,
        events,
        watch_events,
        stop_channel,
        time_zone,
        create_contact,
        contacts,
        search_contacts,
        search_other_contacts,
        copy_other_contact
    };
    struct Draft {
        GmailDraft ids;
        Bytes raw;
    };
    /// A calendar with its events, deleted ones too; sync tokens are numbers of `changes`.
    struct CalendarBox {
        Calendar calendar;
        std::map<std::string, CalendarEvent> events;
        std::map<std::string, std::uint64_t> changed;  ///< Event id -> number of its last change.
        std::uint64_t changes = 0;
        std::uint64_t forgotten = 0;  ///< Sync tokens below this are too old.
    };
    struct Mailbox {
        Person owner;
        std::map<std::string, Draft> drafts;  ///< By draft id.
        std::vector<GmailMessage> sent;       ///< Headers as Gmail rewrote them.
        std::vector<Bytes> sent_raw;          ///< Beside `sent`, as it came.
        std::vector<SendAs> send_as;
        std::string watched_by = {};  ///< The topic, while it is watched.
        std::map<std::string, CalendarBox> calendars = {{"primary", {.calendar = {.id = "primary"}}}};
        std::map<std::string, Channel> channels = {};
        std::string time_zone = "Europe/Berlin";
        std::vector<Contact> contacts = {};  ///< Oldest first; a sync token is how many there were.
        std::vector<Contact> other_contacts = {};
        bool contacts_forgotten = false;  ///< Sync tokens are too old.
        std::vector<GmailMessage> received;
        std::map<std::string, Bytes> received_raw;  ///< By message id, where a test gave it.

        // History: what happened, oldest first, each under its own id.
        struct Happened {
            std::uint64_t history_id = 0;
            HistoryPage::Entry entry;
        };
        std::vector<Happened> history;
        std::uint64_t history_id = 1;
        std::uint64_t forgotten = 0;                    ///< Starting before this is refused with not_found.
        std::optional<std::uint64_t> shown_until = {};  ///< Gmail's history lags and ends here.
    };
    struct Callback {
        std::string code;
        std::string state;
    };

    explicit ScriptedGoogle(const Clock& clock) : clock_(clock) {}

    // What people do at Google
    /// The person follows an authorization URL and agrees, except to the scopes in `unticked`.
    Callback consent(std::string_view authorization_url, const Person& person, std::set<std::string> unticked = {});
    /// A refresh token with these scopes, without all that.
    Secret grant(const Person& person, std::set<std::string> scopes);
    /// Every grant of the person dies: refreshing answers invalid_grant, access tokens authError.
    void withdraw(std::string subject);
    /// Access tokens end now; refreshing still works.
    void expire_access_tokens() { access_.clear(); }

    /// From now on ID tokens are signed under another key id.
    void rotate_signing_key(std::string key_id) { signer_ = IdTokenSigner(std::move(key_id)); }

    /// From now on a grant ends seven days after consent, as of an app that is in Testing.
    void put_app_in_testing() { is_in_testing_ = true; }

    // What happens in a mailbox
    void happen(const std::string& subject, HistoryPage::Entry entry) { note(mailboxes_[subject], std::move(entry)); }
    /// A message comes in, now; returns its id. It begins a thread of its own, or continues `thread_id`.
    std::string receive(const std::string& subject, std::vector<std::pair<std::string, std::string>> headers = {},
                        std::string thread_id = {});
    /// Gmail no longer knows what happened up to now.
    void forget_history(const std::string& subject) { mailboxes_[subject].forgotten = mailboxes_[subject].history_id; }
    /// Entries of one page of history, and of a list of messages.
    void set_page_size(std::size_t size) { page_size_ = size; }

    // What goes wrong
    /// The next `times` calls fail and have no effect.
    void fail_next(Call call, Error error, int times = 1);
    /// The next call has its effect, and its answer is lost: `unavailable`.
    void lose_next_answer(Call call);
    /// Changes the claims of the next ID token.
    void change_next_id_token(boost::json::object claims) { changed_claims_ = std::move(claims); }

    // What is seen
    int calls(Call call) const;
    int calls() const;
    Mailbox& mailbox(const std::string& subject) { return mailboxes_[subject]; }

    Task<Result<TokenGrant>> exchange_code(std::string code, Secret code_verifier, std::string redirect_uri) override;
    Task<Result<TokenGrant>> refresh(Secret refresh_token) override;
    Task<Result<void>> revoke(Secret token) override;
    Task<Result<SigningKeys>> signing_keys() override;
    Task<Result<GmailProfile>> profile(Secret access_token) override;
    Task<Result<std::vector<SendAs>>> send_as_addresses(Secret access_token) override;
    Task<Result<GmailDraft>> create_draft(Secret access_token, Bytes raw, std::string thread_id) override;
    Task<Result<GmailDraft>> update_draft(Secret access_token, std::string draft_id, Bytes raw,
                                          std::string thread_id) override;
    Task<Result<GmailDraft>> get_draft(Secret access_token, std::string draft_id) override;
    /// Newest first.
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

    // scripted_calendar.cpp; one page each
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

    // scripted_people.cpp; one page each
    Task<Result<Contact>> create_contact(Secret access_token, Contact contact) override;
    Task<Result<ContactPage>> contacts(Secret access_token, std::string sync_token, std::string page) override;
    Task<Result<std::vector<Contact>>> search_contacts(Secret access_token, std::string query) override;
    Task<Result<std::vector<Contact>>> search_other_contacts(Secret access_token, std::string query) override;
    Task<Result<Contact>> copy_other_contact(Secret access_token, std::string id) override;

  protected:
    /// `denied` as Google: authError, or insufficientPermissions without one of `scopes`.
    Result<Mailbox*> open(const Secret& access_token, std::initializer_list<std::string_view> scopes);
    GmailMessage deliver(Mailbox& mailbox, const Draft& draft);

  private:
    struct Grant {
        std::string subject;
        std::set<std::string> scopes;
    };
    struct Code {
        Grant grant;
        std::string client_id;
        std::string challenge;
        std::string redirect_uri;
        std::string nonce;
        bool offline = false;
    };
    struct Failure {
        Error error;
        bool after_effect = false;
    };

    Task<Result<void>> arrive(Call call);
    /// `outcome`, or the failure that was scripted for after the effect.
    template <class T>
    Result<T> leave(Call call, Result<T> outcome) {
        auto& scripted = failures_[call];
        if (scripted.empty() || !scripted.front().after_effect || !outcome) return outcome;
        auto failure = std::move(scripted.front());
        scripted.pop_front();
        return std::unexpected(std::move(failure.error));
    }
    Result<CalendarBox*> open_calendar(const Secret& access_token, const std::string& id);
    CalendarEvent note_change(CalendarBox& calendar, CalendarEvent event);
    Secret give_access(const Grant& grant);
    std::string id_token_for(const Code& code);
    static std::uint64_t note(Mailbox& mailbox, HistoryPage::Entry entry);
    std::string next_id(std::string_view prefix);

    const Clock& clock_;
    IdTokenSigner signer_;
    bool is_in_testing_ = false;
    std::uint64_t last_ = 0;
    std::size_t page_size_ = 500;
    std::map<std::string, Code> codes_;
    std::map<std::string, Grant, std::less<>> refresh_;
    std::map<std::string, Grant, std::less<>> access_;
    std::map<std::string, Mailbox> mailboxes_;
    std::map<Call, std::deque<Failure>> failures_;
    std::map<Call, int> calls_;
    boost::json::object changed_claims_;
};

}  // namespace inboxpro::testing
