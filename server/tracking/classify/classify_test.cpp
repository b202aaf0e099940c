#include "tracking/classify/classify.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "tracking/classify/agents.h"
#include "tracking/classify/facts_json.h"
#include "tracking/classify/networks.h"
#include "tracking/classify/systems.h"

namespace inboxpro {
namespace {

constexpr std::string_view kChrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36";
constexpr std::string_view kGmailProxy =
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";

Facts open_by(std::string_view user_agent) {
    return {.kind = EventKind::open, .user_agent = user_agent, .address = "192.0.2.1", .seconds_after_send = 900};
}
Facts click_by(std::string_view user_agent) {
    auto facts = open_by(user_agent);
    facts.kind = EventKind::click;
    return facts;
}
std::string label_of(const Facts& facts) {
    return std::string(name_of(classify(facts).label));
}

TEST(Classify, LabelsEveryCollectedCaseAsItsEvidenceSays) {
    std::ifstream file(INBOXPRO_SOURCE_DIR "/tests/data/classification/dev.jsonl");
    std::size_t cases = 0;
    for (std::string line; std::getline(file, line); ++cases) {
        const auto json = boost::json::parse(line);
        const auto facts = facts_from_json(json);
        ASSERT_TRUE(facts.has_value()) << line;
        const auto verdict = classify(*facts);
        EXPECT_EQ(name_of(verdict.label), std::string_view{json.at("expected").as_string()})
            << line << "\ndecided by " << verdict.rule;
    }
    EXPECT_EQ(cases, 160U);
}

TEST(Classify, KnowsMoreProvidersThanGoogleAndYahoo) {
    for (const auto* agent :
         {"hey.com/imageproxy Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like "
          "Gecko) Chrome/134.0.0.0 Safari/537.36",
          "RamblerMail/6.0 (incompatible; ImageProxy/6.0)", "Mozilla/5.0 SeznamEmailProxy/2.0.174", "FastmailUA/1.0"}) {
        EXPECT_EQ(label_of(open_by(agent)), "proxy") << agent;
        EXPECT_EQ(label_of(click_by(agent)), "bot") << "a proxy does not click: " << agent;
    }
}

TEST(Classify, TakesAppsThatShowPagesForPeople) {
    for (const auto* agent :
         {"Mozilla/5.0 (Linux; Android 8.0.0; CUBOT_P20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0 Mobile "
          "Safari/537.36",
          "Mozilla/5.0 (Linux; Android 12; SM-G975N; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
          "Chrome/90.0 "
          "Mobile Safari/537.36 NAVER(inapp; search; 1010; 11.11.3)",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Mobile/15E148 [LinkedInApp]/9.27.2173",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 "
          "Safari/537.36 Norton/116.0.0.0",
          "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)", "Opera/9.80 (Windows NT 6.1) Presto/2.12.388"})
        EXPECT_EQ(label_of(click_by(agent)), "human") << agent;
}

TEST(Classify, TakesProgramsAtTheirWord) {
    for (const auto* agent :
         {"Dart/2.19 (dart:io)", "Scrapy/2.5.0 (+https://scrapy.org)", "Ruby", "PostmanRuntime/7.29.0",
          "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Office Existence Discovery 16.0)",
          "Mozilla/5.0 (compatible; NeverHeardOf/1.0; +https://example.com/why)"})
        EXPECT_EQ(label_of(click_by(agent)), "bot") << agent;
}

TEST(Classify, JudgesByNoFolklore) {
    for (const auto* word : {"OutlookImageProxy", "AppleMailDoPre", "MicrosoftSafeLinks", "Proofpoint", "Mimecast"})
        for (const auto& agent : agent_patterns())
            EXPECT_EQ(agent.pattern.find(word), std::string_view::npos) << "named in a pattern: " << word;
}

TEST(Classify, LooksForAppleWithFullConfidenceOnlyInItsRelay) {
    auto facts = open_by("Mozilla/5.0");
    EXPECT_EQ(classify(facts).confidence, .75);
    facts.address = "172.224.226.5";
    EXPECT_EQ(classify(facts).confidence, .98);
    EXPECT_FALSE(classify(facts).human_p.has_value()) << "unknown is not zero";
    facts.user_agent = kChrome;
    EXPECT_EQ(label_of(facts), "human") << "people browse through the relay";
}

TEST(Classify, SaysThatAnOpenThroughGmailMayBeTheSenders) {
    auto facts = open_by(kGmailProxy);
    ASSERT_EQ(classify(facts).reasons.size(), 2U);
    EXPECT_NE(classify(facts).reasons[1].find("may have been you"), std::string::npos);
    facts.sender_viewing_seconds_ago = 4'000;
    EXPECT_EQ(classify(facts).reasons.size(), 1U) << "the extension would have said so";
    facts.sender_viewing_seconds_ago = 4;
    EXPECT_EQ(label_of(facts), "self");
}

TEST(Classify, IsLessSureOfAProxyThatComesAtOnce) {
    auto facts = open_by(kGmailProxy);
    EXPECT_DOUBLE_EQ(classify(facts).confidence, .80);
    facts.address = "66.249.93.84";
    EXPECT_DOUBLE_EQ(classify(facts).confidence, .95);
    EXPECT_DOUBLE_EQ(*classify(facts).human_p, .9 * .95);
    facts.seconds_after_send = 17;
    EXPECT_DOUBLE_EQ(classify(facts).confidence, .92);
}

TEST(Classify, IsSurerOfAClickThatABrowserCallsTheUsers) {
    auto facts = click_by(kChrome);
    EXPECT_DOUBLE_EQ(classify(facts).confidence, .85);
    facts.headers = {{"sec-fetch-user", "?1"}};
    EXPECT_DOUBLE_EQ(classify(facts).confidence, .925);
    facts.network_number = 16509;
    EXPECT_DOUBLE_EQ(classify(facts).confidence, .88);
}

TEST(Classify, WeighsWhatOtherEventsSayAndTellsIt) {
    auto click = click_by(kChrome);
    click.opened_before = true;
    EXPECT_DOUBLE_EQ(classify(click).confidence, .925);
    EXPECT_EQ(classify(click).reasons.back(), "The mail had been opened before.");
    click.answered_later = true;
    EXPECT_DOUBLE_EQ(classify(click).confidence, .963);
    EXPECT_EQ(classify(click).reasons.back(), "They answered the mail later.");
    click.other_system_within_30s = true;
    EXPECT_DOUBLE_EQ(classify(click).confidence, .94);
    EXPECT_EQ(classify(click).reasons.size(), 4U);
    auto proxy = open_by(kGmailProxy);
    proxy.sender_in_gmail = true;
    EXPECT_DOUBLE_EQ(classify(proxy).confidence, .68);
    EXPECT_EQ(classify(proxy).reasons.back(), "You were active in Gmail within two minutes of it.");
    proxy.user_agent = "hey.com/imageproxy";
    EXPECT_DOUBLE_EQ(classify(proxy).confidence, .80) << "no other provider fetches for who is in Gmail";
}

TEST(Classify, LetsNoSignChangeALabel) {
    for (const auto* agent : {"", "curl/8.0", "Mozilla/5.0", kChrome.data(), kGmailProxy.data()})
        for (const bool open : {true, false})
            for (unsigned signs = 0; signs < 16; ++signs) {
                auto facts = open ? open_by(agent) : click_by(agent);
                const auto plain = classify(facts);
                facts.opened_before = (signs & 1U) != 0;
                facts.answered_later = (signs & 2U) != 0;
                facts.other_system_within_30s = (signs & 4U) != 0;
                facts.sender_in_gmail = (signs & 8U) != 0;
                EXPECT_EQ(classify(facts).label, plain.label) << agent;
                EXPECT_EQ(classify(facts).rule, plain.rule) << agent;
            }
}

TEST(Classify, NeverJudgesByMicrosoftsWiderSpace) {
    auto facts = click_by(kChrome);
    facts.address = "20.72.100.79";
    facts.network_number = 8075;
    EXPECT_EQ(label_of(facts), "human");
}

TEST(Classify, GivesASecurityVendorFiveMinutes) {
    auto facts = click_by(kChrome);
    facts.address = "148.163.150.20";
    EXPECT_EQ(label_of(facts), "human") << "later it may be a person behind isolation";
    facts.seconds_after_send = 299;
    EXPECT_EQ(label_of(facts), "scanner");
}

TEST(Classify, DoesNotGuessATimeItDoesNotKnow) {
    auto facts = open_by(kChrome);
    facts.seconds_after_send = {};
    EXPECT_EQ(label_of(facts), "human");
    facts.seconds_after_send = 1.9;
    EXPECT_EQ(label_of(facts), "scanner");
}

TEST(Classify, NeverCountsRepeatsOfOneLink) {
    auto facts = click_by(kChrome);
    facts.same_link_repeats_within_2s = 9;
    EXPECT_EQ(label_of(facts), "human");
}

RC_GTEST_PROP(Classify, PutsTheSenderBeforeEverythingElse, (const std::string& agent, const std::string& address)) {
    auto facts = open_by(agent);
    facts.address = address;
    facts.method = "HEAD";
    facts.sender_session = true;
    RC_ASSERT(classify(facts).label == Label::self);
}

RC_GTEST_PROP(Classify, SaysSomethingUsableAboutAnyRequest,
              (const std::string& agent, const std::string& address, const std::string& method, bool open)) {
    auto facts = open_by(agent);
    facts.kind = open ? EventKind::open : EventKind::click;
    facts.address = address;
    facts.method = method;
    const auto verdict = classify(facts);
    RC_ASSERT(verdict.confidence >= .50 && verdict.confidence <= .99);
    RC_ASSERT(!verdict.rule.empty() && !verdict.reasons.empty() && !verdict.reasons[0].empty());
    RC_ASSERT(verdict.human_p.has_value() == (verdict.label != Label::prefetch));
}

TEST(OperatingSystems, AreReadFromTheAgentsOwnWords) {
    const auto system = [](std::string_view agent) { return std::string(operating_system_in(agent)); };
    EXPECT_EQ(system(kChrome), "Windows");
    EXPECT_EQ(system("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950)"), "Windows");
    EXPECT_EQ(system("Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15"), "iOS");
    EXPECT_EQ(system("Mozilla/5.0 (Linux; Android 12; SM-G975N) AppleWebKit/537.36"), "Android");
    EXPECT_EQ(system("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36"), "ChromeOS");
    EXPECT_EQ(system("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"), "Linux");
    EXPECT_EQ(
        system("Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15"),
        system("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/16.5 Safari/605.1.15"))
        << "a tablet calls itself a Mac";
    EXPECT_EQ(system("Thunderbird"), "");
}

TEST(Networks, AreKnownByRangeAndByNumber) {
    EXPECT_GT(networks().size(), 130U);
    EXPECT_EQ(Origin("66.249.93.84", {}).in(NetworkRole::mail_provider), "Google");
    EXPECT_EQ(Origin("::ffff:66.249.93.84", {}).in(NetworkRole::mail_provider), "Google");
    EXPECT_EQ(Origin("192.0.2.1", 15169).in(NetworkRole::mail_provider), "Google");
    EXPECT_EQ(Origin("2a01:111:f400:7c00::1", {}).in(NetworkRole::mail_filter), "Exchange Online Protection");
    EXPECT_EQ(Origin("2a01:111:f401::1", {}).in(NetworkRole::mail_filter), "");
    EXPECT_EQ(Origin("", {}).in(NetworkRole::mail_filter), "");
}

TEST(Networks, ReadWhatAnOperatorPutsInTheirPlace) {
    const auto own =
        Networks::parse("# ours\r\n\r\nmail_filter 198.51.100.0/24 Our own  filter \nhosting AS64500 Ours\n");
    ASSERT_TRUE(own);
    EXPECT_EQ(own->size(), 2U);
    EXPECT_EQ(own->of("198.51.100.255", {})[static_cast<std::size_t>(NetworkRole::mail_filter)], "Our own  filter");
    EXPECT_EQ(own->of("198.51.101.0", {})[static_cast<std::size_t>(NetworkRole::mail_filter)], "");
    EXPECT_EQ(own->of("", 64500)[static_cast<std::size_t>(NetworkRole::hosting)], "Ours");
}

/// Ranges within ranges, next to each other and up to the last address, where one line alone says who owns what.
TEST(Networks, GoByTheFirstLineThatHoldsAnAddress) {
    const std::vector<std::string> lines{"hosting 10.0.0.0/8 Wide",
                                         "hosting 10.1.0.0/16 Narrow",
                                         "mail_filter 10.1.2.0/24 Filter",
                                         "hosting 10.1.2.3/32 One",
                                         "security_vendor 10.1.0.0/17 Left",
                                         "security_vendor 10.1.128.0/17 Right",
                                         "mail_filter 10.1.2.0/23 Around",
                                         "mail_provider 0.0.0.0/0 Everybody",
                                         "hosting ffff::/16 Last",
                                         "privacy_relay 2001:db8::/32 Relay",
                                         "hosting ::/0 All"};
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    const auto all = Networks::parse(text).value();
    for (const auto* address : {"0.0.0.0",
                                "9.255.255.255",
                                "10.0.0.0",
                                "10.0.255.255",
                                "10.1.0.0",
                                "10.1.1.255",
                                "10.1.2.0",
                                "10.1.2.3",
                                "10.1.2.4",
                                "10.1.3.0",
                                "10.1.4.0",
                                "10.1.127.255",
                                "10.1.128.0",
                                "10.2.0.0",
                                "11.0.0.0",
                                "255.255.255.255",
                                "::",
                                "2001:db7:ffff::",
                                "2001:db8::1",
                                "2001:db9::",
                                "fffe::",
                                "ffff::",
                                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                "not an address",
                                ""}) {
        std::array<std::string, Networks::kRoles> expected;
        for (const auto& line : lines) {
            const auto alone = Networks::parse(line).value();
            const auto owners = alone.of(address, {});
            for (std::size_t role = 0; role < Networks::kRoles; ++role)
                if (expected[role].empty()) expected[role] = owners[role];
        }
        const auto owners = all.of(address, {});
        for (std::size_t role = 0; role < Networks::kRoles; ++role)
            EXPECT_EQ(owners[role], expected[role]) << address << ", role " << role;
    }
}

TEST(Networks, NameTheLineThatCannotBeRead) {
    const auto trouble = [](std::string_view line) {
        const auto read = Networks::parse(fmt::format("# first\n{}\n", line));
        return read ? std::string() : read.error().detail;
    };
    for (const auto* line :
         {"filter 192.0.2.0/24 X", "hosting 192.0.2.0 X", "hosting 192.0.2.1/24 X", "hosting 192.0.2.0/33 X",
          "hosting 2001:db8::/129 X", "hosting AS0 X", "hosting ASx X", "hosting 192.0.2.0/24", "hosting"})
        EXPECT_TRUE(trouble(line).starts_with("line 2: ")) << line << ": " << trouble(line);
    EXPECT_EQ(trouble("hosting ::/0 X"), "");
}

TEST(FactsJson, NamesTheFieldThatIsWrong) {
    auto json = boost::json::parse(R"({"event":"open","method":"GET","user_agent":"","ip":"","asn":null,"headers":{},
        "seconds_after_send":"soon","is_sender_ip":false,"sender_session":false,"sender_viewing_seconds_ago":null,
        "links_in_message":1,"other_links_clicked_within_2s":0,"same_link_repeats_within_2s":0,"honeypot_hit":false})");
    EXPECT_EQ(facts_from_json(json).error().field, "seconds_after_send");
    json.as_object()["seconds_after_send"] = 3;
    EXPECT_TRUE(facts_from_json(json).has_value());
    json.as_object()["answered_later"] = true;
    EXPECT_TRUE(facts_from_json(json)->answered_later);
    EXPECT_FALSE(facts_from_json(json)->opened_before) << "need not be given";
    json.as_object()["answered_later"] = "yes";
    EXPECT_EQ(facts_from_json(json).error().field, "answered_later");
    json.as_object().erase("answered_later");
    json.as_object().erase("event");
    EXPECT_EQ(facts_from_json(json).error().field, "event");
}

}  // namespace
}  // namespace inboxpro
