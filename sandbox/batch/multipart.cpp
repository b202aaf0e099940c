#include "sandbox/batch/multipart.h"

#include "http/server/text.h"
#include "sandbox/gmime.h"

namespace inboxpro::sandbox {
namespace {

std::optional<BatchPart> read_part(GMimeObject* object) {
    const auto* type = g_mime_object_get_content_type(object);
    if (!GMIME_IS_PART(object) ||
        g_mime_content_type_is_type(const_cast<GMimeContentType*>(type), "application", "http") == FALSE)
        return {};
    const char* id = g_mime_object_get_header(object, "Content-ID");
    return BatchPart{.content_id = id == nullptr ? "" : std::string(http::trimmed(id)),
                     .content = gmime::content_of(GMIME_PART(object))};
}

}  // namespace

std::optional<std::vector<BatchPart>> read_batch(std::string_view content_type, BytesView body) {
    gmime::start();
    Bytes whole = "MIME-Version: 1.0\r\nContent-Type: ";
    whole.append(content_type).append("\r\n\r\n").append(body);
    const gmime::Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(whole.data(), whole.size())};
    const gmime::Owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    const gmime::Owned<GMimeObject> root{g_mime_parser_construct_part(parser.get(), nullptr)};
    if (!root || !GMIME_IS_MULTIPART(root.get())) return {};
    auto* multipart = GMIME_MULTIPART(root.get());
    std::vector<BatchPart> parts;
    for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) {
        auto part = read_part(g_mime_multipart_get_part(multipart, i));
        if (!part) return {};
        parts.push_back(std::move(*part));
    }
    return parts;
}

Bytes compose_batch(const std::vector<BatchPart>& parts, std::string_view boundary) {
    Bytes body;
    for (const auto& part : parts) {
        body.append("--").append(boundary).append("\r\nContent-Type: application/http\r\n");
        if (!part.content_id.empty()) body.append("Content-ID: ").append(part.content_id).append("\r\n");
        body.append("\r\n").append(part.content).append("\r\n");
    }
    return body.append("--").append(boundary).append("--\r\n");
}

}  // namespace inboxpro::sandbox
