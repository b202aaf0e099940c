#pragma once
#include <span>
#include <string_view>

#include "http/server/message.h"

namespace inboxpro::sandbox {

/// A method of one of Google's discovery documents that the sandbox serves.
struct ApiMethod {
    std::string_view id;  ///< "gmail.users.drafts.send"
    http::Method verb;
    std::string_view path;    ///< As a route.
    bool takes_uploads;       ///< Also below /upload, with the media itself as body.
    std::string_view scopes;  ///< Any one opens the method; separated by spaces, without kScopePrefix.
    int units = 1;            ///< Quota units that a call costs.
};

inline constexpr std::string_view kScopePrefix = "https://www.googleapis.com/auth/";

/// Throws std::logic_error for a name that the table lacks.
const ApiMethod& method_named(std::span<const ApiMethod> methods, std::string_view id);
/// Whether a token with `scope` may call the method.
bool opens(std::string_view scope, const ApiMethod& method);

}  // namespace inboxpro::sandbox
