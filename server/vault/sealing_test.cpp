#include "vault/sealing.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>

#include "testing/fakes.h"

namespace inboxpro {
namespace {

RawId id_of(char letter) {
    return RawId::from_bytes(Bytes(16, letter)).value();
}

const Secret kKey{Bytes(32, 'k')};
const SealContext kPlace = {.collection = "messages", .record = id_of('r'), .account = {id_of('a')}};

TEST(Sealing, GivesBackWhatWentIn) {
    testing::SeededRandom random;
    EXPECT_TRUE(rc::check([&](const std::string& plain, KeyVersion version) {
        const Bytes sealed = seal(kKey, version, kPlace, plain, random);
        RC_ASSERT(sealed.size() == plain.size() + kSealOverhead);
        RC_ASSERT(key_version_of(sealed).value() == version);
        RC_ASSERT(open(kKey, kPlace, sealed).value() == plain);
    }));
}

TEST(Sealing, OpensInNoOtherPlace) {
    testing::SeededRandom random;
    const Bytes sealed = seal(kKey, 1, kPlace, "payload", random);
    const SealContext others[] = {
        {.collection = "events", .record = kPlace.record, .account = kPlace.account},
        {.collection = "message", .record = kPlace.record, .account = kPlace.account},
        {.collection = "", .record = kPlace.record, .account = kPlace.account},
        {.collection = kPlace.collection, .record = id_of('s'), .account = kPlace.account},
        {.collection = kPlace.collection, .record = kPlace.record, .account = {id_of('b')}},
        {.collection = kPlace.collection, .record = kPlace.account.raw, .account = {kPlace.record}},
    };
    for (const auto& other : others) EXPECT_EQ(open(kKey, other, sealed).error().kind, ErrorKind::corrupt);
    EXPECT_EQ(open(Secret{Bytes(32, 'x')}, kPlace, sealed).error().kind, ErrorKind::corrupt);
}

TEST(Sealing, IsBoundToItsKeyVersion) {
    testing::SeededRandom random;
    Bytes sealed = seal(kKey, 1, kPlace, "payload", random);
    sealed[5] = 2;
    EXPECT_EQ(key_version_of(sealed).value(), 2U);
    EXPECT_EQ(open(kKey, kPlace, sealed).error().kind, ErrorKind::corrupt);
}

TEST(Sealing, NoticesEveryFlippedBitAndEveryMissingByte) {
    testing::SeededRandom random;
    const Bytes sealed = seal(kKey, 1, kPlace, "a payload of some length", random);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        Bytes changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        const auto opened = open(kKey, kPlace, changed);
        ASSERT_FALSE(opened) << bit;
        ASSERT_EQ(opened.error().kind, ErrorKind::corrupt);
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        ASSERT_FALSE(open(kKey, kPlace, BytesView{sealed}.substr(0, size)));
}

TEST(Sealing, SaysThatFormatOrAlgorithmIsUnknown) {
    testing::SeededRandom random;
    Bytes sealed = seal(kKey, 1, kPlace, "payload", random);
    sealed[1] = 9;
    EXPECT_EQ(open(kKey, kPlace, sealed).error().detail, "A sealed record has an algorithm that is not known here.");
    sealed[0] = 9;
    EXPECT_EQ(open(kKey, kPlace, sealed).error().detail, "A sealed record has a format that is not known here.");
}

TEST(Sealing, RepeatsNoNonceInAMillionTimes) {
    constexpr std::size_t kTimes = 1'000'000;
    SystemRandom random;
    std::vector<std::array<char, 12>> nonces(kTimes);
    for (auto& nonce : nonces) {
        const Bytes sealed = seal(kKey, 1, kPlace, "", random);
        std::copy_n(sealed.begin() + 6, nonce.size(), nonce.begin());
    }
    std::ranges::sort(nonces);
    EXPECT_EQ(std::ranges::adjacent_find(nonces), nonces.end());
}

}  // namespace
}  // namespace inboxpro
