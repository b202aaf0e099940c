#include "sandbox/gmail/resource.h"

#include "http/server/text.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

constexpr std::string_view kAttachmentPrefix = "ANGjdJ";

std::string attachment_id_of(const Part& part) {
    return std::string(kAttachmentPrefix) + base64url("part " + part.id);
}

json::array header_list(const Headers& headers, const std::vector<std::string>& wanted) {
    json::array list;
    for (const auto& [name, value] : headers) {
        const auto is_it = [&, &key = name](const std::string& other) { return http::same_ignoring_case(other, key); };
        if (wanted.empty() || std::ranges::any_of(wanted, is_it))
            list.push_back(json::object{{"name", name}, {"value", value}});
    }
    return list;
}

json::object part_resource(const Part& part) {
    json::object body{{"size", part.content.size()}};
    if (part.is_attachment)
        body["attachmentId"] = attachment_id_of(part);
    else if (part.is_text)
        body["data"] = base64url(part.content);
    json::object resource{{"partId", part.id},
                          {"mimeType", part.media_type},
                          {"filename", part.file_name},
                          {"headers", header_list(part.headers, {})},
                          {"body", std::move(body)}};
    json::array children;
    for (const auto& child : part.parts) children.push_back(part_resource(child));
    if (!children.empty()) resource["parts"] = std::move(children);
    return resource;
}

}  // namespace

std::expected<Format, GoogleError> format_of(const Call& call) {
    const auto text = http::lower_case(call.query("format"));
    Format format = Format::full;
    if (text == "minimal")
        format = Format::minimal;
    else if (text == "metadata")
        format = Format::metadata;
    else if (text == "raw")
        format = Format::raw;
    else if (!text.empty() && text != "full")
        return refusal::invalid_argument("Invalid value at 'format', \"" + text + "\"");
    if (call.metadata_only && format == Format::full)
        return refusal::forbidden("Metadata scope doesn't allow format FULL");
    if (call.metadata_only && format == Format::raw)
        return refusal::forbidden("Metadata scope doesn't allow format RAW");
    return format;
}

json::array to_array(const Labels& labels) {
    json::array list;
    for (const auto& label : labels) list.emplace_back(label);
    return list;
}

json::object stub_of(const Message& message) {
    return {{"id", to_text(message.id)}, {"threadId", to_text(message.thread_id)}};
}

json::object brief_of(const Message& message) {
    auto resource = stub_of(message);
    if (!message.labels.empty()) resource["labelIds"] = to_array(message.labels);
    return resource;
}

json::object resource_of(const Message& message, Format format, const std::vector<std::string>& headers) {
    auto resource = brief_of(message);
    resource["snippet"] = message.mail->snippet;
    resource["historyId"] = std::to_string(message.history_id);
    resource["internalDate"] = std::to_string(to_millis(message.internal_date));
    resource["sizeEstimate"] = message.mail->raw.size();
    if (format == Format::raw) resource["raw"] = base64url(message.mail->raw);
    if (format == Format::full) resource["payload"] = part_resource(read_parts(message.mail->raw));
    if (format == Format::metadata) {
        json::object payload{{"mimeType", message.mail->media_type}};
        if (auto list = header_list(message.mail->envelope.headers, headers); !list.empty())
            payload["headers"] = std::move(list);
        resource["payload"] = std::move(payload);
    }
    return resource;
}

std::optional<Bytes> attachment_content(const Message& message, std::string_view attachment_id) {
    const auto root = read_parts(message.mail->raw);
    const auto* part = find_part(root, [&](const Part& candidate) {
        return candidate.is_attachment && attachment_id_of(candidate) == attachment_id;
    });
    return part == nullptr ? std::nullopt : std::optional(part->content);
}

}  // namespace inboxpro::sandbox::gmail
