#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sandbox/gmail/query.h"

namespace inboxpro::sandbox::gmail {

/// A label that a user made.
struct UserLabel {
    std::string id;  ///< "Label_7"
    std::string name;
    std::string message_list_visibility = "show";
    std::string label_list_visibility = "labelShow";
    std::string text_color, background_color;  ///< Both or neither.
};

/// Whether it is one of Gmail's own, whose id is its name.
bool is_system_label(std::string_view id);
const std::vector<std::string_view>& system_labels();

/// One user's own labels. Thread-safe.
class LabelBook {
  public:
    /// Whether a message may carry it: Gmail's own and the user's.
    bool has(std::string_view id) const;
    std::vector<UserLabel> all() const;
    std::optional<UserLabel> find(std::string_view id) const;
    LabelNames names() const;

    /// The id is made here. `invalid` for a name that is empty, longer than 225 characters or one of Gmail's own,
    /// `conflict` for one that is taken.
    Result<UserLabel> create(UserLabel label);
    /// Refuses like create(); `not_found` when there is no such label.
    Result<UserLabel> replace(UserLabel label);
    bool erase(std::string_view id);

  private:
    Result<void> check(const UserLabel& label) const;

    mutable std::mutex mutex_;
    std::map<std::string, UserLabel, std::less<>> labels_;
    int last_number_ = 0;
};

}  // namespace inboxpro::sandbox::gmail
