#include "outbox/mailbox_listener.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;
using Kind = MailboxChange::Kind;

struct OutboxMailboxListenerTest : ::testing::Test {
    testing::FakeClock clock;
    testing::SeededRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::unique_ptr<Store> store = make_memory_store({&kAccountKeys, &kSends});
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    Sends sends{documents};
    int notified = 0;
    OutboxMailboxListener listener{sends, clock, [this] { ++notified; }};
    AccountId ann = AccountId::make(clock.now(), random);
    AccountId ben = AccountId::make(clock.now(), random);

    void SetUp() override {
        ASSERT_TRUE(run(ring.create(ann)));
        ASSERT_TRUE(run(ring.create(ben)));
    }
    MessageId send(AccountId account, SendState state) {
        Send send{.id = MessageId::make(clock.now(), random), .account = account, .state = state};
        send.due_at = clock.now() + 60s;
        EXPECT_TRUE(run(sends.add(send)));
        return send.id;
    }
    bool is_due(AccountId account, MessageId id) { return run(sends.get(account, id)).value().due_at <= clock.now(); }
    void happen(MailboxChange change) { EXPECT_TRUE(run(listener.changed(ann, {std::move(change)}))); }
};

TEST_F(OutboxMailboxListenerTest, BringsTheLookUpOfAnUnknownSendForward) {
    const std::vector<MailboxChange> telling{{.kind = Kind::added, .labels = {"SENT"}},
                                             {.kind = Kind::added},
                                             {.kind = Kind::deleted, .labels = {"DRAFT"}},
                                             {.kind = Kind::deleted},
                                             {.kind = Kind::gap}};
    for (const auto& change : telling) {
        const auto id = send(ann, SendState::unknown);
        const auto others = send(ben, SendState::unknown);
        const auto before = notified;
        happen(change);
        EXPECT_TRUE(is_due(ann, id));
        EXPECT_FALSE(is_due(ben, others));
        EXPECT_EQ(notified, before + 1);
    }
}

TEST_F(OutboxMailboxListenerTest, LeavesEverythingElseAlone) {
    const auto id = send(ann, SendState::unknown);
    happen({.kind = Kind::added, .labels = {"INBOX", "UNREAD"}});
    happen({.kind = Kind::label_added, .labels = {"SENT"}});
    happen({.kind = Kind::label_removed, .labels = {"SENT"}});
    EXPECT_FALSE(is_due(ann, id));
    for (const auto state : {SendState::undo, SendState::scheduled, SendState::sending, SendState::needs_user}) {
        const auto waiting = send(ann, state);
        happen({.kind = Kind::deleted, .labels = {"DRAFT"}});
        EXPECT_FALSE(is_due(ann, waiting)) << name_of(state);
    }
}

TEST_F(OutboxMailboxListenerTest, DoesNoHarmWhenItIsToldAgain) {
    send(ann, SendState::unknown);
    happen({.kind = Kind::gap});
    happen({.kind = Kind::gap});
    EXPECT_EQ(notified, 1);
}

}  // namespace
}  // namespace inboxpro
