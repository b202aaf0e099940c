#include "mail/gmime.h"

namespace inboxpro {

void start_gmime() {
    static const bool started = [] {
        g_mime_init();
        return true;
    }();
    (void)started;
}

}  // namespace inboxpro
