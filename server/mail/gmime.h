#pragma once
// Only for .cpp files of this room, of tracking/rewriting and of the sandbox: GMime's objects with owners.
#include <gmime/gmime.h>

#include <memory>
#include <string>

namespace inboxpro {

struct GmimeRelease {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using GmimeObjectOf = std::unique_ptr<T, GmimeRelease>;

struct GlibFree {
    void operator()(char* text) const { g_free(text); }
};
using GlibText = std::unique_ptr<char, GlibFree>;

struct FormatRelease {
    void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};
using GmimeFormat = std::unique_ptr<GMimeFormatOptions, FormatRelease>;

/// Before any other use of GMime; from any thread, any number of times.
void start_gmime();

/// Never null.
inline std::string text_or_empty(const char* text) {
    return text != nullptr ? text : "";
}

}  // namespace inboxpro
