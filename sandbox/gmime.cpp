#include "sandbox/gmime.h"

#include <mutex>

namespace inboxpro::sandbox::gmime {

void start() {
    static std::once_flag once;
    std::call_once(once, g_mime_init);
}

std::string taken(char* text) {
    std::string copy(text == nullptr ? "" : text);
    g_free(text);
    return copy;
}

Bytes content_of(GMimePart* part) {
    auto* content = g_mime_part_get_content(part);
    if (content == nullptr) return {};
    const Owned<GMimeStream> stream{g_mime_stream_mem_new()};
    g_mime_data_wrapper_write_to_stream(content, stream.get());
    const auto* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char*>(array->data), array->len};
}

}  // namespace inboxpro::sandbox::gmime
