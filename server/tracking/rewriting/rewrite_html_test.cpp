#include <gtest/gtest.h>

#include "tracking/rewriting/comparison_for_tests.h"
#include "tracking/rewriting/shown_address.h"

namespace inboxpro {
namespace {

using testing::Comparison;
using testing::RewriteSetup;

std::vector<std::string> tracked_in(std::string_view html, const RewriteSetup& setup = {}) {
    const Comparison comparison{html, setup.html(html).content, setup};
    EXPECT_EQ(comparison.error(), "") << html;
    EXPECT_EQ(comparison.pixels(), 1) << html;
    return comparison.destinations();
}

using Urls = std::vector<std::string>;

TEST(RewriteHtml, TakesEveryFormOfAnAttribute) {
    EXPECT_EQ(
        tracked_in("<a href=\"http://a.example\">x</a><A HREF='http://b.example'>x</A><a\nhref = http://c.example/>x"),
        (Urls{"http://a.example", "http://b.example", "http://c.example/"}));
    EXPECT_EQ(tracked_in("<a\r\n\r\nhref\r\n=\r\n\"\r\nhttp://a.example/\r\n b\t\r\n\"\r\n>x"),
              Urls{"http://a.example/ b"});
    EXPECT_EQ(tracked_in("<a href=&#104;ttp://a.example/?a=1&amp;b=2&copy=3&copy;>x</a>"),
              Urls{"http://a.example/?a=1&b=2&copy=3\xc2\xa9"});
    EXPECT_EQ(tracked_in("<area href='http://a.example'/><a href=http://b.example href=http://no.example>x"),
              (Urls{"http://a.example", "http://b.example"}));
    EXPECT_EQ(tracked_in("<a href=\"http://a.example/\"href='http://no.example'title>x"), Urls{"http://a.example/"});
}

TEST(RewriteHtml, LeavesWhatIsNoTag) {
    for (const std::string around :
         {"<!--?-->", "<!--[if mso]>?<![endif]-->", "<style>?</style>", "<script>?</script>", "<title>?</title>",
          "<textarea>?</textarea>", "<xmp>?</xmp>", "<p title='?'>", "<!--?", "<noframes>?</noframes>"}) {
        std::string html = around;
        html.replace(html.find('?'), 1, "<a href=\"http://a.example\">x</a>");
        EXPECT_EQ(tracked_in(html), Urls{}) << around;
    }
    EXPECT_EQ(tracked_in("<![if !mso]><a href=http://a.example>x</a><![endif]>"), Urls{"http://a.example"});
    EXPECT_EQ(tracked_in("<!--[if !mso]><!--><a href=http://a.example>x</a><!--<![endif]-->"),
              Urls{"http://a.example"});
}

TEST(RewriteHtml, CountsATagOnceHoweverOftenTheParserRepeatsIt) {
    EXPECT_EQ(
        tracked_in("<p><a href=http://a.example>one<p>two<div>three</div></a><b><a href=http://b.example>x</b>y</a>"),
        (Urls{"http://a.example", "http://b.example"}));
    EXPECT_EQ(tracked_in("<table><a href=http://a.example>x<tr><td>y</table><svg><a href=http://b.example>"),
              (Urls{"http://a.example", "http://b.example"}));
}

TEST(RewriteHtml, NumbersLinksInDocumentOrder) {
    const RewriteSetup setup;
    const std::string html =
        "<table><tr><td><a href=http://a.example>x</a></td></tr><a href=http://b.example>x</a></table>";
    const Comparison comparison{html, setup.html(html).content, setup};
    ASSERT_EQ(comparison.links().size(), 2U);
    for (std::uint16_t i = 0; i < 2; ++i) EXPECT_EQ(comparison.links()[i].link, i);
    EXPECT_EQ(comparison.links()[0].destination, "http://a.example");
    EXPECT_EQ(comparison.links()[0].account, setup.options.account);
}

TEST(RewriteHtml, SaysWhyALinkIsLeftAlone) {
    const std::pair<const char*, const char*> cases[] = {{"mailto:a@b", "mailto"},
                                                         {"TEL:1", "tel"},
                                                         {"#x", "fragment"},
                                                         {"", "empty"},
                                                         {"a.html", "relative"},
                                                         {"//a.example", "relative"},
                                                         {"ftp://a.example", "scheme"},
                                                         {"javascript:alert(1)", "scheme"},
                                                         {"http://", "no_host"},
                                                         {"{{url}}", "placeholder"},
                                                         {"http://a@b.example", "user_name"},
                                                         {"http:\\\\a.example", "backslash"},
                                                         {"https://t.example/c/notours", "own_link"}};
    for (const auto& [href, why] : cases) {
        const RewriteSetup setup;
        const std::string html = std::string{"<a href=\""} + href + " \">x</a>";
        const auto rewritten = setup.html(html);
        EXPECT_EQ(rewritten.links, 0);
        ASSERT_EQ(rewritten.skipped.size(), 1U) << href;
        EXPECT_EQ(rewritten.skipped[0].why, why) << href;
    }
    const RewriteSetup setup;
    EXPECT_EQ(setup.html("<a href='http://a.example/\x01/'>x</a>").skipped.at(0).why, "control_character");
}

TEST(RewriteHtml, LeavesLinksThatShowTheirAddressUnlessToldOtherwise) {
    const std::string html =
        "<a href='http://a.example/'> <b>https://a.example</b>/login\n</a><a href=http://b.example>b</a>";
    RewriteSetup setup;
    EXPECT_EQ(tracked_in(html, setup), Urls{"http://b.example"});
    EXPECT_EQ(setup.html(html).skipped.at(0).why, "shows_its_url");
    setup.options.leave_links_that_show_their_url = false;
    EXPECT_EQ(tracked_in(html, setup), (Urls{"http://a.example/", "http://b.example"}));
}

TEST(ShownAddress, IsAWholeAddressOrDomain) {
    for (const auto* text : {"http://a.example", "HTTPS://A.example/b?c#d", "www.a.example", "a.example", " a.co.uk/x ",
                             "\xc2\xa0m\xc3\xbcller.example", "a.example:8080/", "HTMLemail.io"})
        EXPECT_TRUE(is_shown_address(text)) << text;
    for (const auto* text : {"", "click here", "see www.a.example", "a@b.example", "5.1.10", "10.0.0.1", "Mr. Smith",
                             "http://", "wait...", "a.example b", "\xd0\xaf\xd0\xbd.\xd0\x9a\xd0\xb0"})
        EXPECT_FALSE(is_shown_address(text)) << text;
}

TEST(RewriteHtml, PutsThePixelAtTheEndOfTheBody) {
    const std::pair<const char*, const char*> cases[] = {
        {"<html><body>x|</body></html>\n", "before </body>"},
        {"x|", "at the end"},
        {"|", "empty"},
        {"<p>x</p>|  \r\n \t", "white space at the end"},
        {"<p>x</BODY >y|</body>z", "the last of two"},
        {"x|<!-- </body>", "an open comment"},
        {"<p>x</p>|<style>p{}</body>", "an open style sheet"},
        {"<p>x</p>|<textarea>y</body>", "an open text area"},
        {"x|<a href=\"http://a.example", "half a tag, in double quotes"},
        {"x|<a href='http://a.example", "half a tag, in single quotes"},
        {"x|<a href=http://a.example", "half a tag without quotes"},
        {"x|</di", "half an end tag"},
        {"x|<select><option>y", "an open list of choices"},
        {"<table><tr><td>x|", "an open table"},
        {"<body>x|</body><!-- open", "a comment behind the body"},
        {"<table><tr><td>x</body></html>|", "an end tag that does not count"},
        {"x|<template><p>y", "an open template"}};
    for (const auto& [marked, what] : cases) {
        std::string html = marked;
        const auto place = html.find('|');
        html.erase(place, 1);
        const RewriteSetup setup;
        const auto rewritten = setup.html(html);
        const Comparison comparison{html, rewritten.content, setup};
        EXPECT_EQ(comparison.error(), "") << what;
        EXPECT_EQ(comparison.pixels(), 1) << what;
        EXPECT_EQ(comparison.pixel_at(), place) << what << "\n" << rewritten.content;
    }
}

TEST(RewriteHtml, FollowsTheTwoSwitches) {
    const std::string html = "<body><a href=\"http://a.example\">x</a></body>";
    RewriteSetup setup;
    setup.options.track = {.opens = true, .clicks = false};
    EXPECT_EQ(setup.html(html).links, 0);
    EXPECT_TRUE(setup.html(html).pixel);
    setup.options.track = {.opens = false, .clicks = true};
    EXPECT_EQ(setup.html(html).links, 1);
    EXPECT_FALSE(setup.html(html).pixel);
    EXPECT_TRUE(setup.html(html).tracked);
    EXPECT_EQ(setup.html("<p>").why_not, "nothing_to_track");
    EXPECT_EQ(setup.html("<p>").content, "<p>");
    setup.options.track = {.opens = false, .clicks = false};
    EXPECT_EQ(setup.html(html).content, html);
    EXPECT_EQ(setup.html(html).why_not, "switched_off");
}

TEST(RewriteHtml, TakesQuotedLinksAndPixelsOfOursBack) {
    const RewriteSetup earlier;
    const std::string html =
        "<p><a href=\"https://a.example/?b=1&amp;c='2'\">x</a> <a href='https://d.example/\"e'>y</a> "
        "<a href=https://f.example/g>z</a></p>";
    const std::string quoted = "<blockquote>" + earlier.html(html).content + "</blockquote>";
    RewriteSetup setup;
    setup.options.message = MessageId::make(from_millis(3), setup.random);
    const std::string reply = "<div>new <a href=http://new.example>n</a></div>";
    const auto rewritten = setup.html(reply + quoted);
    EXPECT_EQ(rewritten.links, 1);
    EXPECT_EQ(rewritten.skipped.size(), 3U);
    const Comparison comparison{reply + "<blockquote>" + html + "</blockquote>", rewritten.content, setup};
    EXPECT_EQ(comparison.error(), "");
    EXPECT_EQ(comparison.pixels(), 1);
}

TEST(RewriteHtml, RemovesPixelsThatComeThroughAnImageProxy) {
    const RewriteSetup setup;
    const std::string proxied = "<img alt=\"\" src=\"https://proxy.example/x#https://t.example/o/abc.gif\">";
    const Comparison comparison{"<p>a</p>", setup.html("<p>a" + proxied + "</p>").content, setup};
    EXPECT_EQ(comparison.error(), "");
    EXPECT_EQ(tracked_in("<img src=\"https://t.example.org/o/abc.gif\"><img src=\"http://a.example/#b\">"), Urls{});
}

TEST(RewriteHtml, LeavesTooLongLinks) {
    const RewriteSetup setup;
    const auto rewritten = setup.html("<a href=\"http://a.example/" + std::string(6'000, 'x') + "\">x</a>");
    EXPECT_EQ(rewritten.skipped.at(0).why, "too_long");
}

TEST(RewriteHtml, ReachesAnEndWithHtmlMadeToBeDear) {
    const RewriteSetup setup;
    const auto repeated = [](std::string_view piece, int times) {
        std::string text;
        for (int i = 0; i < times; ++i) text += piece;
        return text;
    };
    std::string fonts;
    for (int i = 0; i < 5'000; ++i) fonts += "<font size=" + std::to_string(i) + ">";
    std::string attributes = "<a";
    for (int i = 0; i < 60'000; ++i) attributes += " x" + std::to_string(i);
    for (const std::string& html : {repeated("<div>", 100'000), fonts + repeated("<p>x", 5'000), attributes + ">"}) {
        EXPECT_TRUE(setup.html(html).pixel);
        // An SVG image keeps it from being skimmed.
        const auto rewritten = setup.html("<svg></svg>" + html);
        EXPECT_EQ(rewritten.why_not, "too_intricate");
        EXPECT_TRUE(rewritten.content == "<svg></svg>" + html);
    }
}

}  // namespace
}  // namespace inboxpro
