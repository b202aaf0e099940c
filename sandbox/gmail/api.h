#pragma once
#include "sandbox/calls.h"
#include "sandbox/delivery/post_office.h"
#include "sandbox/gmail/methods.h"
#include "sandbox/google_error.h"
#include "sandbox/oauth/grants.h"

namespace inboxpro::sandbox::gmail {

/// One call whose token is good for its method.
struct Call {
    const http::Request& request;
    User& user;
    bool metadata_only;  ///< The token holds gmail.metadata: Google then refuses q and bodies, whatever else it holds.

    /// What a placeholder of the path matched, after {userId}.
    const std::string& path_value(std::size_t index) const { return request.path_values.at(index + 1); }
    std::string query(std::string_view name) const;
    std::vector<std::string> queries(std::string_view name) const;
};

using Serve = std::function<Answer(const Call&)>;

/// Adds Gmail's methods to the routes: finds the token, checks its scopes and the user.
class Api {
  public:
    Api(Calls& calls, oauth::Grants& grants) : calls_(calls), grants_(grants) {}
    /// `id` as in methods(). Uploads come to the same function.
    void add(std::string_view id, Serve serve);

  private:
    Calls& calls_;
    oauth::Grants& grants_;
};

void add_message_methods(Api& api, PostOffice& post_office);
void add_draft_methods(Api& api, PostOffice& post_office);
void add_listing_methods(Api& api, const Clock& clock);  ///< messages.list, drafts.list, threads.list and .get
void add_history_methods(Api& api);
void add_account_methods(Api& api);  ///< Profile, labels, sendAs

/// A number of the query between 1 and `most`; `standard` when it is absent. 400 for anything that is no number.
std::expected<std::size_t, GoogleError> max_results(const Call& call, std::size_t standard, std::size_t most);

/// Where the page begins, from pageToken; 0: at the beginning. 400 for a token that is none of ours.
std::expected<std::uint64_t, GoogleError> page_start(const Call& call);

/// Whether a message may carry this label: one of Gmail's own.
bool is_label(std::string_view id);

/// A mail as messages.send and drafts.* receive it.
struct Submission {
    Bytes raw;
    std::string thread_id;  ///< Empty: none was given.
};
struct SubmittedDraft {
    std::string id;                     ///< Only in drafts.send.
    std::optional<Submission> message;  ///< May be absent in drafts.send.
};
/// From JSON, or from an upload (uploadType=media or multipart).
std::expected<Submission, GoogleError> read_message_submission(const http::Request& request);
std::expected<SubmittedDraft, GoogleError> read_draft_submission(const http::Request& request);

/// The thread that a mail joins when it names one: that one if it also answers and has its subject (Gmail's three
/// conditions), else 0. 400 for an id that is none, 404 for an unknown thread.
std::expected<MailId, GoogleError> thread_for(const User& user, const Submission& submission);

}  // namespace inboxpro::sandbox::gmail
