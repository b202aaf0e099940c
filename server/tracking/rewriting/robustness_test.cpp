#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tracking/rewriting/comparison_for_tests.h"

namespace inboxpro {
namespace {

using testing::Comparison;
using testing::RewriteSetup;

const std::vector<std::string> kPieces = {"<a href=\"http://a.example/\">",
                                          "<a href='http://b.example'",
                                          "<A HREF=http://c.example/?x=1&amp;y",
                                          "</a>",
                                          "<p>",
                                          "</p>",
                                          "<div>",
                                          "</div>",
                                          "<table>",
                                          "<tr>",
                                          "<td>",
                                          "</table>",
                                          "<b>",
                                          "</b>",
                                          "<i>",
                                          "<svg>",
                                          "</svg>",
                                          "<math>",
                                          "<template>",
                                          "</template>",
                                          "<select>",
                                          "</select>",
                                          "<!--",
                                          "-->",
                                          "<!",
                                          "<?",
                                          "<![CDATA[",
                                          "]]>",
                                          "<style>",
                                          "</style>",
                                          "<script>",
                                          "</script>",
                                          "<title>",
                                          "</title>",
                                          "<textarea>",
                                          "</textarea>",
                                          "<body>",
                                          "</body>",
                                          "</html>",
                                          "<head>",
                                          "<frameset>",
                                          "<",
                                          ">",
                                          "\"",
                                          "'",
                                          "=",
                                          "/",
                                          "&",
                                          "&#0;",
                                          "&#x110000;",
                                          "&lt",
                                          " href=",
                                          "href",
                                          "\r\n",
                                          "\r",
                                          "\n",
                                          "\t",
                                          "\f",
                                          std::string(1, '\0'),
                                          "\xff",
                                          "\xc3\xbc",
                                          "\xe6\xbc",
                                          "text",
                                          "<area href='http://d.example'>",
                                          "<img src='https://t.example/o/x.gif'>",
                                          "<plaintext>",
                                          "<iframe>",
                                          "<form>",
                                          "</form>",
                                          "<a",
                                          "<foreignObject>",
                                          "http://e.example",
                                          "<isindex>",
                                          "<image src=x>"};

std::string soup_of(std::mt19937_64& random) {
    std::string soup;
    for (auto count = random() % 60; count > 0; --count) soup += kPieces[random() % kPieces.size()];
    return soup;
}

constexpr int kSoups = 2000;

/// Whatever the parser makes of the HTML, only attribute values of tags change, links and pixels are whole, and
/// rewriting what was rewritten finds the links again.
void check(const std::string& html, const RewriteSetup& setup) {
    const auto rewritten = setup.html(html);
    const Comparison comparison{html, rewritten.content, setup};
    ASSERT_EQ(comparison.error(), "") << html << "\n----\n" << rewritten.content;
    ASSERT_EQ(comparison.pixels(), rewritten.pixel ? 1 : 0) << html;
    ASSERT_EQ(static_cast<int>(comparison.links().size()), rewritten.links) << html;
    // An image ends an SVG or formula that was left open, and what comes behind it is read differently.
    if (html.find("<svg>") != std::string::npos || html.find("<math>") != std::string::npos) return;
    RewriteSetup again;
    again.options.track.clicks = false;
    int own = 0;
    for (const auto& link : again.html(rewritten.content).skipped) own += link.why == "own_link" ? 1 : 0;
    ASSERT_GE(own, rewritten.links) << html << "\n----\n" << rewritten.content;
}

TEST(RewritingSoup, ChangesNothingButLinksAndAddsAPixel) {
    const RewriteSetup setup;
    std::mt19937_64 random(3);
    for (int i = 0; i < kSoups && !::testing::Test::HasFailure(); ++i) {
        std::string soup = soup_of(random);
        for (auto at = soup.find("<img src='https://t"); at != std::string::npos; at = soup.find("<img src='https://t"))
            soup.erase(at, 5);
        check(soup, setup);
    }
}

TEST(RewritingSoup, SurvivesAnyMutationOfMail) {
    const RewriteSetup setup;
    std::mt19937_64 random(5);
    for (const auto& entry : std::filesystem::directory_iterator{INBOXPRO_SOURCE_DIR "/tests/data/mail"}) {
        const auto kind = entry.path().extension();
        if (kind != ".eml" && kind != ".html") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream content;
        content << file.rdbuf();
        for (int i = 0; i < 100; ++i) {
            Bytes mutated = content.str();
            for (auto count = random() % 8 + 1; count > 0 && !mutated.empty(); --count) {
                const auto at = random() % mutated.size();
                switch (random() % 4) {
                    case 0: mutated[at] = static_cast<char>(random()); break;
                    case 1: mutated.erase(at, random() % 20); break;
                    case 2: mutated.insert(at, kPieces[random() % kPieces.size()]); break;
                    default: mutated.insert(at, mutated.substr(random() % mutated.size(), 50));
                }
            }
            if (kind == ".html") check(mutated, setup);
            const auto rewritten = setup.mail(mutated);
            EXPECT_EQ(rewritten.tracked, rewritten.content != mutated);
        }
    }
}

}  // namespace
}  // namespace inboxpro
