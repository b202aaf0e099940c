#pragma once
#include <string_view>

namespace inboxpro {

/// Of the notice that the activation page, the terms and the privacy policy are together. Changes when what they
/// promise changes: everybody is then asked again at the next sign-in. The version that a user accepted is kept with
/// the account (GDPR Article 7).
inline constexpr std::string_view kNoticeVersion = "2026-11-28";

}  // namespace inboxpro
