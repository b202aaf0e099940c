#include "mail/inspect/inspect.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace inboxpro {
namespace {

const std::filesystem::path kCorpus = INBOXPRO_SOURCE_DIR "/../shared/mail";

Bytes content_of(const std::filesystem::path& path) {
    std::stringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

TEST(Inspect, TellsEveryMailOfTheCorpusForWhatItIs) {
    if (!std::filesystem::exists(kCorpus)) GTEST_SKIP() << "the corpus of mail is not here";
    std::ifstream index(kCorpus / "index.jsonl");
    int told = 0;
    for (std::string line; std::getline(index, line);) {
        const auto entry = boost::json::parse(line).as_object();
        const auto* expect = entry.if_contains("expect");
        if (expect == nullptr || !expect->is_string()) continue;
        const std::string file(entry.at("file").as_string());
        const auto inspection = inspect_mail(content_of(kCorpus / file));
        ASSERT_TRUE(inspection) << file;
        EXPECT_EQ(name_of(inspection->kind), std::string_view(expect->as_string()))
            << file << ", decided by " << inspection->rule;
        const auto* detail = entry.if_contains("detail");
        const bool reports = inspection->kind == MailKind::bounce || inspection->kind == MailKind::receipt;
        if (reports && detail != nullptr && detail->is_string())
            EXPECT_EQ(inspection->detail, std::string_view(detail->as_string())) << file;
        ++told;
    }
    EXPECT_EQ(told, 198);
}

std::string kind_of(const HeaderList& headers) {
    return std::string(name_of(inspect_header(headers).kind));
}

// Written for these tests: of each the header, which is all that Gmail shows to who may not read mail.
TEST(InspectHeader, KnowsReportsOfMailSystems) {
    const HeaderList gmail{{"From", "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"},
                           {"Subject", "Delivery Status Notification (Failure)"},
                           {"X-Failed-Recipients", "ben@example.org, Cy@example.net"},
                           {"In-Reply-To", "<one@mail.gmail.com>"},
                           {"References", "<none@example.org> <one@mail.gmail.com>"}};
    const auto bounce = inspect_header(gmail);
    EXPECT_EQ(bounce.kind, MailKind::bounce);
    EXPECT_EQ(bounce.detail, "failed");
    ASSERT_EQ(bounce.addresses.size(), 2U);
    EXPECT_EQ(bounce.addresses[0].address, "ben@example.org");
    EXPECT_EQ(bounce.addresses[1].address, "cy@example.net");
    EXPECT_EQ(bounce.answers, (std::vector<std::string>{"<one@mail.gmail.com>", "<none@example.org>"}));
    EXPECT_EQ(inspect_header({{"From", "MAILER-DAEMON@mx.example.org (Mail Delivery System)"},
                              {"Content-Type", "multipart/report; report-type=delivery-status"},
                              {"Subject", "Delayed Mail (still being retried)"}})
                  .detail,
              "delayed");
    EXPECT_EQ(kind_of({{"From", "postmaster@example.org"},
                       {"Return-Path", "<>"},
                       {"Subject", "=?utf-8?q?Unzustellbar:_Angebot?="}}),
              "bounce");
    EXPECT_EQ(kind_of({{"From", "MAILER-DAEMON@mx.example.org"},
                       {"Content-Type", "multipart/report; report-type=delivery-status"},
                       {"Subject", "Successful Mail Delivery Report"}}),
              "receipt");
}

TEST(InspectHeader, TakesNoSuccessForABounce) {
    const auto titled = [](std::string_view subject) {
        return kind_of({{"From", "Mail Delivery System <MAILER-DAEMON@mx.example.org>"},
                        {"Return-Path", "<>"},
                        {"Content-Type", "multipart/report; report-type=delivery-status"},
                        {"Subject", std::string(subject)}});
    };
    for (const auto* subject : {"Delivery Status Notification", "Mail Delivery Status Report",
                                "Successful Mail Delivery Report", "Delivered: Offer"})
        EXPECT_EQ(titled(subject), "receipt") << subject;
    for (const auto* subject :
         {"Delivery Status Notification (Failure)", "Delivery report", "NOTICE: mail delivery status."})
        EXPECT_EQ(titled(subject), "bounce") << subject;
}

TEST(InspectHeader, TellsAnswersOfProgramsFromPeoples) {
    const auto from_ben = [](HeaderList more) {
        more.insert(more.end(), {{"From", "Ben <ben@example.org>"}, {"In-Reply-To", "<one@mail.gmail.com>"}});
        return kind_of(more);
    };
    EXPECT_EQ(from_ben({{"Subject", "Re: Offer"}}), "reply");
    EXPECT_EQ(from_ben({{"Subject", "Offer"}}), "reply") << "the reference says so";
    EXPECT_EQ(from_ben({{"Subject", "Re: Out of office until May"}}), "reply") << "an answer to such a note";
    EXPECT_EQ(from_ben({{"Subject", "Re: Offer"}, {"Auto-Submitted", "auto-replied (vacation)"}}), "auto_reply");
    EXPECT_EQ(from_ben({{"Subject", "Re: Offer"}, {"X-Autoreply", "yes"}, {"Precedence", "bulk"}}), "auto_reply");
    EXPECT_EQ(from_ben({{"Subject", "=?utf-8?q?R=C3=A9ponse_automatique=C2=A0:_Offre?="}}), "auto_reply");
    EXPECT_EQ(from_ben({{"Subject", "Fwd: Offer"}}), "none");
    EXPECT_EQ(from_ben({{"Subject", "Accepted: Offer"}, {"Content-Type", "text/calendar; method=REPLY"}}), "none");
    EXPECT_EQ(kind_of({{"From", "news@example.org"},
                       {"Subject", "Out of office? Not with us!"},
                       {"List-Unsubscribe", "<https://example.org/u>"}}),
              "none");
}

TEST(InspectHeader, AsksForNothingThatNamesAPersonTwice) {
    for (const auto name : inspected_headers()) EXPECT_EQ(std::ranges::count(inspected_headers(), name), 1) << name;
}

Bytes mail(std::string_view headers, std::string_view text) {
    return fmt::format("{}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}", headers, text);
}
std::string kind_of_mail(std::string_view headers, std::string_view text) {
    return std::string(name_of(inspect_mail(mail(headers, text))->kind));
}

TEST(InspectMail, ReadsOnWhereTheHeaderDoesNotSayIt) {
    EXPECT_EQ(kind_of_mail("From: Ben <ben@example.org>\r\nSubject: Offer",
                           "Fine with me.\r\n\r\n-----Original Message-----\r\nFrom: Ann\r\n"),
              "reply");
    EXPECT_EQ(kind_of_mail("From: Ben <ben@example.org>\r\nSubject: Offer",
                           "Look at this.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Ann\r\nDate: x\r\n"),
              "none");
    EXPECT_EQ(
        kind_of_mail("From: Ben <ben@example.org>\r\nSubject: Re: Offer", "I am out of the office until Monday.\r\n"),
        "auto_reply");
    EXPECT_EQ(kind_of_mail("From: Ben <ben@example.org>\r\nSubject: Re: Offer",
                           "I am out of the office, but yes.\r\n\r\nOn Monday Ann wrote:\r\n> Do you agree?\r\n"),
              "reply");
    EXPECT_EQ(kind_of_mail("From: shop@example.org\r\nSubject: Your order\r\nAuto-Submitted: auto-generated",
                           "Thank you for your order. Please do not reply to this mail.\r\n"),
              "none");
    EXPECT_EQ(kind_of_mail("Return-Path: <>\r\nFrom: no-reply@example.org\r\nSubject: Mail",
                           "Your mail could not be delivered to: <x@example.org>\r\n"),
              "bounce");
}

TEST(InspectMail, ReadsWhichAddressFailedAndWhetherForGood) {
    const auto inspection = inspect_mail(
        "From: MAILER-DAEMON@mx.example.org\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        "Final-Recipient: rfc822; moved@example.org\r\nOriginal-Recipient: rfc822;ben@example.org\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\n\r\n"
        "Final-Recipient: rfc822; <cy@example.org>\r\nAction: Delayed (for now)\r\nStatus: 4.2.2 (full)\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Secret\r\n\r\nText\r\n--b--\r\n");
    ASSERT_TRUE(inspection);
    EXPECT_EQ(inspection->kind, MailKind::bounce);
    EXPECT_EQ(inspection->detail, "failed") << "one failed for good";
    ASSERT_EQ(inspection->addresses.size(), 2U);
    EXPECT_EQ(inspection->addresses[0].address, "ben@example.org") << "as it was sent to";
    EXPECT_EQ(inspection->addresses[0].status, "5.1.1");
    EXPECT_EQ(inspection->addresses[1].address, "cy@example.org");
    EXPECT_EQ(inspection->addresses[1].action, "delayed");
    EXPECT_EQ(inspection->addresses[1].status, "4.2.2");
}

}  // namespace
}  // namespace inboxpro
