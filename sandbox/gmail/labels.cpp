#include "sandbox/gmail/labels.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/server/text.h"

namespace inboxpro::sandbox::gmail {
namespace {

constexpr std::size_t kLongestName = 225;

/// Gmail reads "in:" as it likes, so these too are its own, however they are written.
bool is_reserved(std::string_view name) {
    static constexpr std::string_view kOthers[] = {"ALL MAIL", "ARCHIVE", "DRAFTS", "OUTBOX", "SENT MAIL"};
    const auto is = [&](std::string_view other) { return http::same_ignoring_case(name, other); };
    return std::ranges::any_of(system_labels(), is) || std::ranges::any_of(kOthers, is);
}

/// "Big clients/Munich" is searched for as label:big-clients-munich.
std::string search_name(std::string_view name) {
    auto key = http::lower_case(name);
    for (char& c : key)
        if (c == ' ' || c == '/' || c == '(' || c == ')') c = '-';
    return key;
}

}  // namespace

const std::vector<std::string_view>& system_labels() {
    static const std::vector<std::string_view> kLabels = {"CHAT",
                                                          "SENT",
                                                          "INBOX",
                                                          "IMPORTANT",
                                                          "TRASH",
                                                          "DRAFT",
                                                          "SPAM",
                                                          "CATEGORY_FORUMS",
                                                          "CATEGORY_UPDATES",
                                                          "CATEGORY_PERSONAL",
                                                          "CATEGORY_PROMOTIONS",
                                                          "CATEGORY_SOCIAL",
                                                          "STARRED",
                                                          "UNREAD"};
    return kLabels;
}

bool is_system_label(std::string_view id) {
    return std::ranges::find(system_labels(), id) != system_labels().end();
}

bool LabelBook::has(std::string_view id) const {
    if (is_system_label(id)) return true;
    const std::lock_guard lock(mutex_);
    return labels_.contains(id);
}

std::vector<UserLabel> LabelBook::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<UserLabel> all;
    for (const auto& [id, label] : labels_) all.push_back(label);
    return all;
}

std::optional<UserLabel> LabelBook::find(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = labels_.find(id);
    return found == labels_.end() ? std::nullopt : std::optional(found->second);
}

LabelNames LabelBook::names() const {
    const std::lock_guard lock(mutex_);
    LabelNames names;
    for (const auto& [id, label] : labels_) names.emplace(search_name(label.name), id);
    return names;
}

Result<UserLabel> LabelBook::create(UserLabel label) {
    const std::lock_guard lock(mutex_);
    label.id.clear();
    TRY(check(label));
    label.id = fmt::format("Label_{}", ++last_number_);
    return labels_[label.id] = std::move(label);
}

Result<UserLabel> LabelBook::replace(UserLabel label) {
    const std::lock_guard lock(mutex_);
    const auto found = labels_.find(label.id);
    if (found == labels_.end()) return fail(ErrorKind::not_found, "There is no such label.");
    TRY(check(label));
    return found->second = std::move(label);
}

bool LabelBook::erase(std::string_view id) {
    const std::lock_guard lock(mutex_);
    const auto found = labels_.find(id);
    if (found == labels_.end()) return false;
    labels_.erase(found);
    return true;
}

Result<void> LabelBook::check(const UserLabel& label) const {
    if (http::trimmed(label.name).empty() || label.name.size() > kLongestName || is_reserved(label.name))
        return fail_field("name", "A label cannot have this name.");
    const auto taken = [&](const auto& entry) {
        return entry.first != label.id && http::same_ignoring_case(entry.second.name, label.name);
    };
    if (std::ranges::any_of(labels_, taken)) return fail(ErrorKind::conflict, "There is a label of this name.");
    return {};
}

}  // namespace inboxpro::sandbox::gmail
