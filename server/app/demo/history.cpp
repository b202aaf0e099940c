#include "app/demo/history.h"

#include <fmt/format.h>

#include <thread>

#include "app/demo/people.h"
#include "base/run.h"

namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;

struct Reaction {
    std::chrono::seconds after;
    EventKind kind;
    std::string_view user_agent;
    std::string_view address;
    std::uint16_t link = 0;
    std::string_view method = "GET";
};

struct Letter {
    std::chrono::minutes ago;
    std::vector<std::size_t> to;  ///< Positions in kDemoRecipients.
    std::string_view subject;
    std::string_view html;
    std::vector<Reaction> reactions;
};

constexpr std::string_view kGmailProxy =
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
constexpr std::string_view kApplePrefetch = "Mozilla/5.0";
constexpr std::string_view kOutlook = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)";
constexpr std::string_view kChrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36";
constexpr std::string_view kPhone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 "
    "Safari/604.1";
constexpr std::string_view kScript = "python-requests/2.32.3";
constexpr std::string_view kHome = "203.0.113.24";
constexpr std::string_view kOffice = "198.51.100.7";
constexpr std::string_view kGoogleNetwork = "66.249.84.33";
constexpr std::string_view kAppleRelay = "172.225.1.10";

std::vector<Letter> letters() {
    return {
        {.ago = 6 * 24h + 3h,
         .to = {0},
         .subject = "Your offer for 40 seats",
         .html = "<p>Hello Bruno,</p><p>here is <a href=\"https://northwind.example/offers/40-seats\">the offer we "
                 "spoke about</a>"
                 ". It is good until the end of the month.</p><p>Best regards<br>Ada</p>",
         .reactions = {{3s, EventKind::open, kScript, kOffice},
                       {11min, EventKind::open, kOutlook, kOffice},
                       {12min, EventKind::click, kChrome, kOffice},
                       {26h, EventKind::open, kPhone, kHome}}},
        {.ago = 5 * 24h + 1h,
         .to = {1},
         .subject = "Notes from our call",
         .html = "<p>Hello Chen,</p><p>the notes are <a href=\"https://notes.example.org/call\">here</a>, and "
                 "<a href=\"https://notes.example.org/plan\">this is the plan</a>.</p><p>Ada</p>",
         .reactions = {{2min, EventKind::open, kApplePrefetch, kAppleRelay}}},
        {.ago = 3 * 24h + 5h,
         .to = {2, 3},
         .subject = "Agenda for Thursday",
         .html = "<p>Dear both,</p><p>please look at <a href=\"https://harbour.example/agenda\">the agenda</a> before "
                 "we meet.</p>"
                 "<p>Ada</p>",
         .reactions = {{40min, EventKind::open, kGmailProxy, kGoogleNetwork},
                       {3h, EventKind::open, kGmailProxy, kGoogleNetwork},
                       {3h + 1min, EventKind::click, kPhone, kHome}}},
        {.ago = 2 * 24h,
         .to = {3},
         .subject = "Invoice 2026-118",
         .html = "<p>Hello Emil,</p><p><a href=\"https://billing.example.org/2026-118\">your invoice</a> is "
                 "ready.</p><p>Ada</p>",
         .reactions = {{1s, EventKind::open, kChrome, kOffice}, {1s, EventKind::click, kChrome, kOffice, 0, "HEAD"}}},
        {.ago = 23h,
         .to = {4},
         .subject = "Quick question",
         .html = "<p>Hi Farah,</p><p>are you free on Friday? Our <a href=\"https://sandbox.example/rooms\">room "
                 "list</a>.</p><p>Ada</p>",
         .reactions = {{7min, EventKind::open, kGmailProxy, kGoogleNetwork}}},
        {.ago = 2h,
         .to = {0, 1, 2},
         .subject = "What changes in December",
         .html = "<p>Dear all,</p><p>the <a href=\"https://sandbox.example/december\">new prices</a> start on 1 "
                 "December.</p><p>Ada</p>",
         .reactions = {}},
    };
}

Submission submission_of(const Letter& letter) {
    Submission submission;
    for (const auto position : letter.to)
        submission.mail.to.push_back({.name = std::string(kDemoRecipients.at(position).name),
                                      .address = std::string(kDemoRecipients.at(position).address)});
    submission.mail.subject = letter.subject;
    submission.mail.html = letter.html;
    return submission;
}

Result<void> wait_until_sent(Serving& serving, AccountId account, MessageId id) {
    for (int tries = 0; tries < 500; ++tries) {
        const auto send = TRY(run_to_end(serving.outbox().get(account, id)));
        if (send.state == SendState::sent) return {};
        std::this_thread::sleep_for(20ms);
        serving.worker().notify();
    }
    return fail(ErrorKind::unavailable, "the demo's own mail was not sent within ten seconds");
}

Task<bool> record(Intake& intake, TrackingToken token, Event event) {
    co_await intake.record(std::move(token), std::move(event));
    co_return true;
}

void react(Serving& serving, const Message& message, const Reaction& reaction) {
    const bool click = reaction.kind == EventKind::click;
    const TrackingToken token{
        .kind = click ? TrackingToken::Kind::click : TrackingToken::Kind::open,
        .account = message.account,
        .message = message.id,
        .recipient = message.recipients.size() == 1 ? std::uint16_t{0} : TrackingToken::kAnyRecipient,
        .link = reaction.link};
    Event event;
    event.method = reaction.method;
    event.user_agent = reaction.user_agent;
    event.address = reaction.address;
    run_to_end(record(serving.intake(), token, std::move(event)));
}

Result<void> live_through(Serving& serving, DemoClock& clock, AccountId account, const Letter& letter) {
    clock.set_back(letter.ago);
    auto submitted = TRY(run_to_end(serving.outbox().submit(account, submission_of(letter))));
    TRY(wait_until_sent(serving, account, submitted.message.id));
    for (const auto& reaction : letter.reactions) {
        clock.set_back(letter.ago - reaction.after);
        react(serving, submitted.message, reaction);
    }
    return {};
}

}  // namespace

Result<void> make_history(Serving& serving, DemoClock& clock, AccountId account) {
    for (const auto& letter : letters()) {
        auto lived = live_through(serving, clock, account, letter);
        clock.set_back(0ms);
        TRY(std::move(lived));
    }
    return {};
}

}  // namespace inboxpro::app
