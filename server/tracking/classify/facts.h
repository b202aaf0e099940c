#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tracking/event.h"

namespace inboxpro {

/// Everything that classify() looks at: one request and what is known around it. Views are only read during the call.
struct Facts {
    EventKind kind = EventKind::open;  ///< open or click
    std::string_view method = "GET";
    std::string_view user_agent;                  ///< Empty: the header was absent.
    std::string_view address;                     ///< IPv4 or IPv6, perhaps cut to its network; empty: unknown.
    std::optional<std::uint32_t> network_number;  ///< As an ASN database gives it for the address.
    std::vector<std::pair<std::string_view, std::string_view>> headers;  ///< A missing one says nothing.
    std::optional<double> seconds_after_send;  ///< Since Gmail's internalDate of the sent message; empty: not known.
    bool sender_address = false;               ///< Seen in the sender's own session in the last 24 h.
    bool sender_session = false;               ///< The request carries the sender's session.
    std::optional<double> sender_viewing_seconds_ago;  ///< Age of the signal "the sender is viewing this message".
    int links_in_message = 0;                          ///< Tracked ones.
    int other_links_within_2s = 0;  ///< Distinct other links of the message asked for within 2 s, before or after.
    int same_link_repeats_within_2s = 0;  ///< Repeats of one link never count against it.
    bool hidden_link_hit = false;         ///< The same client asked for the message's hidden link.
    // What other events say. None of these changes a label, only how sure it is.
    bool opened_before = false;   ///< An earlier human or proxy open of the same recipient, at least 10 s before.
    bool answered_later = false;  ///< The same recipient, a person, answered the message afterwards.
    bool other_system_within_30s = false;  ///< A person's client on another operating system asked for the same link.
    bool sender_in_gmail = false;          ///< The sender was active in Gmail within 2 min.
};

}  // namespace inboxpro
