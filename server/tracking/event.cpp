#include "tracking/event.h"

namespace inboxpro {

std::string_view name_of(EventKind kind) {
    switch (kind) {
        case EventKind::open: return "open";
        case EventKind::click: return "click";
        case EventKind::reply: return "reply";
        case EventKind::bounce: return "bounce";
    }
    return "unknown";
}

std::string_view name_of(Label label) {
    switch (label) {
        case Label::human: return "human";
        case Label::proxy: return "proxy";
        case Label::prefetch: return "prefetch";
        case Label::scanner: return "scanner";
        case Label::bot: return "bot";
        case Label::self: return "self";
    }
    return "unknown";
}

}  // namespace inboxpro
