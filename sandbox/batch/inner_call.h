#pragma once
#include <expected>

#include "sandbox/google_error.h"

namespace inboxpro::sandbox {

/// The request inside a batch part, with the headers of `outer` that it does not have itself (Content-* are never
/// taken over). 400 for what is no HTTP request for a path of this host.
std::expected<http::Request, GoogleError> read_inner_call(std::string_view content, const http::Request& outer);

/// An answer as it stands in a batch part.
std::string inner_answer(const http::Response& response);

}  // namespace inboxpro::sandbox
