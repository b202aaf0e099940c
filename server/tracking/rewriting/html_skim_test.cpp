#include "tracking/rewriting/html_skim.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tracking/rewriting/soup_for_tests.h"

namespace inboxpro {
namespace {

using testing::mutated;
using testing::soup_of;

std::string described(const HtmlSurvey& survey) {
    std::string out;
    for (const auto& link : survey.links)
        out += fmt::format("link {}+{} {} {} {}\n", link.href.offset, link.href.length,
                           static_cast<int>(link.href.quote), link.href.text, link.shows_address);
    for (const auto& image : survey.images)
        out += fmt::format("image {}+{} {}\n", image.offset, image.length, image.source);
    return out + (survey.end_of_body ? fmt::format("end {}\n", *survey.end_of_body) : "no end\n");
}

/// Whether it could be skimmed; if so, the tree must say the same.
bool skims_like_the_tree(const std::string& html) {
    const auto skimmed = skim_html(html);
    if (!skimmed) return false;
    const auto tree = survey_tree(html);
    if (tree) EXPECT_EQ(described(*skimmed), described(*tree)) << html;
    return true;
}

std::vector<std::string> letters() {
    std::vector<std::string> letters;
    for (const auto* folder : {"/tests/data/mail", "/../shared/mail/html"}) {
        const std::filesystem::path path{std::string{INBOXPRO_SOURCE_DIR} + folder};
        if (!std::filesystem::exists(path)) continue;
        for (const auto& entry : std::filesystem::directory_iterator{path}) {
            if (entry.path().extension() != ".html") continue;
            std::ifstream file(entry.path(), std::ios::binary);
            std::ostringstream content;
            content << file.rdbuf();
            letters.push_back(std::move(content).str());
        }
    }
    std::ranges::sort(letters);
    return letters;
}

TEST(HtmlSkim, SaysOfRealLettersWhatTheTreeSays) {
    const auto all = letters();
    const auto skimmed = std::ranges::count_if(all, skims_like_the_tree);
    std::printf("%td of %zu letters skimmed\n", skimmed, all.size());
    EXPECT_GE(skimmed * 2, std::ssize(all));
}

TEST(HtmlSkim, SaysOfBrokenLettersWhatTheTreeSays) {
    const auto all = letters();
    std::mt19937_64 random(2);
    int skimmed = 0;
    for (int i = 0; i < 700 && !HasFailure(); ++i)
        skimmed += skims_like_the_tree(mutated(all[random() % all.size()], random)) ? 1 : 0;
    EXPECT_GT(skimmed, 300);
}

TEST(HtmlSkim, SaysOfAnySoupWhatTheTreeSays) {
    std::mt19937_64 random(1);
    int skimmed = 0;
    for (int i = 0; i < 10'000 && !HasFailure(); ++i) skimmed += skims_like_the_tree(soup_of(random)) ? 1 : 0;
    EXPECT_GT(skimmed, 500);
}

TEST(HtmlSkim, FollowsTablesAndLinksWhereverTheyEnd) {
    for (const char* html : {
             "<table><tr><td><a href=http://a.example>a.example</td><td>text</td></tr></table>",
             "<table><td><a href=http://a.example>one<th><a href=http://b.example>b.example</table></body>",
             "<a href=http://a.example><table><tr><td>a.example</td></tr></table></a> text",
             "<a href=http://a.example><table><tr><td><a href=http://b.example>b</a>a.example</table></a>",
             "<table><thead><tr><td></tbody></body></table></body><!-- </body> -->",
             "<table><caption><a href=http://a.example>a.example</table>text</a></html>",
             "<td><tr></table></caption><a href='http://a.example'>a.example<a href=http://b.example>b</a>c</a>",
             "<!-->text--><!--->--><!-- --!><a href=http://a.example>&nbsp;a.example</a><![endif]><?php >",
             "<style></styles><a href></style ><title>&lt;a href></TITLE>< a> <a/href=http://b.example/>",
             "<a href=http://a.example?x=1&copy=2&amp;reg=3&lt>a&shy;.example</a>",
             "<img src=\"http://i.example/&copy\"src=x>",
         })
        EXPECT_TRUE(skims_like_the_tree(html)) << html;
}

TEST(HtmlSkim, LeavesToTheTreeWhatTagsAloneDoNotTell) {
    for (const char* html : {
             "<svg><a href=http://a.example><style></svg>",
             "<select><a href=http://a.example>",
             "<template><a href=http://a.example></template>",
             "<p><a href=http://a.example><table><tr><td>a.example</table></a>",
             "<a href=http://a.example><div>a.example</a></div>",
             "<script><!--<script></script>--></script>",
             "<style>",
             "<a href=\"http://a.example",
             "text <!-- text",
             "<plaintext>",
         })
        EXPECT_FALSE(skim_html(html)) << html;
    EXPECT_FALSE(skim_html(std::string_view{"a\0b", 3}));
}

TEST(HtmlSkim, ReadsWhatIsNestedWithoutEnd) {
    std::string html;
    for (int i = 0; i < 50'000; ++i) html += "<div><table><tr><td>";
    const auto survey = skim_html(html + "<a href=http://a.example>text</a>");
    ASSERT_TRUE(survey);
    EXPECT_EQ(survey->links.size(), 1U);
}

}  // namespace
}  // namespace inboxpro
