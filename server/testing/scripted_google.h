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
class ScriptedGoogle final : public GoogleApi {
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
        delete_draft,
        send_draft,
        message_metadata,
        history,
        messages,
        watch,
        stop_watch
    };
    struct Draft {
        GmailDraft ids;
        Bytes raw;
    };
    struct Mailbox {
        Person owner;
        std::map<std::string, Draft> drafts;  ///< By draft id.
        std::vector<GmailMessage> sent;       ///< Headers as Gmail rewrote them.
        std::vector<Bytes> sent_raw;          ///< Beside `sent`, as it came.
        std::vector<SendAs> send_as;
        std::string watched_by = {};  ///< The topic, while it is watched.
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
    Task<Result<GmailDraft>> get_draft(Secret access_token, std::string draft_id) override;
    Task<Result<void>> delete_draft(Secret access_token, std::string draft_id) override;
    Task<Result<GmailMessage>> send_draft(Secret access_token, std::string draft_id) override;
    Task<Result<GmailMessage>> message_metadata(Secret access_token, std::string message_id,
                                                std::vector<std::string> headers) override;
    /// One page of every message sent since.
    Task<Result<HistoryPage>> history(Secret access_token, std::uint64_t since, std::string page) override;
    /// What was sent, whatever the label; one page.
    Task<Result<MessageList>> messages(Secret access_token, std::string label, std::string page) override;
    Task<Result<GmailWatch>> watch(Secret access_token, std::string topic) override;
    Task<Result<void>> stop_watch(Secret access_token) override;

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
    Result<T> leave(Call call, Result<T> outcome);
    /// `denied` as Google: authError, or insufficientPermissions without one of `scopes`.
    Result<Mailbox*> open(const Secret& access_token, std::initializer_list<std::string_view> scopes);
    Secret give_access(const Grant& grant);
    std::string id_token_for(const Code& code);
    GmailMessage deliver(Mailbox& mailbox, const Draft& draft);
    std::string next_id(std::string_view prefix);

    const Clock& clock_;
    IdTokenSigner signer_;
    std::uint64_t last_ = 0;
    std::map<std::string, Code> codes_;
    std::map<std::string, Grant, std::less<>> refresh_;
    std::map<std::string, Grant, std::less<>> access_;
    std::map<std::string, Mailbox> mailboxes_;
    std::map<Call, std::deque<Failure>> failures_;
    std::map<Call, int> calls_;
    boost::json::object changed_claims_;
};

}  // namespace inboxpro::testing
