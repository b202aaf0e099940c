#include "base/error.h"

namespace inboxpro {

std::string_view name_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found: return "not_found";
        case ErrorKind::conflict: return "conflict";
        case ErrorKind::invalid: return "invalid";
        case ErrorKind::denied: return "denied";
        case ErrorKind::rate_limited: return "rate_limited";
        case ErrorKind::unavailable: return "unavailable";
        case ErrorKind::corrupt: return "corrupt";
    }
    return "unknown";
}

}  // namespace inboxpro
