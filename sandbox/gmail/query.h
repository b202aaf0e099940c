#pragma once
#include <functional>
#include <string_view>

#include "base/clock.h"
#include "sandbox/gmail/message_store.h"

namespace inboxpro::sandbox::gmail {

/// As a search writes it ("big-clients" for "Big clients") to id.
using LabelNames = std::map<std::string, std::string, std::less<>>;

/// A search as in Gmail's search box: words and "phrases" all of which must occur, OR, -not, (groups), {any of these},
/// and from: to: cc: bcc: subject: label: in: is: has:attachment rfc822msgid: after: before: newer_than:
/// older_than:. An operator that it does not know is searched for as text.
class Query {
  public:
    /// `now` is what newer_than: counts from; `labels` gives the user's own labels by what a search calls them.
    static Query parse(std::string_view text, TimePoint now, const LabelNames& labels = {});

    bool fits(const Message& message) const { return fits_(message); }
    /// Whether it asks for spam or trash, which a search otherwise leaves out.
    bool wants_spam_and_trash() const { return wants_spam_and_trash_; }

  private:
    std::function<bool(const Message&)> fits_;
    bool wants_spam_and_trash_ = false;
};

}  // namespace inboxpro::sandbox::gmail
