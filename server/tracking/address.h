#pragma once
#include <string>
#include <string_view>

#include "tracking/token.h"

namespace inboxpro {

/// What may be kept of a requester's address: all of it, its network (IPv4 /24, IPv6 /48, written as the network's
/// first address), or nothing. An IPv4 address in IPv6 clothes counts as IPv4. What is no address gives nothing.
std::string kept_address(AddressPolicy policy, std::string_view address);

}  // namespace inboxpro
