#include "tracking/judge_together.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "tracking/classify/classify.h"
#include "tracking/classify/facts_of.h"
#include "tracking/classify/systems.h"

namespace inboxpro {
namespace {

constexpr std::chrono::seconds kTogether{2};
constexpr std::chrono::seconds kLongestLook{10};
constexpr std::chrono::seconds kOpenedBefore{10};
constexpr std::chrono::seconds kTwoSystems{30};
constexpr std::chrono::minutes kActiveInGmail{2};

/// An event, what is known around it, and what it is held for so far.
struct Weighed {
    std::size_t place;  ///< In what was given.
    const Event& event;
    Facts facts;
    Verdict verdict;
};

bool is_request(const Event& event) {
    return event.kind == EventKind::open || event.kind == EventKind::click;
}

/// In the order of time.
std::vector<Weighed> in_time(const Message& message, std::span<const JudgedEvent> events) {
    std::vector<std::size_t> places(events.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::ranges::sort(places, {},
                      [&](std::size_t place) { return std::pair{events[place].event.at, events[place].event.id}; });
    std::vector<Weighed> all;
    all.reserve(events.size());
    for (const auto place : places) {
        const auto& [event, verdict] = events[place];
        all.push_back({.place = place,
                       .event = event,
                       .facts = is_request(event) ? facts_of(event, message.sent_at, message.links) : Facts{},
                       .verdict = verdict});
    }
    return all;
}

/// Calls `look` with every other event at most `apart` before or after.
template <class Look>
void for_neighbours(const std::vector<Weighed>& all, std::size_t index, std::chrono::seconds apart, Look look) {
    const auto at = all[index].event.at;
    for (auto before = index; before-- > 0 && at - all[before].event.at <= apart;) look(all[before]);
    for (auto after = index + 1; after < all.size() && all[after].event.at - at <= apart; ++after) look(all[after]);
}

void add_other_links(std::vector<Weighed>& all, std::size_t index) {
    auto& [place, event, facts, verdict] = all[index];
    std::set<std::uint16_t> others;
    for_neighbours(all, index, kTogether, [&](const Weighed& near) {
        if (near.event.kind != EventKind::click || near.event.recipient != event.recipient || !near.event.link) return;
        if (near.event.link == event.link)
            ++facts.same_link_repeats_within_2s;
        else
            others.insert(*near.event.link);
    });
    facts.other_links_within_2s = static_cast<int>(others.size());
}

/// A signal that the sender was looking belongs to one open: the first after it, within ten seconds.
void add_looks(std::vector<Weighed>& all, const Message& message) {
    auto open = all.begin();
    for (const auto viewed_at : message.viewings) {
        open = std::find_if(open, all.end(), [&](const Weighed& seen) {
            return seen.event.kind == EventKind::open && seen.event.at >= viewed_at;
        });
        if (open == all.end()) return;
        const auto age = open->event.at - viewed_at;
        if (age > kLongestLook) continue;
        open->facts.sender_viewing_seconds_ago = std::chrono::duration<double>(age).count();
        ++open;
    }
}

bool looked_near(const Message& message, TimePoint at) {
    const auto near = std::ranges::lower_bound(message.viewings, at - kActiveInGmail);
    return near != message.viewings.end() && *near <= at + kActiveInGmail;
}

bool other_system_near(const std::vector<Weighed>& all, std::size_t index) {
    const auto& event = all[index].event;
    const auto system = operating_system_in(event.user_agent);
    bool found = false;
    if (system.empty()) return found;
    for_neighbours(all, index, kTwoSystems, [&](const Weighed& near) {
        if (near.event.kind != EventKind::click || !near.verdict.counted()) return;
        if (near.event.recipient != event.recipient || near.event.link != event.link) return;
        const auto other = operating_system_in(near.event.user_agent);
        found |= !other.empty() && other != system;
    });
    return found;
}

/// What a recipient's other events say. Of one of several recipients nobody knows which events are the same person's.
void add_signs(std::vector<Weighed>& all) {
    std::map<std::uint16_t, TimePoint> first_opens, last_answers;
    for (const auto& seen : all) {
        if (!seen.event.recipient || !seen.verdict.counted()) continue;
        if (seen.event.kind == EventKind::open) first_opens.try_emplace(*seen.event.recipient, seen.event.at);
        if (seen.event.kind == EventKind::reply) last_answers[*seen.event.recipient] = seen.event.at;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto& [place, event, facts, verdict] = all[i];
        if (!is_request(event) || !event.recipient || !verdict.counted()) continue;
        const auto opened = first_opens.find(*event.recipient);
        const auto answered = last_answers.find(*event.recipient);
        facts.opened_before = opened != first_opens.end() && event.at - opened->second >= kOpenedBefore;
        facts.answered_later = answered != last_answers.end() && answered->second > event.at;
        facts.other_system_within_30s = event.kind == EventKind::click && other_system_near(all, i);
    }
}

bool may_become_a_burst(const Weighed& seen, const Message& message) {
    if (seen.event.kind != EventKind::click || message.links < 2 || seen.verdict.rule == "link-burst") return false;
    auto facts = seen.facts;
    facts.other_links_within_2s = message.links - 1;
    return classify(facts).rule == "link-burst";
}

}  // namespace

std::vector<Verdict> judge_together(const Message& message, std::span<const JudgedEvent> events, TimePoint now,
                                    std::chrono::seconds settled_after) {
    auto all = in_time(message, events);
    add_looks(all, message);
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto& [place, event, facts, verdict] = all[i];
        if (!is_request(event)) continue;
        if (event.kind == EventKind::click) add_other_links(all, i);
        facts.sender_in_gmail = facts.sender_in_gmail || looked_near(message, event.at);
        verdict = classify(facts);
    }
    // Signs go by the labels, which they never change.
    add_signs(all);
    std::vector<Verdict> verdicts(events.size());
    for (auto& seen : all) {
        const auto& facts = seen.facts;
        if (facts.opened_before || facts.answered_later || facts.other_system_within_30s)
            seen.verdict = classify(facts);
        if (is_request(seen.event))
            seen.verdict.provisional = now - seen.event.at < settled_after && may_become_a_burst(seen, message);
        verdicts[seen.place] = std::move(seen.verdict);
    }
    return verdicts;
}

}  // namespace inboxpro
