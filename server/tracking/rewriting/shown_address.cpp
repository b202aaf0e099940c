#include "tracking/rewriting/shown_address.h"

#include <re2/re2.h>

namespace inboxpro {

bool is_shown_address(std::string_view visible_text) {
    static const re2::RE2 address{
        R"((?i)[\s\pZ\p{Cf}]*)"
        R"((?:https?://[^\s\pZ]+|(?:[\pL\pN_-]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)(?::\d+)?(?:[/?#][^\s\pZ]*)?))"
        R"([\s\pZ\p{Cf}]*)"};
    return re2::RE2::FullMatch({visible_text.data(), visible_text.size()}, address);
}

}  // namespace inboxpro
