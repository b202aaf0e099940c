#include "vault/sealed_token.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>
#include <thread>

#include "testing/fakes.h"

namespace inboxpro {
namespace {

KeySet keys(std::initializer_list<std::pair<const KeyVersion, Secret>> versions) {
    return KeySet{std::map<KeyVersion, Secret>{versions}};
}

const Secret kFirst{Bytes(32, '1')};
const Secret kSecond{Bytes(32, '2')};
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(TokenSealer, GivesBackWhatWentInAsTextSafeInAUrl) {
    const TokenSealer sealer{keys({{1, kFirst}})};
    EXPECT_TRUE(rc::check([&](const std::string& text) {
        const Bytes value = "." + text;
        const auto token = sealer.seal("open", value);
        RC_ASSERT(token.find_first_not_of(kBase64Url) == token.npos);
        RC_ASSERT(sealer.open("open", token).value() == value);
        RC_ASSERT(sealer.seal("open", value) == token);
    }));
}

TEST(TokenSealer, OpensATokenForNoOtherPurpose) {
    const TokenSealer sealer{keys({{1, kFirst}})};
    const auto token = sealer.seal("open", "value");
    for (const auto* other : {"click", "ope", "openn", ""})
        EXPECT_EQ(sealer.open(other, token).error().kind, ErrorKind::invalid) << other;
}

TEST(TokenSealer, WritesWithTheNewestKeyAndReadsWithAll) {
    const TokenSealer before{keys({{1, kFirst}})};
    const TokenSealer during{keys({{1, kFirst}, {2, kSecond}})};
    const TokenSealer behind{keys({{2, kSecond}})};
    const auto old_token = before.seal("open", "value");
    const auto new_token = during.seal("open", "value");
    EXPECT_EQ(during.open("open", old_token).value(), "value");
    EXPECT_EQ(behind.open("open", new_token).value(), "value");
    EXPECT_FALSE(behind.open("open", old_token));
    EXPECT_FALSE(before.open("open", new_token));
    EXPECT_FALSE(TokenSealer{keys({{1, kSecond}})}.open("open", old_token));
}

TEST(TokenSealer, AcceptsNoneOf100000TokensWithFlippedBits) {
    const TokenSealer sealer{keys({{1, kFirst}, {2, kSecond}})};
    std::mt19937 random{1};
    const Bytes sealed = from_base64url(sealer.seal("click", "sixteen bytes ids and https://example.com/a")).value();
    int accepted = 0;
    for (int i = 0; i < 100'000; ++i) {
        Bytes changed = sealed;
        for (auto flips = 1 + random() % 3; flips > 0; --flips) {
            const auto bit = random() % (changed.size() * 8);
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        }
        if (changed != sealed) accepted += sealer.open("click", base64url(changed)).has_value();
    }
    EXPECT_EQ(accepted, 0);
}

TEST(TokenSealer, AcceptsNoChangedLetter) {
    const TokenSealer sealer{keys({{1, kFirst}})};
    const auto token = sealer.seal("click", "value");
    for (std::size_t at = 0; at < token.size(); ++at)
        for (int letter = 0; letter < 256; ++letter) {
            auto changed = token;
            changed[at] = static_cast<char>(letter);
            ASSERT_EQ(sealer.open("click", changed).has_value(), changed == token) << at << ' ' << letter;
        }
}

TEST(TokenSealer, RefusesWhatIsNoToken) {
    const TokenSealer sealer{keys({{1, kFirst}})};
    const auto token = sealer.seal("open", "value");
    for (const auto& wrong : {std::string{}, std::string{"AQAB"}, std::string{"not a token"}, token + "A", token + "=",
                              token + "==", token.substr(1), std::string(100'000, 'A')})
        EXPECT_EQ(sealer.open("open", wrong).error().kind, ErrorKind::invalid);
    EXPECT_TRUE(rc::check([&](const std::string& wrong) { RC_ASSERT(!sealer.open("open", wrong)); }));
}

TEST(TokenSealer, ServesManyThreads) {
    const TokenSealer sealer{keys({{1, kFirst}})};
    std::atomic<int> opened = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 500; ++i) {
                    const auto value = std::to_string(thread * 1000 + i);
                    opened += sealer.open("open", sealer.seal("open", value)) == value;
                }
            });
    }
    EXPECT_EQ(opened, 2000);
}

}  // namespace
}  // namespace inboxpro
