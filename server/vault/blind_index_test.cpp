#include "vault/blind_index.h"

#include <gtest/gtest.h>

#include <set>

namespace inboxpro {
namespace {

AccountId account(char letter) {
    return {RawId::from_bytes(Bytes(16, letter)).value()};
}
KeySet keys(std::map<KeyVersion, Secret> versions) {
    return KeySet{std::move(versions)};
}

TEST(BlindIndex, FindsEqualValuesOfOneAccountAndKindOnly) {
    const BlindIndex index{keys({{1, Secret{Bytes(32, '1')}}})};
    const auto hash = index.of(account('a'), "email", "ann@example.com");
    EXPECT_EQ(hash.size(), 16U);
    EXPECT_EQ(index.of(account('a'), "email", "ann@example.com"), hash);
    const std::set<Bytes> all = {hash,
                                 index.of(account('b'), "email", "ann@example.com"),
                                 index.of(account('a'), "domain", "ann@example.com"),
                                 index.of(account('a'), "email", "bob@example.com"),
                                 index.of({}, "email", "ann@example.com"),
                                 index.global("email", "ann@example.com"),
                                 index.global("domain", "ann@example.com")};
    EXPECT_EQ(all.size(), 7U);
}

TEST(BlindIndex, KeepsItsHashesWhenAKeyIsAdded) {
    const BlindIndex before{keys({{1, Secret{Bytes(32, '1')}}})};
    const BlindIndex behind{keys({{1, Secret{Bytes(32, '1')}}, {2, Secret{Bytes(32, '2')}}})};
    const BlindIndex other{keys({{1, Secret{Bytes(32, '2')}}})};
    EXPECT_EQ(before.global("session", "x"), behind.global("session", "x"));
    EXPECT_NE(before.global("session", "x"), other.global("session", "x"));
}

TEST(NormalisedAddress, IsTrimmedAndInLowerCase) {
    EXPECT_EQ(normalised_address(" Ann.B@Example.COM\r\n"), "ann.b@example.com");
    EXPECT_EQ(normalised_address("\xC3\x84nn@example.com"), "\xC3\x84nn@example.com");
    EXPECT_EQ(normalised_address(""), "");
    EXPECT_EQ(normalised_address(" \t"), "");
}

}  // namespace
}  // namespace inboxpro
