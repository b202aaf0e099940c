#pragma once
#include <functional>
#include <vector>

#include "consent/privacy_token.h"
#include "consent/recipient_file.h"
#include "http/pages/form.h"
#include "http/public/rate_limit.h"
#include "outbox/outbox.h"

namespace inboxpro::http {

/// /privacy/{token}, the recipients' own page. From a mail it lets its reader object to tracking, and have a link
/// mailed to the mail's recipient; that link shows what is held of this person by whoever sent the mail, hands it over
/// as JSON and erases it. GET changes nothing. The page works without scripts, sets no cookie, and says of nobody who
/// did not prove the mailbox whether anything is stored.
class PrivacyRoutes {
  public:
    struct Settings {
        std::vector<std::string> origins;  ///< Where the page is served, so that its forms come from there.
        std::string tracking_origin;       ///< Where mailed links lead.
        /// Runs to its end without anybody waiting, so that the answer comes as soon whether or not there is anything
        /// to do.
        std::function<void(Task<void>)> in_background;
        std::function<void(const Error&)> on_failure = {};  ///< A link could not be mailed; may be empty.
    };
    PrivacyRoutes(Settings settings, Consents& consents, RecipientFiles& files, Accounts& accounts, Messages& messages,
                  Outbox& outbox, const TokenSealer& sealer, const Clock& clock)
        : settings_(std::move(settings)),
          consents_(consents),
          files_(files),
          accounts_(accounts),
          messages_(messages),
          outbox_(outbox),
          sealer_(sealer),
          clock_(clock) {}

    /// May be called for several routers. Keeps references to this object, which must outlive them.
    void add_to(Router& router);

    static constexpr std::chrono::hours kProofHolds{1};

  private:
    Task<Response> show(Request request);
    Task<Response> act(Request request);
    Task<Response> hand_over(Request request);

    Task<Result<Response>> shown(Request request);
    Task<Result<Response>> acted(Request request);
    Task<Result<Response>> handed_over(Request request);

    Task<Result<Response>> way_to_object(PrivacyToken token, Request request);
    Task<Result<Response>> file_of(MailboxProof proof, Request request);
    Task<Result<void>> act_from_mail(PrivacyToken token, Form form, std::string& done);
    Task<Result<void>> act_with_proof(MailboxProof proof, Form form, std::string& done);

    /// The message, unless it is gone.
    Task<Result<std::optional<Message>>> message_of(PrivacyToken token);
    Task<Result<void>> object(PrivacyToken token);
    /// Has a link mailed to the recipient, or of several to the one with this address.
    Task<Result<void>> ask_for_link(PrivacyToken token, std::string address);
    Task<void> mail_link(AccountId account, std::string address);
    bool comes_from_elsewhere(const Request& request) const;

    const Settings settings_;
    Consents& consents_;
    RecipientFiles& files_;
    Accounts& accounts_;
    Messages& messages_;
    Outbox& outbox_;
    const TokenSealer& sealer_;
    const Clock& clock_;
    RateLimit acts_{60, std::chrono::minutes{10}};           ///< By network.
    RateLimit links_to_one_{3, std::chrono::hours{24}};      ///< By recipient.
    RateLimit links_from_one_{100, std::chrono::hours{24}};  ///< By account.
};

}  // namespace inboxpro::http
