#pragma once
#include <gmime/gmime.h>

#include <memory>

#include "base/bytes.h"

// What the sandbox's users of GMime share.
namespace inboxpro::sandbox::gmime {

/// Once before anything else of GMime's; as often as one likes.
void start();

struct Unref {
    void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

/// Takes over a string that GLib allocated.
std::string taken(char* text);

/// Decoded; empty when it has none.
Bytes content_of(GMimePart* part);

}  // namespace inboxpro::sandbox::gmime
