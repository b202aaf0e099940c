// Any bytes are a head, unfinished, or refused; what is accepted has a plain path.
//   cmake --preset dev -B build/fuzz -DINBOXPRO_FUZZ=ON && ninja -C build/fuzz head_fuzz
//   build/fuzz/tests/head_fuzz -max_total_time=60
#include <cstdlib>

#include "http/server/chunked.h"
#include "http/server/head.h"
#include "http/server/networks.h"

using namespace inboxpro::http;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void read_body(std::string_view bytes, const Limits& limits) {
    ChunkedBody chunks(limits, limits.body);
    std::string content;
    if (!chunks.take(bytes, content)) require(chunks.done() || !bytes.contains('\n'));
    require(content.size() <= limits.body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Limits limits;
    static const auto proxies = Networks::parse({"10.0.0.0/8"});
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    HeadEnd end(limits);
    if (end.look(bytes) || end.size() == 0) return 0;
    RequestHead head;
    if (read_head(bytes.substr(0, end.size()), head)) return 0;
    require(head.fields.size() <= limits.header_fields);
    require(!(head.chunked && head.content_length));
    origin_of(head, Origin{boost::asio::ip::make_address("10.0.0.1")}, *proxies);
    Request request;
    if (!read_target(head.target, request)) {
        require(request.path == "*" || request.path.starts_with('/'));
        require(!request.path.starts_with("//") && !(request.path + "/").contains("/../"));
        require(!request.path.contains('\0'));
    }
    if (head.chunked) read_body(bytes.substr(end.size()), limits);
    return 0;
}
