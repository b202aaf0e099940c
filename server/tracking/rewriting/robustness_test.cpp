#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tracking/rewriting/comparison_for_tests.h"
#include "tracking/rewriting/soup_for_tests.h"

namespace inboxpro {
namespace {

using testing::Comparison;
using testing::mutated;
using testing::RewriteSetup;
using testing::soup_of;

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
            const Bytes changed = mutated(content.str(), random);
            if (kind == ".html") check(changed, setup);
            const auto rewritten = setup.mail(changed);
            EXPECT_EQ(rewritten.tracked, rewritten.content != changed);
        }
    }
}

}  // namespace
}  // namespace inboxpro
