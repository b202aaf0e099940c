#include "tracking/rewriting/protected_mail.h"

#include <algorithm>

#include "tracking/rewriting/edits.h"

namespace inboxpro {
namespace {

/// RFC 1847, RFC 8551, RFC 3156. Some programs send S/MIME as application/octet-stream and say it by the name only.
bool is_protection(BytesView message, const MimePart& part) {
    static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
        {"multipart", "signed"},          {"multipart", "encrypted"},         {"application", "pkcs7-mime"},
        {"application", "x-pkcs7-mime"},  {"application", "pkcs7-signature"}, {"application", "x-pkcs7-signature"},
        {"application", "pgp-encrypted"}, {"application", "pgp-signature"}};
    if (std::ranges::any_of(kTypes, [&](const auto& type) { return part.is(type.first, type.second); })) return true;
    if (part.type != "application") return false;
    const std::string name = lower_case(disposition_of(message, part).file_name);
    return name.ends_with(".p7m") || name.ends_with(".p7s");
}

/// RFC 4880 section 6.2: an armor header at the start of a line.
bool has_pgp_armor(BytesView text) {
    static constexpr std::string_view kArmor = "-----BEGIN PGP ";
    static constexpr std::string_view kKinds[] = {"MESSAGE-----", "SIGNED MESSAGE-----"};
    for (auto at = text.find(kArmor); at != BytesView::npos; at = text.find(kArmor, at + 1)) {
        const BytesView kind = text.substr(at + kArmor.size());
        const bool begins_line = at == 0 || text[at - 1] == '\n' || text[at - 1] == '>';
        if (begins_line && std::ranges::any_of(kKinds, [&](auto known) { return kind.starts_with(known); }))
            return true;
    }
    return false;
}

}  // namespace

bool is_signed_or_encrypted(BytesView message, const std::vector<MimePart>& parts) {
    return std::ranges::any_of(parts, [&](const MimePart& part) {
        if (part.in_attached_message) return false;
        if (is_protection(message, part)) return true;
        if (part.type != "text" || disposition_of(message, part).is_attachment) return false;
        const BytesView body = message.substr(part.body_begin, part.body_end - part.body_begin);
        return has_pgp_armor(part.encoding == TransferEncoding::identity ? body : decoded_body(body, part.encoding));
    });
}

}  // namespace inboxpro
