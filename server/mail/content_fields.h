#pragma once
#include "mail/structure.h"

namespace inboxpro {

/// What the walk over a message must know of a part besides what it reports.
struct ContentFields {
    std::string boundary;              ///< Of a multipart; empty for anything else.
    bool is_attached_message = false;  ///< Its body is a message that can be read on the spot.
};

/// Fills in what the part's Content-* fields say.
ContentFields content_fields(BytesView message, MimePart& part, bool in_digest);

}  // namespace inboxpro
