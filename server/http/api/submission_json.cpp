#include "http/api/submission_json.h"

#include <fmt/format.h>

namespace inboxpro::http {
namespace {

constexpr std::size_t kMostAttachments = 100;
constexpr std::size_t kLongestAddress = 1'000;
constexpr std::size_t kLongestSubject = 2'000;

Result<std::vector<Mailbox>> mailboxes(const JsonInput& input, std::string_view name) {
    std::vector<Mailbox> parsed;
    for (const auto& text : TRY(input.texts(name, kMostRecipients))) {
        auto mailbox = parse_mailbox(text);
        if (!mailbox)
            return fail_field(std::string(name), fmt::format("{} holds something that is no mail address", name));
        parsed.push_back(std::move(*mailbox));
    }
    return parsed;
}

Result<std::vector<Attachment>> attachments(const JsonInput& input) {
    std::vector<Attachment> parsed;
    for (const auto& object : TRY(input.objects("attachments", kMostAttachments))) {
        const JsonInput item(object, "attachments.");
        TRY(item.only({"file_name", "media_type", "content"}));
        auto content = from_base64(TRY(item.needed_text("content", kLargestMailBody)));
        if (!content) return fail_field("attachments.content", "an attachment's content must be base64");
        parsed.push_back({.file_name = TRY(item.needed_text("file_name", kLongestAddress)),
                          .media_type = TRY(item.text("media_type", kLongestAddress)),
                          .content = std::move(*content)});
    }
    return parsed;
}

Result<void> refuse_what_waits_for_later(const JsonInput& input) {
    if (input.has("individual") && TRY(input.truth("individual", false)))
        return fail_field("individual", "individual copies are not offered yet; send one mail to each person");
    for (const auto* name : {"follow_ups", "template_id", "fields"})
        if (input.has(name)) return fail_field(name, fmt::format("{} is not offered yet", name));
    return {};
}

}  // namespace

Result<TrackSwitches> track_switches(const JsonInput& input) {
    const auto object = TRY(input.object("track"));
    const JsonInput switches(object, "track.");
    TRY(switches.only({"opens", "clicks"}));
    return TrackSwitches{.opens = TRY(switches.truth("opens", true)), .clicks = TRY(switches.truth("clicks", true))};
}

Result<Timing> timing_from(const JsonInput& input, const Zones& zones) {
    Timing timing;
    timing.in_hours = TRY(input.truth("in_hours", false));
    timing.undo = std::chrono::seconds{TRY(input.number("undo_seconds", 0, kUndoTimes.longest.count())).value_or(0)};
    const auto when = TRY(input.text("send_at", 64));
    const auto zone = TRY(input.text("time_zone", 64));
    if (when.empty() && !zone.empty()) return fail_field("send_at", "time_zone stands only beside send_at");
    if (when.empty()) return timing;
    if (const auto reading = reading_from(when)) {
        if (zone.empty()) return fail_field("time_zone", "a time without an offset needs a time_zone");
        timing.wall = WallTime{.reading = *reading, .zone = zone};
        return timing;
    }
    timing.at = from_rfc3339(when);
    if (!timing.at)
        return fail_field("send_at",
                          "send_at must be a time such as 2026-12-01T09:00:00Z, or 2026-12-01T09:00 beside "
                          "a time_zone");
    if (zone.empty()) return timing;
    auto shown = TRY(zones.shown_at(*timing.at, zone));
    // In an hour that occurs twice the second time is an instant only, and so is a time with fractions of a second.
    if (TRY(zones.instant_of(shown)) == *timing.at) timing.wall = std::move(shown);
    return timing;
}

Result<Submission> submission_from(const boost::json::object& body, const Zones& zones) {
    const JsonInput input(body);
    TRY(refuse_what_waits_for_later(input));
    TRY(input.only({"from", "to", "cc", "bcc", "subject", "html", "text", "attachments", "raw", "thread_id", "track",
                    "individual", "send_at", "time_zone", "in_hours", "undo_seconds"}));
    Submission submission;
    submission.track = TRY(track_switches(input));
    submission.timing = TRY(timing_from(input, zones));
    submission.thread_id = TRY(input.text("thread_id", 64));
    if (input.has("raw")) {
        for (const auto* name : {"from", "to", "cc", "bcc", "subject", "html", "text", "attachments"})
            if (input.has(name)) return fail_field(name, fmt::format("{} cannot stand beside raw", name));
        auto raw = from_base64url(TRY(input.needed_text("raw", kLargestMailBody)));
        if (!raw) return fail_field("raw", "raw must be a whole mail in base64url");
        submission.raw = std::move(*raw);
        return submission;
    }
    submission.from = TRY(input.text("from", kLongestAddress));
    submission.mail.to = TRY(mailboxes(input, "to"));
    submission.mail.cc = TRY(mailboxes(input, "cc"));
    submission.mail.bcc = TRY(mailboxes(input, "bcc"));
    submission.mail.subject = TRY(input.text("subject", kLongestSubject));
    submission.mail.html = TRY(input.text("html", kLargestMailBody));
    submission.mail.text = TRY(input.text("text", kLargestMailBody));
    submission.mail.attachments = TRY(attachments(input));
    return submission;
}

}  // namespace inboxpro::http
