#include <algorithm>

#include "http/server/text.h"
#include "sandbox/gmail/api.h"
#include "sandbox/gmail/header.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;
template <class T>
using Read = std::expected<T, GoogleError>;

/// What a request carries: the resource as JSON, and the mail itself when it was uploaded.
struct Upload {
    json::object resource;
    std::optional<Bytes> media;
};

Read<json::object> read_resource(std::string_view text) {
    auto object = read_object(text);
    if (!object) return refusal::bad_request("Invalid JSON payload received.");
    return std::move(*object);
}

/// The parameter "boundary" of a content type.
std::string boundary_of(std::string_view content_type) {
    http::take_until(content_type, ';');
    while (!content_type.empty()) {
        auto value = http::take_until(content_type, ';');
        if (!http::same_ignoring_case(http::trimmed(http::take_until(value, '=')), "boundary")) continue;
        value = http::trimmed(value);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        return std::string(value);
    }
    return {};
}

/// The parts between the boundary lines, byte for byte.
std::vector<std::string_view> split_multipart(std::string_view body, const std::string& boundary) {
    const auto delimiter = "--" + boundary;
    std::vector<std::string_view> parts;
    auto at = body.starts_with(delimiter) ? 0 : body.find("\n" + delimiter);
    while (at != std::string_view::npos) {
        const auto begin = body.find('\n', body.find(delimiter, at));
        at = begin == std::string_view::npos ? begin : body.find("\n" + delimiter, begin);
        if (at == std::string_view::npos) break;
        auto part = body.substr(begin + 1, at - begin - 1);
        if (part.ends_with('\r')) part.remove_suffix(1);
        parts.push_back(part);
    }
    return parts;
}

std::string_view content_of(std::string_view part) {
    auto rest = split_header(part).rest;
    if (rest.starts_with('\r')) rest.remove_prefix(1);
    if (rest.starts_with('\n')) rest.remove_prefix(1);
    return rest;
}

Read<Upload> read_upload(const http::Request& request) {
    Upload upload;
    if (!request.path.starts_with("/upload/")) {
        auto resource = read_resource(request.body);
        if (!resource) return std::unexpected(std::move(resource).error());
        upload.resource = std::move(*resource);
        return upload;
    }
    const auto kind = request.query_value("uploadType").value_or("media");
    if (kind == "media") {
        upload.media = request.body;
        return upload;
    }
    if (kind != "multipart") return refusal::bad_request("Unknown uploadType.");
    const auto boundary = boundary_of(request.headers.get("Content-Type"));
    const auto parts = split_multipart(request.body, boundary);
    if (boundary.empty() || parts.size() != 2) return refusal::bad_request("Malformed multipart body.");
    auto resource = read_resource(content_of(parts[0]));
    if (!resource) return std::unexpected(std::move(resource).error());
    upload.resource = std::move(*resource);
    upload.media = Bytes(content_of(parts[1]));
    return upload;
}

/// Google takes both alphabets, with or without padding.
std::optional<Bytes> decode_raw(std::string text) {
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    auto bytes = from_base64url(text);
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

Read<Submission> read_message(const json::object& message, std::optional<Bytes> media) {
    const auto labels = texts_in(message, "labelIds");
    Submission submission{
        .raw = {}, .thread_id = text_in(message, "threadId"), .labels = {labels.begin(), labels.end()}};
    if (media) {
        submission.raw = std::move(*media);
    } else {
        auto raw = decode_raw(text_in(message, "raw"));
        if (!raw) return refusal::invalid_argument("Invalid value at 'raw' (TYPE_BYTES), Base64 decoding failed");
        submission.raw = std::move(*raw);
    }
    if (submission.raw.empty())
        return refusal::invalid_argument(
            "'raw' RFC822 payload message string or uploading message via /upload/* URL required");
    if (submission.raw.size() > PostOffice::kMaxBytes)
        return std::unexpected(
            GoogleError{.code = 413, .reason = "uploadTooLarge", .message = "Request Entity Too Large"});
    return submission;
}

}  // namespace

Read<Submission> read_message_submission(const http::Request& request) {
    auto upload = read_upload(request);
    if (!upload) return std::unexpected(std::move(upload).error());
    return read_message(upload->resource, std::move(upload->media));
}

Read<SubmittedDraft> read_draft_submission(const http::Request& request) {
    auto upload = read_upload(request);
    if (!upload) return std::unexpected(std::move(upload).error());
    SubmittedDraft draft{.id = text_in(upload->resource, "id"), .message = {}};
    const auto* message = object_in(upload->resource, "message");
    if (message == nullptr && !upload->media) return draft;
    auto submission = read_message(message == nullptr ? json::object{} : *message, std::move(upload->media));
    if (!submission) return std::unexpected(std::move(submission).error());
    draft.message = std::move(*submission);
    return draft;
}

}  // namespace inboxpro::sandbox::gmail
