#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace inboxpro {

/// A stretch of the day on some days of the week, by the clocks of SendingRules::time_zone.
struct SendingHours {
    std::uint8_t weekdays = 0;  ///< Bit 0: Monday ... bit 6: Sunday. At least one.
    int from = 0;               ///< Minutes after midnight, 0 to 1,439.
    int until = 0;              ///< Not included; more than `from`, 1,440 at most.

    friend bool operator==(const SendingHours&, const SendingHours&) = default;
};

/// When an account sends, and how much on one day.
struct SendingRules {
    std::string time_zone = "UTC";         ///< IANA name; by it a day begins.
    std::vector<SendingHours> hours = {};  ///< Empty: at any time.
    std::optional<int> daily_limit = {};   ///< What its user chose; see daily_limit_of.
    std::int64_t generation = 0;           ///< Grows by one with every change of the others.

    friend bool operator==(const SendingRules&, const SendingRules&) = default;
};

/// Mails a day that InboxPro sends at most: Google allows 500 to a personal account and 2,000 to one of Google
/// Workspace, in any 24 hours, of which a fifth is left to what people send by hand.
int most_a_day(const std::string& email);
/// The user's own choice where it is lower.
int daily_limit_of(const SendingRules& rules, const std::string& email);

}  // namespace inboxpro
