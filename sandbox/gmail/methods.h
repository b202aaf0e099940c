#pragma once
#include "sandbox/api/method.h"

namespace inboxpro::sandbox::gmail {

inline constexpr std::string_view kFullScope = "https://mail.google.com/";
inline constexpr std::string_view kMetadataScope = "https://www.googleapis.com/auth/gmail.metadata";

/// Those of gmail.v1.json that the sandbox serves.
std::span<const ApiMethod> methods();

}  // namespace inboxpro::sandbox::gmail
