#include "sandbox/gmail/query.h"
#include "sandbox/gmail/resource.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

constexpr std::size_t kStandardPage = 100;
constexpr std::size_t kLargestPage = 500;

bool is_spam_or_trash(std::string_view label) {
    return label == "SPAM" || label == "TRASH";
}

struct Listing {
    std::function<bool(const Message&)> fits;
    std::size_t limit = kStandardPage;
    std::uint64_t before = 0;
};

/// What messages.list, drafts.list and threads.list understand alike.
std::expected<Listing, GoogleError> listing_of(const Call& call, const Clock& clock) {
    const auto text = call.query("q");
    if (call.metadata_only && !text.empty()) return refusal::forbidden("Metadata scope does not support 'q' parameter");
    const auto limit = page_size(call, "maxResults", kStandardPage, kLargestPage);
    if (!limit) return std::unexpected(limit.error());
    const auto before = page_start(call);
    if (!before) return std::unexpected(before.error());
    const auto labels = call.queries("labelIds");
    for (const auto& label : labels)
        if (!call.user.labels.has(label)) return refusal::invalid_argument("Invalid label: " + label);

    auto query = Query::parse(text, clock.now(), call.user.labels.names());
    const bool everything = call.query("includeSpamTrash") == "true" || query.wants_spam_and_trash() ||
                            std::ranges::any_of(labels, is_spam_or_trash);
    auto fits = [query = std::move(query), labels, everything,
                 until = shown_until(call, clock)](const Message& message) {
        if (until && message.added_at > *until) return false;
        if (!everything && std::ranges::any_of(message.labels, is_spam_or_trash)) return false;
        const auto carries = [&](const std::string& label) { return message.labels.contains(label); };
        return std::ranges::all_of(labels, carries) && query.fits(message);
    };
    return Listing{std::move(fits), *limit, *before};
}

/// The list under its name, unless it is empty, and where to go on.
json::object page_of(std::string_view name, json::array entries, bool more, std::uint64_t last) {
    json::object answer{{"resultSizeEstimate", more ? entries.size() * 2 : entries.size()}};
    if (!entries.empty()) answer[name] = std::move(entries);
    if (more) answer["nextPageToken"] = std::to_string(last);
    return answer;
}

Answer list_messages(const Call& call, const Clock& clock) {
    const auto listing = listing_of(call, clock);
    if (!listing) return std::unexpected(listing.error());
    auto messages = call.user.mailbox.newest(listing->fits, listing->before, listing->limit + 1);
    const bool more = messages.size() > listing->limit;
    if (more) messages.pop_back();
    json::array entries;
    for (const auto& message : messages) entries.push_back(stub_of(message));
    return page_of("messages", std::move(entries), more, messages.empty() ? 0 : messages.back().id);
}

Answer list_drafts(const Call& call, const Clock& clock) {
    const auto listing = listing_of(call, clock);
    if (!listing) return std::unexpected(listing.error());
    json::array entries;
    std::uint64_t last = 0;
    for (const auto& draft : call.user.mailbox.drafts()) {
        if ((listing->before != 0 && draft.message.id >= listing->before) || !listing->fits(draft.message)) continue;
        if (entries.size() == listing->limit) return page_of("drafts", std::move(entries), true, last);
        entries.push_back(json::object{{"id", draft.id}, {"message", stub_of(draft.message)}});
        last = draft.message.id;
    }
    return page_of("drafts", std::move(entries), false, last);
}

/// Threads by their newest message that fits.
Answer list_threads(const Call& call, const Clock& clock) {
    const auto listing = listing_of(call, clock);
    if (!listing) return std::unexpected(listing.error());
    std::set<MailId> seen;
    const auto leads_its_thread = [&](const Message& message) {
        return listing->fits(message) && seen.insert(message.thread_id).second &&
               (listing->before == 0 || message.id < listing->before);
    };
    auto leading = call.user.mailbox.newest(leads_its_thread, 0, listing->limit + 1);
    const bool more = leading.size() > listing->limit;
    if (more) leading.pop_back();
    json::array entries;
    for (const auto& message : leading)
        entries.push_back(json::object{{"id", to_text(message.thread_id)},
                                       {"snippet", message.mail->snippet},
                                       {"historyId", std::to_string(message.history_id)}});
    return page_of("threads", std::move(entries), more, leading.empty() ? 0 : leading.back().id);
}

Answer get_thread(const Call& call) {
    const auto id = to_mail_id(call.path_value(0));
    if (!id) return refusal::invalid_argument("Invalid id value");
    const auto format = format_of(call);
    if (!format) return std::unexpected(format.error());
    if (*format == Format::raw) return refusal::invalid_argument("Invalid value at 'format', \"raw\"");
    const auto messages = call.user.mailbox.thread(*id);
    if (messages.empty()) return refusal::not_found();
    json::array resources;
    std::uint64_t newest_change = 0;
    for (const auto& message : messages) {
        resources.push_back(resource_of(message, *format, call.queries("metadataHeaders")));
        newest_change = std::max(newest_change, message.history_id);
    }
    return json::object{
        {"id", to_text(*id)}, {"historyId", std::to_string(newest_change)}, {"messages", std::move(resources)}};
}

}  // namespace

void add_listing_methods(Api& api, const Clock& clock) {
    api.add("gmail.users.messages.list", [&clock](const Call& call) { return list_messages(call, clock); });
    api.add("gmail.users.drafts.list", [&clock](const Call& call) { return list_drafts(call, clock); });
    api.add("gmail.users.threads.list", [&clock](const Call& call) { return list_threads(call, clock); });
    api.add("gmail.users.threads.get", get_thread);
}

}  // namespace inboxpro::sandbox::gmail
