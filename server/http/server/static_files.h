#pragma once
#include <filesystem>

#include "http/server/message.h"

namespace inboxpro::http {

/// A handler for Router::otherwise() that serves the files below `directory`, a built single-page app with an
/// index.html. All are read now and kept in memory, so nothing outside the directory can ever be asked for; links are
/// not followed. `x.gz` beside `x` is what clients that take gzip get.
///
/// Files below assets/ have a hash in their name and are cached for ever; all others are asked for again each time
/// (ETag). GET of a path whose last segment has no dot gives index.html, so that the app can route; below /api/ and for
/// files that are not there the answer is 404 as JSON.
/// `not_found` when there is no index.html, `unavailable` when a file cannot be read.
Result<Handler> static_files(const std::filesystem::path& directory);

/// Headers for every page of ours, static or not: nothing is loaded from elsewhere, framed, or told where it came from.
void add_page_headers(Response& response);

}  // namespace inboxpro::http
