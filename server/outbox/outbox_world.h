#pragma once
#include <gtest/gtest.h>

#include "outbox/outbox.h"
#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "testing/scripted_google.h"
#include "tracking/events.h"
#include "tracking/tally.h"

namespace inboxpro::testing {

/// For tests: one account at a scripted Google and an outbox on a memory store.
struct OutboxWorld : ::testing::Test {
    FakeClock clock;
    SeededRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::unique_ptr<Store> store =
        make_memory_store({&kAccountKeys, &kAccounts, &kMessages, &kEvents, &kTallies, &kMentions, &kObjections,
                           &kRecipientRules, &kSends, &kSendDays, &kReplans, &kSendLedger, &kNotices});
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    TokenSealer sealer{keys.keys(KeyPurpose::token)};
    Accounts accounts{documents, ring, index, clock, random};
    ScriptedGoogle google{clock};
    GoogleAccess access{google, accounts, clock};
    Objections objections{documents, index, clock};
    Consents consents{documents, index, objections, clock};
    Messages messages{documents};
    Sends sends{documents};
    Ledger ledger{documents, clock, random};
    Notices notices{documents, clock};
    SystemZones zones;
    int notified = 0, told = 0;
    Outbox outbox = outbox_with(access, zones, clock);
    Person ann{};
    AccountId account;

    void SetUp() override {
        Account fresh{.email = ann.email, .name = ann.name, .google_subject = ann.subject};
        fresh.tracking_mode = TrackingMode::on;
        fresh.scopes = {std::string(scope::kGmailCompose), std::string(scope::kGmailMetadata),
                        std::string(scope::kGmailSettings)};
        fresh.refresh_token = google.grant(ann, fresh.scopes);
        account = run(accounts.create(fresh)).value().id;
        google.mailbox(ann.subject).send_as = {
            {.address = ann.email, .display_name = ann.name, .is_primary = true, .is_default = true},
            {.address = "sales@example.com", .display_name = "Sales"},
            {.address = "new@example.com", .is_verified = false}};
    }

    /// Another node on the same records.
    Outbox outbox_with(GoogleAccess& way, const Zones& other_zones, const Clock& other_clock) {
        return {{.tracking_origin = "https://t.example.org",
                 .work_is_due = [this] { ++notified; },
                 .told = [this](AccountId) { ++told; }},
                way,
                accounts,
                consents,
                messages,
                sends,
                ledger,
                notices,
                other_zones,
                sealer,
                other_clock,
                random};
    }
    static Submission letter(std::string to = "bob@example.org") {
        Submission submission;
        submission.mail.to = {{.address = std::move(to)}};
        submission.mail.subject = "Offer";
        submission.mail.html = "<p>See <a href=\"https://example.org/offer\">our offer</a></p>";
        return submission;
    }
    Submitted submit_letter(Timing timing = {}) {
        auto submission = letter();
        submission.timing = std::move(timing);
        return run(outbox.submit(account, std::move(submission))).value();
    }
    /// Takes the only mail that is due a step further.
    Send step() {
        const auto due = run(outbox.due(10)).value();
        EXPECT_EQ(due.size(), 1U);
        return run(outbox.advance(due.at(0))).value();
    }
    Send stored(MessageId id) { return run(sends.get(account, id)).value(); }
    auto& drafts() { return google.mailbox(ann.subject).drafts; }
    std::size_t sent_count() { return google.mailbox(ann.subject).sent.size(); }
};

}  // namespace inboxpro::testing
