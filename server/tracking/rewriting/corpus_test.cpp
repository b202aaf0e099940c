#include <glib.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "mail/gmime.h"
#include "mail/structure.h"
#include "tracking/destination.h"
#include "tracking/rewriting/comparison_for_tests.h"

namespace inboxpro {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::Comparison;
using testing::RewriteSetup;

Bytes read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return std::move(content).str();
}

std::vector<json::object> cases_in(const fs::path& folder) {
    std::vector<json::object> cases;
    std::ifstream index(folder / "index.jsonl");
    for (std::string line; std::getline(index, line);) cases.push_back(json::parse(line).as_object());
    return cases;
}

bool holds(const json::object& object, std::string_view list, const json::value& wanted) {
    const auto* values = object.if_contains(list);
    return values != nullptr && std::ranges::find(values->as_array(), wanted) != values->as_array().end();
}

/// What the index expects of the links of one HTML text.
std::vector<std::string> expected_links(const json::object& listed, bool leaves_shown) {
    std::vector<std::string> expected;
    const auto& links = listed.at("links").as_array();
    for (std::size_t i = 0; i < links.size(); ++i) {
        const json::value number(static_cast<std::int64_t>(i));
        const bool is_left = (leaves_shown && holds(listed, "links_text_is_url", number)) ||
                             holds(listed, "links_without_host", number) || holds(listed, "links_refused", number);
        const std::string link = followed_by_browsers(links[i].as_string());
        if (!is_left && link != "http://" && link != "https://") expected.push_back(link);
    }
    return expected;
}

/// Decoded by GMime and iconv, not by what is tested.
std::string html_of(BytesView message, const MimePart& part) {
    const BytesView body = message.substr(part.body_begin, part.body_end - part.body_begin);
    const auto encoding = part.encoding == TransferEncoding::base64             ? GMIME_CONTENT_ENCODING_BASE64
                          : part.encoding == TransferEncoding::quoted_printable ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
                                                                                : GMIME_CONTENT_ENCODING_8BIT;
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    Bytes content(g_mime_encoding_outlen(&state, body.size()) + 1, '\0');
    content.resize(g_mime_encoding_flush(&state, body.data(), body.size(), content.data()));
    const bool is_wide = part.charset.starts_with("utf-16") || part.charset.starts_with("iso-2022");
    if (!is_wide) return content;
    gsize size = 0;
    const std::string charset = part.charset == "utf-16" ? "UTF-16LE" : part.charset;
    const GlibText text{g_convert(content.data(), static_cast<gssize>(content.size()), "UTF-8", charset.c_str(),
                                  nullptr, &size, nullptr)};
    return {text.get(), size};
}

std::vector<MimePart> own_html_parts(BytesView message) {
    std::vector<MimePart> own;
    for (auto& part : parts_of(message).value())
        if (part.is("text", "html") && !disposition_of(message, part).is_attachment && !part.in_attached_message &&
            message.substr(part.body_begin, part.body_end - part.body_begin).find_first_not_of("\r\n ") != Bytes::npos)
            own.push_back(part);
    return own;
}

/// The message without the HTML that may change.
Bytes frame_of(BytesView message, const std::vector<MimePart>& without) {
    Bytes frame;
    std::size_t copied = 0;
    for (const auto& part : without) {
        frame.append(message.substr(copied, part.body_begin - copied)).append("[html]");
        copied = part.body_end;
    }
    return frame.append(message.substr(copied));
}

/// One folder of mail with an index: written for this project, or real mail shared beside it.
class Corpus : public ::testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        folder_ = fs::path{INBOXPRO_SOURCE_DIR} / GetParam();
        if (!fs::exists(folder_ / "index.jsonl")) GTEST_SKIP() << "no mail in " << GetParam();
    }

    void check_html(const json::object& listed, const RewriteSetup& setup) {
        const Bytes before = read_file(folder_ / listed.at("file").as_string().c_str());
        const auto rewritten = setup.html(before);
        const Comparison comparison{before, rewritten.content, setup};
        EXPECT_EQ(comparison.error(), "");
        EXPECT_EQ(comparison.pixels(), 1);
        EXPECT_EQ(comparison.destinations(), expected_links(listed, setup.options.leave_links_that_show_their_url));
        EXPECT_EQ(rewritten.links, static_cast<int>(comparison.links().size()));
        EXPECT_TRUE(rewritten.pixel && rewritten.tracked);
        ++html_checked_;
    }

    void check_mail(const json::object& listed, const RewriteSetup& setup) {
        const Bytes before = read_file(folder_ / listed.at("file").as_string().c_str());
        const auto rewritten = setup.mail(before);
        const auto parts = own_html_parts(before);
        EXPECT_TRUE(read_head(before));
        ++mails_checked_;
        if (holds(listed, "features", "do-not-rewrite:signed-or-encrypted") || parts.empty()) {
            EXPECT_EQ(rewritten.content, before);
            EXPECT_FALSE(rewritten.tracked);
            EXPECT_EQ(rewritten.why_not,
                      parts.empty() && rewritten.why_not != "signed_or_encrypted" ? "no_html" : "signed_or_encrypted");
            return;
        }
        const auto after_parts = own_html_parts(rewritten.content);
        ASSERT_EQ(after_parts.size(), parts.size());
        check_frame(before, rewritten.content, parts, after_parts);
        check_parts(before, rewritten, parts, after_parts, listed, setup);
    }

    /// Every byte outside the HTML is the same, but for the transfer encoding of a part whose lines grew too long.
    void check_frame(BytesView before, BytesView after, const std::vector<MimePart>& parts,
                     const std::vector<MimePart>& after_parts) {
        const bool encodes_anew = !std::ranges::equal(parts, after_parts, {}, &MimePart::encoding, &MimePart::encoding);
        if (!encodes_anew) {
            EXPECT_EQ(frame_of(before, parts), frame_of(after, after_parts));
            return;
        }
        ++encoded_anew_;
        for (std::size_t line = 0; line < after.size();) {
            const auto end = std::min(after.find('\n', line), after.size());
            EXPECT_LE(end - line, 999U);
            line = end + 1;
        }
    }

    void check_parts(BytesView before, const Rewritten& rewritten, const std::vector<MimePart>& parts,
                     const std::vector<MimePart>& after_parts, const json::object& listed, const RewriteSetup& setup) {
        std::vector<const json::object*> expected;
        static const json::value kNone = json::array{};
        const auto* listed_parts = listed.if_contains("html_parts");
        for (const auto& part : (listed_parts == nullptr ? kNone : *listed_parts).as_array())
            if (!part.at("in_attached_message").as_bool()) expected.push_back(&part.as_object());
        ASSERT_EQ(expected.size(), parts.size());
        std::uint16_t number = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const Comparison comparison{html_of(before, parts[i]), html_of(rewritten.content, after_parts[i]), setup};
            EXPECT_EQ(comparison.error(), "");
            EXPECT_EQ(comparison.pixels(), i + 1 == parts.size() ? 1 : 0);
            EXPECT_EQ(comparison.destinations(),
                      expected_links(*expected[i], setup.options.leave_links_that_show_their_url));
            for (const auto& link : comparison.links()) EXPECT_EQ(link.link, number++);
        }
        EXPECT_EQ(rewritten.links, number);
        EXPECT_TRUE(rewritten.pixel && rewritten.tracked);
        html_checked_ += static_cast<int>(parts.size());
    }

    fs::path folder_;
    int html_checked_ = 0, mails_checked_ = 0, encoded_anew_ = 0;
};

TEST_P(Corpus, IsRewrittenInItsLinksAndNowhereElse) {
    for (const bool leaves_shown : {true, false}) {
        RewriteSetup setup;
        setup.options.leave_links_that_show_their_url = leaves_shown;
        for (const auto& listed : cases_in(folder_)) {
            SCOPED_TRACE(listed.at("file").as_string().c_str());
            if (listed.at("kind") == "html")
                check_html(listed, setup);
            else
                check_mail(listed, setup);
        }
    }
    std::printf("%s: %d HTML texts and %d mails compared, %d parts encoded anew\n", GetParam().c_str(),
                html_checked_ / 2, mails_checked_ / 2, encoded_anew_ / 2);
    EXPECT_GT(html_checked_, 0);
    EXPECT_GT(mails_checked_, 0);
}

std::string unescaped(std::string text) {
    for (const auto& [reference, character] :
         {std::pair{"&#32;", " "}, {"&#34;", "\""}, {"&#39;", "'"}, {"&#60;", "<"}, {"&#62;", ">"}, {"&amp;", "&"}})
        for (auto at = text.find(reference); at != std::string::npos; at = text.find(reference, at + 1))
            text.replace(at, std::strlen(reference), character);
    return text;
}

/// What a reply would quote: taking our links and our pixel back gives the text that was sent.
TEST_P(Corpus, IsWhatItWasAfterTheLinksAreTakenBack) {
    const RewriteSetup first;
    RewriteSetup second;
    second.options.message = MessageId::make(from_millis(9), second.random);
    second.options.track.clicks = false;
    for (const auto& listed : cases_in(folder_)) {
        if (listed.at("kind") != "html") continue;
        SCOPED_TRACE(listed.at("file").as_string().c_str());
        const Bytes tracked = first.html(read_file(folder_ / listed.at("file").as_string().c_str())).content;
        Bytes restored = second.html(tracked).content;
        const auto pixel = restored.find("<img src=\"" + second.options.origin + "/o/");
        ASSERT_NE(pixel, Bytes::npos);
        restored.erase(pixel, restored.find('>', pixel) + 1 - pixel);
        const Comparison comparison{restored, tracked, first};
        EXPECT_EQ(comparison.error(), "");
        for (std::size_t i = 0; i < comparison.links().size(); ++i)
            EXPECT_EQ(unescaped(comparison.replaced()[i]), comparison.destinations()[i]);
    }
}

INSTANTIATE_TEST_SUITE_P(OfTheProject, Corpus, ::testing::Values("tests/data/mail"));
INSTANTIATE_TEST_SUITE_P(Shared, Corpus, ::testing::Values("../shared/mail"));

}  // namespace
}  // namespace inboxpro
