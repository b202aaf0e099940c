#include "sandbox/api/uploads.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/server/text.h"
#include "sandbox/api/api.h"

namespace inboxpro::sandbox {
namespace {

/// "bytes 0-99/200" as {0, 99, 200}; "bytes */200" asks how far it is: `last` and `first` are then empty.
struct Range {
    std::optional<std::uint64_t> first, last, total;
};

std::optional<Range> read_range(std::string_view text) {
    if (http::take_until(text, ' ') != "bytes") return {};
    auto span = http::take_until(text, '/');
    Range range{.first = {}, .last = {}, .total = to_number(text)};
    if (span == "*") return range;
    range.first = to_number(http::take_until(span, '-'));
    range.last = to_number(span);
    if (!range.first || !range.last || *range.last < *range.first) return {};
    return range;
}

http::Response so_far(std::size_t bytes) {
    http::Response response{.status = 308, .headers = {}, .body = {}};
    if (bytes > 0) response.headers.add("Range", fmt::format("bytes=0-{}", bytes - 1));
    return response;
}

http::Request as_multipart(const http::Request& request, const std::string& resource, const std::string& media,
                           const std::string& boundary) {
    auto whole = request;
    std::erase_if(whole.query, [](const auto& entry) { return entry.first == "uploadType"; });
    whole.query.emplace_back("uploadType", "multipart");
    whole.headers.set("Content-Type", "multipart/related; boundary=" + boundary);
    whole.body = fmt::format(
        "--{0}\r\nContent-Type: application/json\r\n\r\n{1}\r\n--{0}\r\nContent-Type: "
        "message/rfc822\r\n\r\n{2}\r\n--{0}--\r\n",
        boundary, resource.empty() ? "{}" : resource, media);
    return whole;
}

}  // namespace

bool Uploads::is_resumable(const http::Request& request) {
    return request.query_value("uploadType") == "resumable" || request.query_value("upload_id");
}

std::variant<http::Response, http::Request> Uploads::take(const http::Request& request, std::string_view method) {
    const std::lock_guard lock(mutex_);
    const auto id = request.query_value("upload_id");
    if (!id) return begin(request, method);
    const auto found = std::ranges::find(open_, *id, &Upload::id);
    if (found == open_.end() || found->method != method) return to_response(refusal::not_found().error());
    auto progress = go_on(request, *found);
    if (std::holds_alternative<http::Request>(progress)) open_.erase(found);
    return progress;
}

http::Response Uploads::begin(const http::Request& request, std::string_view method) {
    if (open_.size() == kMostOpen) open_.pop_front();
    const auto& upload = open_.emplace_back(Upload{.id = "AB" + base64url(random_.bytes(24)),
                                                   .method = std::string(method),
                                                   .resource = request.body,
                                                   .media = {}});
    http::Response response{.status = 200, .headers = {}, .body = {}};
    response.headers.add("Location", fmt::format("{}://{}{}&upload_id={}", request.secure ? "https" : "http",
                                                 request.headers.get("Host"), request.target, upload.id));
    response.headers.add("X-GUploader-UploadID", upload.id);
    return response;
}

std::variant<http::Response, http::Request> Uploads::go_on(const http::Request& request, Upload& upload) {
    const auto header = request.headers.get("Content-Range");
    if (upload.media.size() + request.body.size() > kMostBytes)
        return to_response(GoogleError{.code = 413, .reason = "uploadTooLarge", .message = "Request Entity Too Large"});
    bool complete = true;
    if (!header.empty()) {
        const auto range = read_range(header);
        if (!range || (range->first && *range->last - *range->first + 1 != request.body.size()))
            return to_response(refusal::bad_request("Invalid Content-Range").error());
        if (!range->first || *range->first != upload.media.size()) return so_far(upload.media.size());
        complete = range->total && *range->last + 1 == *range->total;
    }
    upload.media += request.body;
    if (!complete) return so_far(upload.media.size());
    return as_multipart(request, upload.resource, upload.media, "upload_" + hex(random_.bytes(16)));
}

}  // namespace inboxpro::sandbox
