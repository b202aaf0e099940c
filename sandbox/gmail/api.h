#pragma once
#include "sandbox/api/api.h"
#include "sandbox/delivery/post_office.h"
#include "sandbox/gmail/methods.h"
#include "sandbox/gmail/watches.h"

namespace inboxpro::sandbox::gmail {

/// One call of a user to the own mailbox.
struct Call : sandbox::Call {
    bool metadata_only;  ///< The token holds gmail.metadata: Google then refuses q and bodies, whatever else it holds.

    /// What a placeholder of the path matched, after {userId}.
    const std::string& path_value(std::size_t index) const { return sandbox::Call::path_value(index + 1); }
};

using Serve = std::function<Answer(const Call&)>;

/// Gmail's methods as routes; refuses other people's mailboxes.
class Api {
  public:
    explicit Api(Gatekeeper gatekeeper) : api_(gatekeeper, methods()) {}
    /// `id` as in methods(). Uploads come to the same function.
    void add(std::string_view id, Serve serve);

  private:
    sandbox::Api api_;
};

void add_message_methods(Api& api, PostOffice& post_office);
void add_draft_methods(Api& api, PostOffice& post_office);
void add_listing_methods(Api& api, const Clock& clock);  ///< messages.list, drafts.list, threads.list and .get
void add_methods_for_many(
    Api& api);  ///< messages.batchModify and .batchDelete, threads.modify, .trash, .untrash, .delete
void add_history_methods(Api& api, const Clock& clock);
void add_label_methods(Api& api);
void add_account_methods(Api& api);  ///< Profile, sendAs, vacation
void add_watch_methods(Api& api, Watches& watches);

/// What happened later is not shown to this call; empty: all is.
std::optional<TimePoint> shown_until(const Call& call, const Clock& clock);

/// Labels that a call adds and takes away.
struct LabelChange {
    Labels add, remove;
};
inline const LabelChange kToTrash{.add = {"TRASH"}, .remove = {"INBOX"}};
inline const LabelChange kFromTrash{.add = {}, .remove = {"TRASH"}};
/// 400 for a label that does not exist or that no client may set, and for more than 100 of either.
std::expected<LabelChange, GoogleError> read_label_change(const Call& call, const boost::json::object& body);

/// A mail as messages.send and drafts.* receive it.
struct Submission {
    Bytes raw;
    std::string thread_id;  ///< Empty: none was given.
    Labels labels = {};     ///< messages.insert and .import only.
};
struct SubmittedDraft {
    std::string id;                     ///< Only in drafts.send.
    std::optional<Submission> message;  ///< May be absent in drafts.send.
};
/// From JSON, or from an upload (uploadType=media or multipart; Uploads makes one of a resumable one).
std::expected<Submission, GoogleError> read_message_submission(const http::Request& request);
std::expected<SubmittedDraft, GoogleError> read_draft_submission(const http::Request& request);

/// The thread that a mail joins when it names one: that one if it also answers and has its subject (Gmail's three
/// conditions), else 0. 400 for an id that is none, 404 for an unknown thread.
std::expected<MailId, GoogleError> thread_for(const User& user, const Submission& submission);

}  // namespace inboxpro::sandbox::gmail
