#include "vault/primitives.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "vault/keys.h"

namespace inboxpro {
namespace {

Bytes bytes(std::string_view text) {
    return from_hex(text).value();
}

struct GcmCase {
    std::string_view key, nonce, associated, plain, sealed;
};

// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 to 16, and NIST's gcmEncryptExtIV256.rsp.
constexpr GcmCase kGcmCases[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "",
     "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
     "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657b"
     "a"
     "637b391aafd255",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0ab"
     "c"
     "c9f662898015adb094dac5d93471bdec1a502270e3cc6c"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657b"
     "a"
     "637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0ab"
     "c"
     "c9f66276fc6ece0f4e1768cddf8853bb2d551b"},
    {"92e11dcdaa866f5ce790fd24501f92509aacf4cb8b1339d50c9c1240935dd08b", "ac93a1a6145299bde902f21a",
     "1e0889016f67601c8ebea4943bc23ad6", "2d71bcfa914e4ac045b2aa60955fad24",
     "8995ae2e6df3dbf96fac7b7137bae67feca5aa77d51d4a0a14d9c51e1da474ab"},
};

TEST(Gcm, KnowsTheAnswersOfItsAuthorsAndOfNist) {
    for (const auto& known : kGcmCases) {
        Bytes sealed;
        append_gcm_sealed(sealed, bytes(known.key), bytes(known.nonce), bytes(known.associated), bytes(known.plain));
        EXPECT_EQ(hex(sealed), known.sealed);
        const auto opened =
            gcm_opened(bytes(known.key), bytes(known.nonce), bytes(known.associated), bytes(known.sealed));
        EXPECT_EQ(opened, bytes(known.plain));
    }
}

struct SivCase {
    std::string_view key, associated, plain, sealed;
};

// RFC 5297 appendix A.1, and the same text under a key for AES-256 as other libraries test it.
constexpr SivCase kSivCases[] = {
    {"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
     "101112131415161718191a1b1c1d1e1f2021222324252627", "112233445566778899aabbccddee",
     "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c"},
    {"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f06f6e6d6c6b6a69686766656463626160f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff00010203040506070"
     "8090a0b0c0d0e0f",
     "101112131415161718191a1b1c1d1e1f2021222324252627", "112233445566778899aabbccddee",
     "f125274c598065cfc26b0e71575029088b035217e380cac8919ee800c126"},
};

TEST(Siv, KnowsTheAnswersOfRfc5297) {
    for (const auto& known : kSivCases) {
        Bytes sealed;
        const SivKey key{bytes(known.key)};
        key.append_sealed(sealed, bytes(known.associated), bytes(known.plain));
        EXPECT_EQ(hex(sealed), known.sealed);
        EXPECT_EQ(key.opened(bytes(known.associated), bytes(known.sealed)), bytes(known.plain));
    }
}

TEST(Siv, OpensOnlyWithItsAssociatedData) {
    EXPECT_TRUE(rc::check([](const std::string& associated, const std::string& other, const std::string& text) {
        const SivKey key{Bytes(64, 'k')};
        const Bytes plain = "." + text;
        Bytes sealed;
        key.append_sealed(sealed, associated, plain);
        RC_ASSERT(key.opened(associated, sealed) == plain);
        if (other != associated) RC_ASSERT(!key.opened(other, sealed));
    }));
}

TEST(Siv, RefusesWhatIsTooShort) {
    for (std::size_t size = 0; size <= kTagSize; ++size)
        EXPECT_FALSE(SivKey{Bytes(64, 'k')}.opened("", Bytes(size, 'x'))) << size;
}

struct HmacCase {
    Bytes key, data;
    std::string_view mac;
};

TEST(Hmac, KnowsTheAnswersOfRfc4231) {
    const HmacCase cases[] = {
        {Bytes(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {Bytes(20, '\xaa'), Bytes(50, '\xdd'), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {bytes("0102030405060708090a0b0c0d0e0f10111213141516171819"), Bytes(50, '\xcd'),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {Bytes(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {Bytes(131, '\xaa'),
         "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
         "hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (const auto& known : cases) EXPECT_EQ(hex(hmac_sha256(known.key, known.data)), known.mac);
}

TEST(DeriveKey, KnowsTheAnswersOfRfc5869) {
    const auto derived = [](const Bytes& key, const Bytes& salt, const Bytes& info, std::size_t size) {
        return hex(derive_key(Secret{key}, salt, info, size).reveal());
    };
    const auto counting = [](int from, int to) {
        Bytes out;
        for (int byte = from; byte <= to; ++byte) out.push_back(static_cast<char>(byte));
        return out;
    };
    EXPECT_EQ(derived(Bytes(22, '\x0b'), counting(0x00, 0x0c), counting(0xf0, 0xf9), 42),
              "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    EXPECT_EQ(derived(counting(0x00, 0x4f), counting(0x60, 0xaf), counting(0xb0, 0xff), 82),
              "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
              "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    EXPECT_EQ(derived(Bytes(22, '\x0b'), "", "", 42),
              "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

}  // namespace
}  // namespace inboxpro
