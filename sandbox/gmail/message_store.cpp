#include "sandbox/gmail/message_store.h"

#include <fmt/format.h>

#include <charconv>

#include "http/server/text.h"

namespace inboxpro::sandbox::gmail {

std::string to_text(MailId id) {
    return fmt::format("{:016x}", id);
}

std::optional<MailId> to_mail_id(std::string_view text) {
    MailId id = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id, 16);
    if (failure != std::errc{} || end != text.data() + text.size() || text.size() > 16) return {};
    return id;
}

std::string conversation_subject(std::string_view subject) {
    auto rest = http::trimmed(subject);
    for (bool shorter = true; shorter;) {
        shorter = false;
        for (std::string_view prefix : {"re:", "fwd:", "fw:", "aw:"}) {
            if (!http::same_ignoring_case(rest.substr(0, prefix.size()), prefix)) continue;
            rest = http::trimmed(rest.substr(prefix.size()));
            shorter = true;
        }
    }
    return http::lower_case(rest);
}

MailId MessageStore::next_id() {
    constexpr int kRandomBits = 20;
    auto bytes = random_.bytes(4);
    BytesView view = bytes;
    const auto noise = take_u32(view).value_or(0) & ((1U << kRandomBits) - 1);
    const auto by_time = static_cast<MailId>(to_millis(clock_.now())) << kRandomBits | noise;
    return last_id_ = std::max(last_id_ + 1, by_time);
}

void MessageStore::record(Change change, Message& message, Labels changed) {
    history_id_ += 3 + history_id_ % 5;
    message.history_id = history_id_;
    history_.push_back(
        {history_id_, change, clock_.now(), message.id, message.thread_id, message.labels, std::move(changed)});
    if (listener_) listener_(history_.back());
}

Message& MessageStore::insert(MailPointer mail, Labels labels, MailId thread_id,
                              std::optional<TimePoint> internal_date) {
    const auto now = clock_.now();
    const auto id = next_id();
    auto& message = messages_[id];
    message = {.id = id,
               .thread_id = thread_id == 0 ? id : thread_id,
               .labels = std::move(labels),
               .history_id = 0,
               .internal_date = internal_date.value_or(now),
               .added_at = now,
               .mail = std::move(mail)};
    threads_[message.thread_id].insert(id);
    if (const auto& name = message.mail->envelope.message_id; !name.empty())
        threads_by_message_id_[name] = message.thread_id;
    record(Change::message_added, message, {});
    return message;
}

void MessageStore::remove(MailId id) {
    const auto found = messages_.find(id);
    record(Change::message_deleted, found->second, {});
    const auto thread = threads_.find(found->second.thread_id);
    thread->second.erase(id);
    if (thread->second.empty()) threads_.erase(thread);
    const auto& name = found->second.mail->envelope.message_id;
    const auto named = threads_by_message_id_.find(name);
    if (named != threads_by_message_id_.end() && !threads_.contains(named->second)) threads_by_message_id_.erase(named);
    messages_.erase(found);
}

Message MessageStore::add(MailPointer mail, Labels labels, MailId thread_id, std::optional<TimePoint> internal_date) {
    const std::lock_guard lock(mutex_);
    return insert(std::move(mail), std::move(labels), thread_id, internal_date);
}

std::optional<Message> MessageStore::find(MailId id) const {
    const std::lock_guard lock(mutex_);
    const auto found = messages_.find(id);
    return found == messages_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Message> MessageStore::thread(MailId id) const {
    const std::lock_guard lock(mutex_);
    std::vector<Message> messages;
    if (const auto found = threads_.find(id); found != threads_.end())
        for (const auto member : found->second) messages.push_back(messages_.at(member));
    return messages;
}

MailId MessageStore::thread_answered_by(const Envelope& envelope) const {
    const std::lock_guard lock(mutex_);
    const auto subject = conversation_subject(envelope.subject);
    for (const auto& reference : envelope.references) {
        const auto found = threads_by_message_id_.find(reference);
        if (found == threads_by_message_id_.end()) continue;
        const auto thread = threads_.find(found->second);
        if (thread == threads_.end()) continue;
        const auto& first = messages_.at(*thread->second.begin());
        if (conversation_subject(first.mail->envelope.subject) == subject) return found->second;
    }
    return 0;
}

std::vector<Message> MessageStore::newest(const std::function<bool(const Message&)>& fits, MailId before,
                                          std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    std::vector<Message> found;
    auto at = before == 0 ? messages_.end() : messages_.lower_bound(before);
    while (at != messages_.begin() && found.size() < limit)
        if (fits((--at)->second)) found.push_back(at->second);
    return found;
}

std::optional<Message> MessageStore::relabel(MailId id, const Labels& add, const Labels& remove) {
    const std::lock_guard lock(mutex_);
    const auto found = messages_.find(id);
    if (found == messages_.end()) return {};
    auto& message = found->second;
    Labels added, removed;
    for (const auto& label : add)
        if (!remove.contains(label) && message.labels.insert(label).second) added.insert(label);
    for (const auto& label : remove)
        if (message.labels.erase(label) != 0) removed.insert(label);
    if (!added.empty()) record(Change::label_added, message, std::move(added));
    if (!removed.empty()) record(Change::label_removed, message, std::move(removed));
    return message;
}

bool MessageStore::erase(MailId id) {
    const std::lock_guard lock(mutex_);
    if (!messages_.contains(id)) return false;
    std::erase_if(drafts_, [&](const auto& draft) { return draft.second == id; });
    remove(id);
    return true;
}

void MessageStore::drop_label(std::string_view label) {
    const std::lock_guard lock(mutex_);
    for (auto& [id, message] : messages_) {
        const auto found = message.labels.find(label);
        if (found == message.labels.end()) continue;
        message.labels.erase(found);
        record(Change::label_removed, message, {std::string(label)});
    }
}

Draft MessageStore::create_draft(MailPointer mail, MailId thread_id) {
    const std::lock_guard lock(mutex_);
    auto bytes = random_.bytes(8);
    BytesView view = bytes;
    auto id = fmt::format("r{}", static_cast<std::int64_t>(take_u64(view).value_or(0)));
    const auto& message = insert(std::move(mail), {"DRAFT"}, thread_id);
    drafts_[id] = message.id;
    return {std::move(id), message};
}

std::optional<Draft> MessageStore::draft(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = drafts_.find(id);
    if (found == drafts_.end()) return {};
    return Draft{found->first, messages_.at(found->second)};
}

std::vector<Draft> MessageStore::drafts() const {
    const std::lock_guard lock(mutex_);
    std::vector<Draft> all;
    for (const auto& [id, message_id] : drafts_) all.push_back({id, messages_.at(message_id)});
    std::ranges::sort(all, std::ranges::greater{}, [](const Draft& draft) { return draft.message.id; });
    return all;
}

std::optional<Draft> MessageStore::replace_draft(std::string_view id, MailPointer mail, MailId thread_id) {
    const std::lock_guard lock(mutex_);
    const auto found = drafts_.find(id);
    if (found == drafts_.end()) return {};
    remove(std::exchange(found->second, 0));
    const auto& message = insert(std::move(mail), {"DRAFT"}, thread_id);
    found->second = message.id;
    return Draft{found->first, message};
}

bool MessageStore::erase_draft(std::string_view id) {
    const std::lock_guard lock(mutex_);
    const auto found = drafts_.find(id);
    if (found == drafts_.end()) return false;
    remove(found->second);
    drafts_.erase(found);
    return true;
}

std::optional<Message> MessageStore::send_draft(std::string_view id, MailId seen, MailPointer mail, Labels labels) {
    const std::lock_guard lock(mutex_);
    const auto found = drafts_.find(id);
    if (found == drafts_.end() || found->second != seen) return {};
    const auto thread_id = messages_.at(seen).thread_id;
    remove(seen);
    drafts_.erase(found);
    return insert(std::move(mail), std::move(labels), thread_id);
}

std::optional<History> MessageStore::history(const HistoryWish& wish) {
    const std::lock_guard lock(mutex_);
    const auto kept_from = clock_.now() - kHistoryKept;
    for (; !history_.empty() && history_.front().at < kept_from; history_.pop_front())
        history_begins_after_ = history_.front().id;
    if (wish.after < history_begins_after_ || wish.after > history_id_) return {};
    History history{.records = {}, .id = wish.until ? wish.after : history_id_};
    for (auto at = std::ranges::upper_bound(history_, wish.after, {}, &HistoryRecord::id); at != history_.end(); ++at) {
        if (wish.until && at->at > *wish.until) break;
        history.id = std::max(history.id, at->id);
        if (history.more && !wish.until) break;
        if (history.more || (wish.fits && !wish.fits(*at))) continue;
        history.more = history.records.size() == wish.limit;
        if (!history.more) history.records.push_back(*at);
    }
    return history;
}

void MessageStore::expire_history() {
    const std::lock_guard lock(mutex_);
    history_.clear();
    history_id_ += 3 + history_id_ % 5;
    history_begins_after_ = history_id_;
}

std::uint64_t MessageStore::history_id() const {
    const std::lock_guard lock(mutex_);
    return history_id_;
}

std::size_t MessageStore::messages_total() const {
    const std::lock_guard lock(mutex_);
    return messages_.size();
}

std::size_t MessageStore::threads_total() const {
    const std::lock_guard lock(mutex_);
    return threads_.size();
}

LabelFigures MessageStore::figures(std::string_view label) const {
    const std::lock_guard lock(mutex_);
    LabelFigures figures;
    std::set<MailId> threads, unread;
    for (const auto& [id, message] : messages_) {
        if (!message.labels.contains(label)) continue;
        ++figures.messages;
        threads.insert(message.thread_id);
        if (!message.labels.contains("UNREAD")) continue;
        ++figures.messages_unread;
        unread.insert(message.thread_id);
    }
    figures.threads = static_cast<int>(threads.size());
    figures.threads_unread = static_cast<int>(unread.size());
    return figures;
}

}  // namespace inboxpro::sandbox::gmail
