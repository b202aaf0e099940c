#include "sandbox/delivery/post_office.h"

#include <atomic>
#include <thread>

#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

TEST(PostOffice, SendsADraftOnceHoweverManyAsk) {
    testing::FakeClock clock;
    SystemRandom random;
    Users users(clock, random);
    Ledger ledger;
    PostOffice post_office(users, ledger, clock, random);
    auto* ada = users.add("ada@sandbox.example", "Ada").value();
    users.add("grace@sandbox.example", "Grace").value();
    constexpr int kDrafts = 50;
    std::vector<std::string> drafts;
    for (int i = 0; i < kDrafts; ++i)
        drafts.push_back(ada->mailbox.create_draft(gmail::read_mail(mail("grace@sandbox.example")), 0).id);

    std::atomic<int> sent = 0, gone = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (const auto& id : drafts) {
                const auto answer = post_office.send_draft(*ada, id);
                ++(answer ? sent : gone);
                if (!answer) EXPECT_EQ(answer.error().code, 404);
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(sent, kDrafts);
    EXPECT_EQ(gone, 3 * kDrafts);
    EXPECT_EQ(ledger.after(0, SIZE_MAX, [](const Delivery&) { return true; }).size(), std::size_t{kDrafts});
    EXPECT_EQ(ada->mailbox.figures("SENT").messages, kDrafts);
    EXPECT_EQ(ada->mailbox.figures("DRAFT").messages, 0);
}

TEST(Bounce, IsAReportThatAProgramCanRead) {
    testing::FakeClock clock;
    testing::SeededRandom random;
    const User ada("ada@sandbox.example", "Ada", {}, "Etc/UTC", clock, random);
    const auto original = gmail::read_mail("Message-ID: <a@b>\nSubject: x\nBcc: secret@x.example\n\nbody\n");
    const auto raw = compose_bounce(ada, "gone@sandbox.example", *original, "<c@d>", "frontier", clock.now());
    const auto root = gmail::read_parts(raw);
    ASSERT_EQ(root.parts.size(), 3U);
    EXPECT_TRUE(root.parts[1].content.contains("Final-Recipient: rfc822; gone@sandbox.example\r\nAction: failed"));
    EXPECT_EQ(gmail::read_envelope(raw).references, (std::vector<std::string>{"<a@b>", "<a@b>"}));
    EXPECT_FALSE(raw.contains("secret@x.example"));
}

}  // namespace
}  // namespace inboxpro::sandbox
