#pragma once
#include "mail/structure.h"

namespace inboxpro {

/// Whether the message, or a part of it outside attached messages, is signed or encrypted (S/MIME, PGP/MIME, PGP in the
/// text): changing it would break the signature.
bool is_signed_or_encrypted(BytesView message, const std::vector<MimePart>& parts);

}  // namespace inboxpro
