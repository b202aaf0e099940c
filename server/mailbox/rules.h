#pragma once
#include <chrono>
#include <cstdint>

#include "base/clock.h"
#include "base/error.h"
#include "google/unit_budget.h"

namespace inboxpro {

/// How often a mailbox is looked at: each `shortest` while something happens in it, up to each `longest` when nothing
/// does.
struct PollPace {
    std::chrono::seconds shortest{60};
    std::chrono::seconds longest{600};
};

/// How long a claim holds. A turn starts no further page when less than a call's 60 s are left of it.
inline constexpr std::chrono::seconds kMailboxLease{240};
inline constexpr std::chrono::seconds kLongestCall{60};
/// Pages of Google's lists that one account may have in one turn; the rest is the next turn's, behind the others.
inline constexpr int kPagesPerTurn = 4;
/// Accounts that are found unfollowed get their first look one after another: 10,000 within nine minutes.
inline constexpr std::chrono::milliseconds kBetweenAdopted{50};
/// However many hints come, a mailbox is not looked at again sooner.
inline constexpr std::chrono::seconds kLeastBetweenLooks{5};
/// How long a hint is believed that Gmail's history does not show yet.
inline constexpr std::chrono::minutes kHintLife{2};
/// How often a mailbox that Google refuses is tried; less often is for reconnecting.
inline constexpr std::chrono::minutes kParkedFor{60};
/// Gmail's watches last a week and are renewed each day (Gmail, "push notifications").
inline constexpr std::chrono::hours kWatchRenewal{24};
inline constexpr std::chrono::hours kWatchRetry{1};
/// Whatever Google says about the history, recent messages are not read anew more often.
inline constexpr std::chrono::minutes kLeastBetweenResyncs{10};
/// How far before the last complete look a full read goes back: clocks differ, and mail can be filed late.
inline constexpr std::chrono::minutes kResyncMargin{10};
/// Looks wait for whoever waits in person.
inline constexpr Pace kInTheBackground{.urgency = Urgency::background};

/// When to look next after nothing happened for `quiet`: a fifth of that, within the pace. So an account is looked at
/// each minute for five minutes after a change, and each ten minutes from the fiftieth on.
std::chrono::milliseconds interval_after(std::chrono::milliseconds quiet, const PollPace& pace);

/// The interval shortened by up to a tenth, so that mailboxes that became due together part. `dice`: any number.
std::chrono::milliseconds spread(std::chrono::milliseconds interval, std::uint16_t dice);

/// How long to leave an account alone after `misses` (at least 1) failures in a row: half a minute, doubled each time
/// up to 16 minutes, or what Google asked for if longer.
std::chrono::milliseconds back_off(int misses, const Error& error);

}  // namespace inboxpro
