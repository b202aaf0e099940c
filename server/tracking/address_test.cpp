#include "tracking/address.h"

#include <gtest/gtest.h>

namespace inboxpro {
namespace {

TEST(KeptAddress, KeepsNoMoreThanThePolicyAllows) {
    EXPECT_EQ(kept_address(AddressPolicy::full, "203.0.113.77"), "203.0.113.77");
    EXPECT_EQ(kept_address(AddressPolicy::truncated, "203.0.113.77"), "203.0.113.0");
    EXPECT_EQ(kept_address(AddressPolicy::none, "203.0.113.77"), "");
    EXPECT_EQ(kept_address(AddressPolicy::full, "2001:db8:1:2:3::4"), "2001:db8:1:2:3::4");
    EXPECT_EQ(kept_address(AddressPolicy::truncated, "2001:db8:1:2:3::4"), "2001:db8:1::");
}

TEST(KeptAddress, SeesIpv4ThroughItsIpv6Clothes) {
    EXPECT_EQ(kept_address(AddressPolicy::truncated, "::ffff:203.0.113.77"), "203.0.113.0");
    EXPECT_EQ(kept_address(AddressPolicy::full, "::ffff:203.0.113.77"), "203.0.113.77");
}

TEST(KeptAddress, KeepsNothingThatIsNoAddress) {
    EXPECT_EQ(kept_address(AddressPolicy::full, "mail.example.com"), "");
    EXPECT_EQ(kept_address(AddressPolicy::truncated, ""), "");
}

}  // namespace
}  // namespace inboxpro
