#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"

namespace inboxpro {

/// What was seen.
enum class EventKind : std::uint8_t { open = 1, click = 2, reply = 3, bounce = 4 };

/// What made the request. Says nothing about attention.
enum class Label : std::uint8_t { human = 1, proxy = 2, prefetch = 3, scanner = 4, bot = 5, self = 6 };

std::string_view name_of(EventKind kind);
std::string_view name_of(Label label);

/// An opinion about an event: never final truth, can be computed again by better rules.
struct Verdict {
    Label label = Label::bot;
    double confidence = 0.5;        ///< 0.50 .. 0.99, about the mechanism.
    std::optional<double> human_p;  ///< Chance that a person saw it; empty for prefetch: unknown is not zero.
    std::string rule;               ///< Which rule decided, such as "provider-proxy".
    int rules_version = 0;
    std::vector<std::string> reasons;  ///< Plain words that a salesperson understands.
    bool provisional = false;          ///< Hindsight may still change it.

    /// Whether the headline figures count it as a person's doing.
    bool counted() const { return label == Label::human || label == Label::proxy; }
};

/// One request for a pixel or a link, as it was seen. Appended once, never changed.
struct Event {
    EventId id;
    EventKind kind = EventKind::open;
    AccountId account;
    MessageId message;
    std::optional<std::uint16_t> recipient;  ///< Empty: one of several.
    std::optional<std::uint16_t> link;
    TimePoint at;
    std::string method;
    std::string user_agent;
    std::string address;                                       ///< As the token's policy allows; may be empty.
    std::vector<std::pair<std::string, std::string>> headers;  ///< The few that rules look at.
    bool from_sender_address = false;  ///< The whole address was one of the sender's own; see OwnTraces.
    bool sender_in_gmail = false;      ///< The sender had been active in Gmail in the two minutes before it.
};

}  // namespace inboxpro
