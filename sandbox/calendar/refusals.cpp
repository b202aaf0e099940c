#include "sandbox/calendar/refusals.h"

#include <fmt/format.h>

namespace inboxpro::sandbox::calendar {
namespace {

Refusal refuse(int code, std::string reason, std::string message, std::string domain = "global") {
    return Refusal(GoogleError{
        .code = code, .reason = std::move(reason), .message = std::move(message), .domain = std::move(domain)});
}

Refusal naming(Refusal refusal, std::string_view parameter) {
    auto error = std::move(refusal).error();
    error.location = parameter;
    error.location_type = "parameter";
    return Refusal(std::move(error));
}

}  // namespace

Refusal invalid(std::string message) {
    return refuse(400, "invalid", std::move(message));
}

Refusal required(std::string message) {
    return refuse(400, "required", std::move(message));
}

Refusal invalid_parameter(std::string_view name, std::string message) {
    return naming(refuse(400, "invalidParameter", std::move(message)), name);
}

Refusal invalid_token(std::string_view name) {
    return naming(invalid(fmt::format("Invalid value for: {}", name)), name);
}

Refusal quota_exceeded() {
    return refusal::rate_limited(403, "quotaExceeded");
}

Refusal required_parameter(std::string_view name) {
    return naming(required(fmt::format("Required parameter: {}", name)), name);
}

Refusal time_range_empty() {
    return naming(refuse(400, "timeRangeEmpty", "The specified time range is empty.", "calendar"), "timeMax");
}

Refusal time_range_too_long() {
    return naming(refuse(400, "timeRangeTooLong", "The requested time range is too long.", "calendar"), "timeMax");
}

Refusal sync_token_with_others() {
    return refuse(400, "badRequest",
                  "Sync token cannot be used with other query restrictions. See "
                  "https://developers.google.com/calendar/v3/sync for more details.");
}

Refusal full_sync_required() {
    return naming(
        refuse(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", "calendar"),
        "syncToken");
}

Refusal channel_id_not_unique(std::string_view id) {
    return refuse(400, "channelIdNotUnique", fmt::format("Channel id {} not unique", id));
}

Refusal not_https(std::string_view address) {
    return refuse(400, "push.webhookUrlNotHttps", fmt::format("WebHook callback must be HTTPS: {}", address));
}

Refusal not_found() {
    return refuse(404, "notFound", "Not Found");
}

Refusal duplicate() {
    return refuse(409, "duplicate", "The requested identifier already exists.");
}

Refusal deleted() {
    return refuse(410, "deleted", "Resource has been deleted");
}

Refusal condition_not_met() {
    auto error = refuse(412, "conditionNotMet", "Precondition Failed").error();
    error.location = "If-Match";
    return Refusal(std::move(error));
}

Refusal forbidden() {
    return refuse(403, "forbidden", "Forbidden");
}

Refusal forbidden_for_non_organizer() {
    return refuse(403, "forbiddenForNonOrganizer",
                  "Shared properties can only be changed by the organizer of the event.", "calendar");
}

Refusal writer_access_required() {
    return refuse(403, "requiredAccessLevel", "You need to have writer access to this calendar.", "calendar");
}

}  // namespace inboxpro::sandbox::calendar
