#pragma once
#include <span>
#include <string_view>

#include "http/server/message.h"

namespace inboxpro::sandbox::gmail {

/// A method of Gmail's discovery document (gmail.v1.json) that the sandbox serves.
struct ApiMethod {
    std::string_view id;
    http::Method verb;
    std::string_view path;    ///< As a route.
    bool takes_uploads;       ///< Also below /upload, with the mail itself as body.
    std::string_view scopes;  ///< Any one opens the method; separated by spaces, without kScopePrefix.
};

inline constexpr std::string_view kScopePrefix = "https://www.googleapis.com/auth/";
inline constexpr std::string_view kFullScope = "https://mail.google.com/";
inline constexpr std::string_view kMetadataScope = "https://www.googleapis.com/auth/gmail.metadata";

std::span<const ApiMethod> methods();
/// Throws std::logic_error for a name that the table lacks.
const ApiMethod& method_named(std::string_view id);
/// Whether a token with `scope` may call the method.
bool opens(std::string_view scope, const ApiMethod& method);

}  // namespace inboxpro::sandbox::gmail
