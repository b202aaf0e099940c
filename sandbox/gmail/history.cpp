#include <charconv>

#include "sandbox/gmail/resource.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

struct ChangeName {
    Change change;
    std::string_view type;  ///< In historyTypes.
    std::string_view list;  ///< In a History record.
};
constexpr std::array<ChangeName, 4> kChanges = {{{Change::message_added, "messageAdded", "messagesAdded"},
                                                 {Change::message_deleted, "messageDeleted", "messagesDeleted"},
                                                 {Change::label_added, "labelAdded", "labelsAdded"},
                                                 {Change::label_removed, "labelRemoved", "labelsRemoved"}}};

const ChangeName& name_of(Change change) {
    return *std::ranges::find(kChanges, change, &ChangeName::change);
}

std::expected<std::uint64_t, GoogleError> start_of(const Call& call) {
    const auto text = call.query("startHistoryId");
    std::uint64_t start = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), start);
    if (text.empty()) return refusal::invalid_argument("Missing required parameter: startHistoryId");
    if (failure != std::errc{} || end != text.data() + text.size())
        return refusal::invalid_argument("Invalid value at 'start_history_id' (TYPE_UINT64), \"" + text + "\"");
    return start;
}

json::object record_resource(const HistoryRecord& record) {
    const json::object stub{{"id", to_text(record.message_id)}, {"threadId", to_text(record.thread_id)}};
    auto message = stub;
    if (!record.labels.empty()) message["labelIds"] = to_array(record.labels);
    json::object entry{{"message", std::move(message)}};
    if (!record.changed.empty()) entry["labelIds"] = to_array(record.changed);
    return {{"id", std::to_string(record.id)},
            {"messages", json::array{stub}},
            {name_of(record.change).list, json::array{std::move(entry)}}};
}

Answer list_history(const Call& call, const Clock& clock) {
    const auto start = start_of(call);
    if (!start) return std::unexpected(start.error());
    const auto limit = page_size(call, "maxResults", 100, 500);
    if (!limit) return std::unexpected(limit.error());
    const auto after = page_start(call);
    if (!after) return std::unexpected(after.error());
    const auto types = call.queries("historyTypes");
    for (const auto& type : types)
        if (std::ranges::find(kChanges, type, &ChangeName::type) == kChanges.end())
            return refusal::invalid_argument("Invalid value at 'history_types', \"" + type + "\"");
    const auto label = call.query("labelId");

    const auto fits = [&](const HistoryRecord& record) {
        if (!types.empty() && std::ranges::find(types, name_of(record.change).type) == types.end()) return false;
        return label.empty() || record.labels.contains(label) || record.changed.contains(label);
    };

    const auto history = call.user.mailbox.history(
        {.after = std::max(*start, *after), .limit = *limit, .fits = fits, .until = shown_until(call, clock)});
    if (!history) return refusal::not_found();
    json::array entries;
    json::object answer{{"historyId", std::to_string(history->id)}};
    for (const auto& record : history->records) entries.push_back(record_resource(record));
    if (history->more) answer["nextPageToken"] = std::to_string(history->records.back().id);
    if (!entries.empty()) answer["history"] = std::move(entries);
    return answer;
}

}  // namespace

void add_history_methods(Api& api, const Clock& clock) {
    api.add("gmail.users.history.list", [&clock](const Call& call) { return list_history(call, clock); });
}

}  // namespace inboxpro::sandbox::gmail
