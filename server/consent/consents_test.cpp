#include "consent/consents.h"

#include <gtest/gtest.h>

#include "consent/privacy_token.h"
#include "consent/recipient_file.h"
#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "tracking/recount.h"
#include "tracking/tally.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using Kind = RecipientRule::Kind;
using testing::run;

TEST(WhyNotTracked, IsTheFirstThatHolds) {
    const auto on = TrackingMode::on, off = TrackingMode::off, consented = TrackingMode::consented_only;
    EXPECT_EQ(why_not_tracked(on, {}), "");
    EXPECT_EQ(why_not_tracked(off, {.domain_mode = on, .consented = true}), "account_off");
    EXPECT_EQ(why_not_tracked(on, {.objects = true, .never = true, .consented = true}), "opted_out");
    EXPECT_EQ(why_not_tracked(on, {.never = true, .domain_mode = on, .consented = true}), "never_track");
    EXPECT_EQ(why_not_tracked(on, {.domain_mode = off, .consented = true}), "domain_off");
    EXPECT_EQ(why_not_tracked(on, {.domain_mode = consented}), "no_consent");
    EXPECT_EQ(why_not_tracked(on, {.domain_mode = consented, .consented = true}), "");
    EXPECT_EQ(why_not_tracked(consented, {}), "no_consent");
    EXPECT_EQ(why_not_tracked(consented, {.consented = true}), "");
    EXPECT_EQ(why_not_tracked(consented, {.domain_mode = on}), "");
}

TEST(RuleSubject, IsAnAddressOrADomainAsTheKindWants) {
    EXPECT_EQ(rule_subject(Kind::never, " Ada@Example.ORG ").value(), "ada@example.org");
    EXPECT_EQ(rule_subject(Kind::never, "@example.org").value(), "example.org");
    EXPECT_EQ(rule_subject(Kind::domain, "Example.org.").value(), "example.org");
    EXPECT_EQ(rule_subject(Kind::domain, "de").value(), "de");
    EXPECT_EQ(rule_subject(Kind::consent, "ada@example.org").value(), "ada@example.org");
    for (const auto* text : {"", "example.org", "@", "a b@example.org", "ada@", "ada@exa mple.org"})
        EXPECT_EQ(rule_subject(Kind::consent, text).error().field, "subject") << text;
    for (const auto* text : {"", "ada@example.org", "..", ".org", "exa mple", "example.org/x"})
        EXPECT_EQ(rule_subject(Kind::domain, text).error().field, "subject") << text;
    EXPECT_FALSE(rule_subject(Kind::never, std::string(255, 'a')));
}

TEST(DomainsOf, GoFromTheNarrowestToTheCountry) {
    EXPECT_EQ(domains_of("Ada@Mail.Example.org"), (std::vector<std::string>{"mail.example.org", "example.org", "org"}));
    EXPECT_TRUE(domains_of("nobody").empty());
}

struct ConsentsTest : ::testing::Test {
    ConsentsTest() {
        run(ring.create(AccountId{})).value();
        run(ring.create(account.id)).value();
        account.tracking_mode = TrackingMode::on;
    }

    testing::FakeClock clock;
    testing::SeededRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::unique_ptr<Store> store =
        make_memory_store({&kAccountKeys, &kMessages, &kEvents, &kTallies, &kMentions, &kObjections, &kRecipientRules});
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    TokenSealer sealer{keys.keys(KeyPurpose::token)};
    Objections objections{documents, index, clock};
    Consents consents{documents, index, objections, clock};
    Messages messages{documents};
    Events events{documents};
    RecipientFiles files{documents, consents};
    Account account{.id = AccountId::make(clock.now(), random)};

    Message to(const std::vector<std::string>& addresses) {
        Message message{.id = MessageId::make(clock.now(), random), .account = account.id};
        message.created_at = clock.now();
        for (const auto& address : addresses) message.recipients.push_back({.address = address, .name = "Ada L."});
        return message;
    }
    std::string why(const std::vector<std::string>& addresses) {
        auto message = to(addresses);
        const auto prepared = run(consents.prepare(account, message));
        return prepared ? message.not_tracked_because : prepared.error().detail;
    }
    RecipientRule lay_down(Kind kind, std::string subject, TrackingMode mode = TrackingMode::off) {
        return run(consents.rules().put({.account = account.id,
                                         .kind = kind,
                                         .subject = std::move(subject),
                                         .mode = mode,
                                         .note = "at the fair"}))
            .value();
    }
    MessageId sent(const std::vector<std::string>& addresses) {
        auto message = to(addresses);
        EXPECT_TRUE(run(consents.prepare(account, message)));
        EXPECT_TRUE(run(messages.add(message)));
        clock.advance(1min);
        return message.id;
    }
    void opened(MessageId message, std::optional<std::uint16_t> recipient) {
        Event event{.id = EventId::make(clock.now(), random),
                    .account = account.id,
                    .message = message,
                    .recipient = recipient};
        event.at = clock.now();
        event.address = "203.0.113.0";
        const Verdict verdict{.label = Label::human, .rule = "named-client", .reasons = {"a browser"}};
        EXPECT_TRUE(run(documents.insert(kEvents, document_of(JudgedEvent{event, verdict}, outside_the_intake()))));
        EXPECT_TRUE(run(recount(documents, account.id, message)));
    }
};

TEST_F(ConsentsTest, TheNeverListHoldsForAddressesAndDomainsWithAllBelow) {
    lay_down(Kind::never, "ada@example.org");
    lay_down(Kind::never, "quiet.example");
    EXPECT_EQ(why({"Ada@example.org"}), "never_track");
    EXPECT_EQ(why({"bob@example.org"}), "");
    EXPECT_EQ(why({"bob@quiet.example"}), "never_track");
    EXPECT_EQ(why({"bob@mail.quiet.example"}), "never_track");
    EXPECT_EQ(why({"bob@notquiet.example"}), "");
}

TEST_F(ConsentsTest, TheNarrowestDomainDecidesTheMode) {
    lay_down(Kind::domain, "de", TrackingMode::consented_only);
    lay_down(Kind::domain, "firma.de", TrackingMode::on);
    lay_down(Kind::domain, "rat.firma.de", TrackingMode::off);
    EXPECT_EQ(why({"a@anders.de"}), "no_consent");
    EXPECT_EQ(why({"a@firma.de"}), "");
    EXPECT_EQ(why({"a@rat.firma.de"}), "domain_off");
    lay_down(Kind::consent, "a@anders.de");
    EXPECT_EQ(why({"a@anders.de"}), "");
    account.tracking_mode = TrackingMode::off;
    EXPECT_EQ(why({"a@firma.de"}), "account_off");
}

TEST_F(ConsentsTest, WithConsentOnlyWhoAgreedIsTrackedAndNoLongerOnceThatIsTakenBack) {
    account.tracking_mode = TrackingMode::consented_only;
    EXPECT_EQ(why({"ada@example.org"}), "no_consent");
    const auto rule = lay_down(Kind::consent, "ada@example.org");
    EXPECT_EQ(why({"ada@example.org"}), "");
    EXPECT_EQ(why({"ada@example.org", "bob@example.org"}), "no_consent") << "all get the same mail";
    ASSERT_TRUE(run(consents.rules().remove(account.id, rule.id)));
    EXPECT_EQ(why({"ada@example.org"}), "no_consent");
}

TEST_F(ConsentsTest, AnObjectionOutranksConsent) {
    lay_down(Kind::consent, "ada@example.org");
    ASSERT_TRUE(run(objections.object(objections.person("ada@example.org"))));
    EXPECT_EQ(why({"ada@example.org"}), "opted_out");
}

TEST_F(ConsentsTest, RulesAreTheAccountsOwnAndListedInTheirOrder) {
    for (const auto* domain : {"one.example", "two.example", "three.example"}) {
        lay_down(Kind::never, domain);
        clock.advance(1s);
    }
    const auto first = run(consents.rules().list(account.id, Kind::never, 2, {})).value();
    ASSERT_EQ(first.size(), 2U);
    const auto rest = run(consents.rules().list(account.id, Kind::never, 2, first.back().id)).value();
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].subject, "three.example");
    const auto stranger = AccountId::make(clock.now(), random);
    EXPECT_TRUE(run(consents.rules().list(stranger, Kind::never, 10, {}))->empty());
    EXPECT_EQ(run(consents.rules().remove(stranger, first[0].id)).error().kind, ErrorKind::not_found);
    EXPECT_TRUE(run(consents.rules().list(account.id, Kind::consent, 10, {}))->empty());
}

TEST_F(ConsentsTest, AFileHoldsAllOfOnePersonAndNothingOfAnother) {
    const auto alone = sent({"ada@example.org"});
    const auto common = sent({"bob@example.org", "ada@example.org"});
    const auto other = sent({"bob@example.org"});
    opened(alone, 0);
    opened(common, {});
    opened(common, 0);
    opened(other, 0);
    const auto mails = run(files.mails(account.id, "Ada@example.org", 10)).value();
    ASSERT_EQ(mails.size(), 2U);
    EXPECT_EQ(mails[0].message.id, alone);
    EXPECT_EQ(mails[0].events.size(), 1U);
    EXPECT_EQ(mails[1].events.size(), 1U) << "one of several, but not what is Bob's";
    const auto text = boost::json::serialize(run(files.exported(account.id, "ada@example.org")).value());
    EXPECT_TRUE(text.contains("203.0.113.0"));
    EXPECT_TRUE(text.contains(alone.text()));
    EXPECT_FALSE(text.contains("bob"));
    EXPECT_FALSE(text.contains(other.text()));
}

TEST_F(ConsentsTest, AFileFollowsAMailThatWasChangedBeforeItWentOut) {
    const auto id = sent({"ada@example.org", "bob@example.org", "eve@example.org"});
    auto changed = to({"bob@example.org", "ada@example.org"});
    changed.id = id;
    ASSERT_TRUE(run(consents.prepare(account, changed)));
    ASSERT_TRUE(run(messages.rewrite(changed)));
    opened(id, 0);
    const auto bobs = run(files.mails(account.id, "bob@example.org", 10)).value();
    ASSERT_EQ(bobs.size(), 1U);
    EXPECT_EQ(bobs[0].recipient, 0);
    EXPECT_EQ(bobs[0].events.size(), 1U);
    EXPECT_TRUE(run(files.mails(account.id, "ada@example.org", 10))->at(0).events.empty());
    EXPECT_TRUE(run(files.mails(account.id, "eve@example.org", 10))->empty()) << "who gets no such mail";
    ASSERT_TRUE(run(files.erase(account.id, "ada@example.org")));
    EXPECT_EQ(run(events.of_message(account.id, id, 10, {}))->size(), 1U) << "Bob's";
}

TEST_F(ConsentsTest, ErasingLeavesNoTraceAndNothingComesAfter) {
    const auto alone = sent({"ada@example.org"});
    const auto common = sent({"bob@example.org", "ada@example.org"});
    opened(alone, 0);
    opened(common, {});
    opened(common, 0);
    lay_down(Kind::consent, "ada@example.org");
    ASSERT_TRUE(run(files.erase(account.id, "ada@example.org")));
    ASSERT_TRUE(run(files.erase(account.id, "ada@example.org"))) << "it can be repeated";

    EXPECT_TRUE(run(events.of_message(account.id, alone, 10, {}))->empty());
    const auto left = run(events.of_message(account.id, common, 10, {})).value();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].event.recipient, 0) << "Bob's";
    const auto message = run(messages.get(account.id, common)).value();
    EXPECT_EQ(message.recipients[0].address, "bob@example.org");
    EXPECT_EQ(message.recipients[1].address, "");
    EXPECT_EQ(message.recipients[1].name, "");
    EXPECT_EQ(run(Tallies(documents).get(account.id, alone))->recipients.size(), 0U) << "the figures follow";
    EXPECT_TRUE(run(consents.rules().list(account.id, Kind::consent, 10, {}))->empty());
    EXPECT_TRUE(run(files.mails(account.id, "ada@example.org", 10))->empty());
    EXPECT_EQ(why({"ada@example.org"}), "opted_out");
    EXPECT_TRUE(objections.silence(alone, 0, *objections.people_of(run(messages.get(account.id, alone)).value())))
        << "although its address is no longer known";
}

TEST_F(ConsentsTest, APrivacyTokenIsWhatARecipientFindsInTheMail) {
    const auto message = MessageId::make(clock.now(), random);
    const PrivacyToken token{.account = account.id, .message = message, .recipient = 3};
    EXPECT_EQ(open_privacy_token(sealer, seal_privacy_token(sealer, token)), token);
    TrackingToken open{.account = account.id, .message = message, .recipient = 3};
    EXPECT_EQ(open_privacy_token(sealer, seal_token(sealer, open)), token);
    open.kind = TrackingToken::Kind::click;
    open.destination = "https://example.org/";
    EXPECT_EQ(open_privacy_token(sealer, seal_token(sealer, open)), token);
    EXPECT_FALSE(open_privacy_token(sealer, "nonsense"));
    EXPECT_FALSE(
        open_privacy_token(sealer, seal_mailbox_proof(sealer, {account.id, "ada@example.org", clock.now() + 1h})));
    EXPECT_FALSE(open_token(sealer, TrackingToken::Kind::open, seal_privacy_token(sealer, token)));
}

TEST_F(ConsentsTest, AMailboxProofHoldsForItsTimeAndHidesTheAddress) {
    const MailboxProof proof{.account = account.id, .address = "ada@example.org", .until = clock.now() + 1h};
    const auto text = seal_mailbox_proof(sealer, proof);
    EXPECT_FALSE(text.contains("ada"));
    const auto opened = open_mailbox_proof(sealer, text, clock.now());
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->address, proof.address);
    EXPECT_EQ(opened->account, proof.account);
    EXPECT_EQ(open_mailbox_proof(sealer, text, clock.now() + 1h).error().kind, ErrorKind::denied);
    auto changed = text;
    changed[20] = changed[20] == 'A' ? 'B' : 'A';
    EXPECT_EQ(open_mailbox_proof(sealer, changed, clock.now()).error().kind, ErrorKind::invalid);
    EXPECT_FALSE(open_mailbox_proof(sealer, seal_privacy_token(sealer, {account.id, MessageId{}, 0}), clock.now()));
}

}  // namespace
}  // namespace inboxpro
