#include "tracking/token.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>

#include "testing/fakes.h"
#include "tracking/destination.h"

namespace inboxpro {
namespace {

using Kind = TrackingToken::Kind;

TokenSealer sealer_from(std::uint64_t seed) {
    testing::SeededRandom random(seed);
    return TokenSealer{KeyFile::in_memory(random).keys(KeyPurpose::token)};
}

TrackingToken a_token(Kind kind, std::string destination = "https://shop.example/a?b=c&d=%20#e") {
    testing::SeededRandom random(7);
    TrackingToken token;
    token.kind = kind;
    token.account = AccountId::make(from_millis(1), random);
    token.message = MessageId::make(from_millis(2), random);
    token.recipient = 3;
    token.address_policy = AddressPolicy::none;
    if (kind == Kind::click) {
        token.link = 65'534;
        token.destination = std::move(destination);
    }
    return token;
}

TEST(TrackingToken, GivesBackWhatWasSealed) {
    const TokenSealer sealer = sealer_from(1);
    for (const auto* destination : {"https://a.example", "http://a.example/x", "HTTPS://A.example/?q=ü", "http://1/"}) {
        const TrackingToken token = a_token(Kind::click, destination);
        EXPECT_EQ(open_token(sealer, Kind::click, seal_token(sealer, token)).value(), token);
    }
    const TrackingToken open = a_token(Kind::open);
    EXPECT_EQ(open_token(sealer, Kind::open, seal_token(sealer, open)).value(), open);
}

TEST(TrackingToken, IsShort) {
    const TokenSealer sealer = sealer_from(1);
    EXPECT_LE(seal_token(sealer, a_token(Kind::open)).size(), 72U);
    EXPECT_LE(seal_token(sealer, a_token(Kind::click, "https://shop.example/")).size(), 92U);
}

TEST(TrackingToken, TellsNothingToReaders) {
    const TokenSealer sealer = sealer_from(1);
    const TrackingToken token = a_token(Kind::click);
    const std::string text = seal_token(sealer, token);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    const Bytes bytes = from_base64url(text).value();
    for (const auto clear : {token.account.view(), token.message.view(), BytesView{"shop.example"}})
        EXPECT_EQ(bytes.find(clear), Bytes::npos);
}

TEST(TrackingToken, OpensOnlyAsItsOwnKindAndUnderItsOwnKey) {
    const TokenSealer sealer = sealer_from(1);
    const std::string click = seal_token(sealer, a_token(Kind::click));
    const std::string open = seal_token(sealer, a_token(Kind::open));
    EXPECT_EQ(open_token(sealer, Kind::open, click).error().kind, ErrorKind::invalid);
    EXPECT_EQ(open_token(sealer, Kind::click, open).error().kind, ErrorKind::invalid);
    EXPECT_EQ(open_token(sealer_from(2), Kind::click, click).error().kind, ErrorKind::invalid);
}

TEST(TrackingToken, IsRefusedAfterAnyOfAHundredThousandChanges) {
    const TokenSealer sealer = sealer_from(1);
    const std::string click = seal_token(sealer, a_token(Kind::click));
    const std::string open = seal_token(sealer, a_token(Kind::open));
    std::mt19937_64 random(11);
    int accepted = 0;
    for (int i = 0; i < 100'000; ++i) {
        const Kind kind = i % 2 == 0 ? Kind::click : Kind::open;
        const std::string& good = kind == Kind::click ? click : open;
        std::string changed = good;
        for (auto flips = random() % 3 + 1; flips > 0; --flips)
            changed[random() % changed.size()] ^= static_cast<char>(1 << random() % 8);
        if (changed != good) accepted += open_token(sealer, kind, changed).has_value() ? 1 : 0;
    }
    EXPECT_EQ(accepted, 0);
}

TEST(TrackingToken, IsRefusedWhenCutOrLengthened) {
    const TokenSealer sealer = sealer_from(1);
    const std::string click = seal_token(sealer, a_token(Kind::click));
    for (std::size_t size = 0; size < click.size(); ++size)
        EXPECT_FALSE(open_token(sealer, Kind::click, click.substr(0, size)));
    EXPECT_FALSE(open_token(sealer, Kind::click, click + "A"));
    EXPECT_FALSE(open_token(sealer, Kind::click, click + click));
}

TEST(TrackingToken, WithStrangeContentIsRefusedEvenWhenSealedByUs) {
    const TokenSealer sealer = sealer_from(1);
    EXPECT_TRUE(rc::check([&](const std::string& value) {
        RC_PRE(!value.empty());
        const auto opened = open_token(sealer, Kind::click, sealer.seal("click", value));
        if (opened) RC_ASSERT(!objection_to_destination(opened->destination));
        // By chance a text may have the shape of a pixel's; then it still leads nowhere.
        const auto pixel = open_token(sealer, Kind::open, sealer.seal("open", value));
        if (pixel) RC_ASSERT(pixel->destination.empty());
    }));
}

/// What open redirects are made of: schemes that run code, disguised hosts, header and parser tricks.
std::vector<std::string> crafted_destinations() {
    std::vector<std::string> crafted;
    for (const std::string scheme :
         {"javascript:", "data:", "vbscript:", "file:", "ftp:", "blob:", "about:", "view-source:", "jar:", "ws:",
          "intent:", "tel:", "mailto:", "httpx:", "https+x:", "1http:"})
        for (const std::string rest :
             {"alert(1)", "//a.example", "//a.example/%0d%0aX:1", "text/html,<script>", "http://a.example"})
            crafted.push_back(scheme + rest);
    for (const std::string scheme : {"http:", "https:", "HTTP:", "hTTps:"}) {
        for (const std::string rest : {"",
                                       "/",
                                       "//",
                                       "///a.example",
                                       "a.example",
                                       "/a.example",
                                       "//?",
                                       "//#",
                                       "//:80",
                                       "//:80/a.example",
                                       "//good.example@evil.example",
                                       "//good.example:x@evil.example/",
                                       "//@evil.example",
                                       "//a@b@c.example",
                                       "//%40@evil.example",
                                       "\\\\evil.example",
                                       "/\\evil.example",
                                       "//good.example\\@evil.example",
                                       "//good.example\\.evil.example",
                                       "//evil.example/\\",
                                       "//good.example/?\\",
                                       "//good.example/#\\"})
            crafted.push_back(scheme + rest);
        for (char control = 1; control < 0x20; ++control)
            crafted.push_back(fmt::format("{}//good.example/a{}Set-Cookie: a=b", scheme, control));
        for (const auto& trick : {std::string{"\r\n"}, std::string{"\x7f"}, std::string(1, '\0'), std::string{"\n\n"}})
            crafted.push_back(fmt::format("{}//good.example{}.evil.example", scheme, trick));
    }
    for (const std::string start :
         {"", " ", "//", "/", "\\\\", "/\\", "?", "#", ".", "..", "@", ":", "://", "%68ttp://", "\t", "\v"})
        for (const std::string rest : {"evil.example", "evil.example/http://good.example"})
            crafted.push_back(start + rest);
    return crafted;
}

TEST(TrackingToken, LeadsNowhereWhenItsDestinationIsCrafted) {
    const TokenSealer sealer = sealer_from(1);
    const auto crafted = crafted_destinations();
    EXPECT_GE(crafted.size(), 300U);
    for (const auto& destination : crafted)
        EXPECT_FALSE(open_token(sealer, Kind::click, seal_token(sealer, a_token(Kind::click, destination))))
            << destination;
}

TEST(Destination, NamesWhyALinkIsNoDestination) {
    const std::pair<const char*, const char*> cases[] = {
        {"", "empty"},           {"#top", "fragment"},        {"{{url}}", "placeholder"},  {"*|URL|*", "placeholder"},
        {"a/b", "relative"},     {"//a.example", "relative"}, {"MAILTO:a@b", "mailto"},    {"tel:+1", "tel"},
        {"cid:part1", "scheme"}, {"http://", "no_host"},      {"http://a@b/", "user_name"}};
    for (const auto& [href, why] : cases) EXPECT_EQ(objection_to_destination(href), why) << href;
    EXPECT_EQ(objection_to_destination("https://a.example/" + std::string(6'000, 'a')), "too_long");
    EXPECT_FALSE(objection_to_destination("http://a.example/me@here?to=b@c"));
}

TEST(Destination, IsWhatABrowserWouldFollow) {
    EXPECT_EQ(followed_by_browsers(" \n\thttps://a.example/b\r\n c\td \x01"), "https://a.example/b cd");
    EXPECT_EQ(followed_by_browsers(" "), "");
}

}  // namespace
}  // namespace inboxpro
