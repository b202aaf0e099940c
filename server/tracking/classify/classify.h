#pragma once
#include "tracking/classify/facts.h"

namespace inboxpro {

/// Goes up with every change of rules or tables that can change a verdict.
inline constexpr int kRulesVersion = 3;

/// What made a request: the first of fourteen rules that fits, mail-specific ones before general lists, and how sure
/// that is. Pure; never blocks; thread-safe. The verdict's `provisional` stays false: only the caller knows whether
/// hindsight (rule "link-burst") is still possible. Of the signs of RULES one is never there: which gateway stands
/// before a recipient's mailbox would have to be asked of the DNS, about people who did not ask for it.
Verdict classify(const Facts& facts);

/// Chance that a person saw it, from a label and its confidence. Empty for prefetch: unknown is not zero.
std::optional<double> human_chance(Label label, double confidence);

}  // namespace inboxpro
