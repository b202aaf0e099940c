#include "sandbox/calendar/conference.h"

#include <fmt/format.h>

#include "sandbox/calendar/refusals.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

constexpr std::string_view kMeet = "hangoutsMeet";

json::object request_data(const std::string& request_id, std::string_view status) {
    return {
        {"requestId", request_id}, {"conferenceSolutionKey", {{"type", kMeet}}}, {"status", {{"statusCode", status}}}};
}

std::expected<std::optional<Conference>, GoogleError> requested(const std::optional<Conference>& present,
                                                                const json::object& request) {
    const auto id = text_in(request, "requestId");
    const auto* key = object_in(request, "conferenceSolutionKey");
    if (id.empty()) return invalid("Invalid conference request: requestId is missing.");
    if (present && present->request_id == id) return present;
    if (key != nullptr && text_in(*key, "type") != kMeet) return invalid("Invalid conference type value.");
    return Conference{.request_id = id, .pending = true, .data = {{"createRequest", request_data(id, "pending")}}};
}

}  // namespace

std::expected<std::optional<Conference>, GoogleError> next_conference(const std::optional<Conference>& present,
                                                                      const json::object& body, bool replaces) {
    const auto* given = body.if_contains("conferenceData");
    if (given == nullptr) return replaces ? std::nullopt : present;
    if (given->is_null()) return std::nullopt;
    const auto* data = given->if_object();
    if (data == nullptr) return invalid("Invalid conference data.");
    if (const auto* request = object_in(*data, "createRequest")) return requested(present, *request);
    const auto* entries = data->if_contains("entryPoints");
    const bool is_whole = entries != nullptr && entries->is_array() && !entries->get_array().empty() &&
                          entries->get_array().front().is_object() && object_in(*data, "conferenceSolution") != nullptr;
    if (!is_whole) return invalid("Invalid conference data.");
    return Conference{.data = *data};
}

Conference finished(const Conference& pending, const std::function<std::string(std::size_t)>& letters) {
    const auto code = fmt::format("{}-{}-{}", letters(3), letters(4), letters(3));
    json::array entries{json::object{
        {"entryPointType", "video"}, {"uri", "https://meet.google.com/" + code}, {"label", "meet.google.com/" + code}}};
    return {.request_id = pending.request_id,
            .pending = false,
            .data = {{"createRequest", request_data(pending.request_id, "success")},
                     {"entryPoints", std::move(entries)},
                     {"conferenceSolution", {{"key", {{"type", kMeet}}}, {"name", "Google Meet"}}},
                     {"conferenceId", code}}};
}

}  // namespace inboxpro::sandbox::calendar
