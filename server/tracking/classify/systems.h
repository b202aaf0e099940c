#pragma once
#include <string_view>

namespace inboxpro {

/// The operating system that a user agent names; empty when it names none that people use. Tablets of Apple count as
/// Macs, because their browser calls itself one and their apps do not.
std::string_view operating_system_in(std::string_view user_agent);

}  // namespace inboxpro
