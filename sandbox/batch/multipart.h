#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace inboxpro::sandbox {

struct BatchPart {
    std::string content_id;  ///< As it stands there: "<item1>"; empty without one.
    Bytes content;           ///< An HTTP message.
};

/// The parts of a multipart/mixed body; empty when it is none or a part is not application/http.
std::optional<std::vector<BatchPart>> read_batch(std::string_view content_type, BytesView body);

/// The body that holds `parts`, whose lines end in CRLF. `boundary` must not occur in them.
Bytes compose_batch(const std::vector<BatchPart>& parts, std::string_view boundary);

}  // namespace inboxpro::sandbox
