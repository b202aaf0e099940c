#include "tracking/classify/classify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tracking/classify/agents.h"
#include "tracking/classify/networks.h"

namespace inboxpro {
namespace {

using enum AgentKind;
using enum NetworkRole;

/// The facts, and what is read out of them once for all rules.
struct Seen {
    const Facts& facts;
    Agent agent{facts.user_agent};
    Origin origin{facts.address, facts.network_number};

    bool open() const { return facts.kind == EventKind::open; }
    bool within(double seconds) const { return facts.seconds_after_send && *facts.seconds_after_send < seconds; }
    bool from(NetworkRole role, std::string_view owner) const { return !owner.empty() && origin.in(role) == owner; }
    std::string_view header(std::string_view name) const;
};

/// What a rule found: how sure it is before agreeing and contradicting signs, and why in plain words.
struct Finding {
    Label label;
    double base;
    std::string_view rule;
    std::string reason;
    std::string_view doubt = {};  ///< What the reader of the verdict should know besides; may be empty.
};
using Found = std::optional<Finding>;

bool equal_names(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

std::string_view Seen::header(std::string_view name) const {
    for (const auto& [key, value] : facts.headers)
        if (equal_names(key, name)) return value;
    return {};
}

Found sender_present(const Seen& seen) {
    if (seen.facts.sender_session)
        return Finding{Label::self, .97, "sender-session", "The request came from your own InboxPro session."};
    if (seen.facts.sender_viewing_seconds_ago.value_or(99) <= 10)
        return Finding{Label::self, .97, "sender-viewing", "You were looking at this message in Gmail at that moment."};
    return {};
}

Found speculative_load(const Seen& seen) {
    for (const auto name : {"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"}) {
        const auto value = seen.header(name);
        for (const auto word : {"prefetch", "preview", "prerender"})
            if (value.find(word) != std::string_view::npos)
                return Finding{Label::prefetch, .97, "speculative-load",
                               "The browser loaded it in advance; nobody may have looked at it."};
    }
    return {};
}

Found provider_prefetch(const Seen& seen) {
    if (!seen.open()) return {};
    if (seen.agent.is_apple_prefetch())
        return Finding{Label::prefetch, seen.from(privacy_relay, "Apple") ? .98 : .75, "apple-prefetch",
                       "Apple Mail loads all images in advance to protect privacy; whether the mail was read is "
                       "unknown."};
    if (seen.agent.is_gmail_prefetch())
        return Finding{Label::prefetch, seen.from(mail_provider, "Google") ? .98 : .75, "gmail-prefetch",
                       "Gmail loaded the images before the mail was shown; whether it was read is unknown."};
    return {};
}

Found provider_proxy_open(const Seen& seen) {
    if (!seen.open()) return {};
    if (seen.agent.is(provider_proxy)) {
        const auto provider = seen.agent.name_as(provider_proxy);
        // Gmail keeps the same image in the sender's own copy. Who runs the extension is told apart by its signal.
        const bool may_be_sender = provider == "Google" && !seen.facts.sender_viewing_seconds_ago;
        return Finding{
            Label::proxy, seen.from(mail_provider, provider) ? .95 : .80, "provider-proxy",
            fmt::format("{} fetched the image for a reader who opened the mail; it hides who and where.", provider),
            may_be_sender ? "It may have been you, looking at your sent copy in Gmail." : ""};
    }
    if (seen.agent.is(unnamed_proxy))
        return Finding{Label::proxy, .70, "mail-proxy",
                       "A mail service's image proxy fetched the image for a reader; it hides who and where."};
    return {};
}

Found security(const Seen& seen) {
    if (seen.agent.is(security_product)) {
        const auto name = seen.agent.name_as(security_product);
        return Finding{Label::scanner, .95, "security-product",
                       fmt::format("A security product ({}) checked the mail.", name.empty() ? "by its name" : name)};
    }
    if (const auto owner = seen.origin.in(mail_filter); !owner.empty())
        return Finding{Label::scanner, .95, "mail-filter-network",
                       fmt::format("{} checks mail from this network; no person reads there.", owner)};
    return {};
}

struct Automation {
    AgentKind kind;
    std::string_view what;
};
constexpr Automation kAutomation[] = {{preview, "makes link previews"},
                                      {driven_browser, "is a browser run by a program"},
                                      {monitor, "watches web sites"},
                                      {crawler, "collects pages"},
                                      {library, "is a program, not a mail client or browser"}};

/// A general word ("feed", a URL) yields to the name of an app that people use; the name of a robot does not. A mail
/// app may load images through a library that it names.
bool excused(const Seen& seen, AgentKind kind) {
    const bool general = seen.agent.name_as(kind).empty();
    if (seen.open() && seen.agent.is(mail_client)) return general || kind == library;
    return general && seen.agent.is(in_app_browser);
}

Found named_automation(const Seen& seen) {
    for (const auto& [kind, what] : kAutomation) {
        if (!seen.agent.is(kind) || excused(seen, kind)) continue;
        const auto name = seen.agent.name_as(kind);
        return Finding{
            Label::bot, .97, "named-automation",
            fmt::format("The client says that it {}{}.", what, name.empty() ? "" : fmt::format(" ({})", name))};
    }
    if (seen.agent.is(provider_proxy) || seen.agent.is(unnamed_proxy))
        return Finding{Label::bot, .97, "named-automation", "A mail provider's image proxy asked for a link."};
    return {};
}

Found sender_address(const Seen& seen) {
    if (!seen.facts.sender_address) return {};
    if (!seen.origin.in(privacy_relay).empty())
        return Finding{Label::self, .60, "sender-address", "You used the same shared address in the last 24 hours."};
    return Finding{Label::self, .90, "sender-address", "You used InboxPro from the same address in the last 24 hours."};
}

Found hidden_link(const Seen& seen) {
    if (!seen.facts.hidden_link_hit) return {};
    return Finding{Label::scanner, .95, "hidden-link", "The same client also followed a link that no reader can see."};
}

Found other_method(const Seen& seen) {
    if (seen.facts.method == "GET") return {};
    return Finding{Label::scanner, .90, "other-method",
                   fmt::format("It only probed the address ({}); mail clients and browsers fetch.",
                               seen.facts.method.substr(0, 16))};
}

Found security_network_near_delivery(const Seen& seen) {
    if (!seen.within(300)) return {};
    const auto owner = seen.origin.in(security_vendor);
    if (owner.empty()) return {};
    return Finding{Label::scanner, .75, "security-network",
                   fmt::format("It came from {} within five minutes of delivery.", owner)};
}

Found link_burst(const Seen& seen) {
    if (seen.open()) return {};
    if (seen.facts.other_links_within_2s >= 2)
        return Finding{Label::scanner, .92, "link-burst",
                       "Several links of the mail were followed within two seconds."};
    if (seen.facts.links_in_message == 2 && seen.facts.other_links_within_2s == 1 && seen.within(60))
        return Finding{Label::scanner, .80, "link-burst",
                       "Both links of the mail were followed at once, within a minute of delivery."};
    return {};
}

Found instant(const Seen& seen) {
    if (!seen.within(2)) return {};
    return Finding{Label::scanner, .80, "instant", "It came within two seconds of sending, faster than anybody reads."};
}

Found reader(const Seen& seen) {
    const double base = seen.open() ? .75 : .85;
    if (seen.agent.is(mail_client)) {
        const auto name = seen.agent.name_as(mail_client);
        return Finding{
            Label::human, base, "mail-client",
            fmt::format("A mail client{} that a person uses.", name.empty() ? "" : fmt::format(" ({})", name))};
    }
    if (seen.agent.is(browser) || seen.agent.is(in_app_browser))
        return Finding{Label::human, base, "browser", "An ordinary browser, such as people use."};
    if (seen.open() && seen.agent.is(device_fetch))
        return Finding{Label::human, base, "phone-app", "A phone's mail app loaded the image."};
    return {};
}

Found unrecognised(const Seen&) {
    return Finding{Label::bot, .50, "unrecognised", "The client does not say what it is; people's clients do."};
}

/// In order; the first that finds something decides.
constexpr std::array kRules = {
    sender_present,
    speculative_load,
    provider_prefetch,
    provider_proxy_open,
    security,
    named_automation,
    sender_address,
    hidden_link,
    other_method,
    security_network_near_delivery,
    link_burst,
    instant,
    reader,
    unrecognised,
};

/// What speaks for or against a finding besides the rule that made it.
struct Sign {
    Label about;
    bool agrees;
    std::string_view words;
    bool (*is_there)(const Seen&);
};
constexpr Sign kSigns[] = {
    {Label::human, true, "The browser says that a person asked for it.",
     [](const Seen& seen) { return seen.header("Sec-Fetch-User") == "?1"; }},
    {Label::human, true, "The mail had been opened before.", [](const Seen& seen) { return seen.facts.opened_before; }},
    {Label::human, true, "They answered the mail later.", [](const Seen& seen) { return seen.facts.answered_later; }},
    {Label::human, false, "It came from rented machines, where people are rare.",
     [](const Seen& seen) { return !seen.origin.in(hosting).empty(); }},
    {Label::human, false, "The same link was followed from another kind of computer within 30 seconds.",
     [](const Seen& seen) { return seen.facts.other_system_within_30s; }},
    {Label::proxy, false, "It came within a minute of sending, sooner than most people read.",
     [](const Seen& seen) { return seen.within(60); }},
    // Only Google's proxy fetches for who looks at a sent copy in Gmail.
    {Label::proxy, false, "You were active in Gmail within two minutes of it.",
     [](const Seen& seen) { return seen.facts.sender_in_gmail && seen.agent.name_as(provider_proxy) == "Google"; }},
};

/// c = 1 - (1-b) * 0.5^agreeing * 1.6^contradicting, never certain. What was weighed is added to `reasons`.
double confidence_of(const Finding& found, const Seen& seen, std::vector<std::string>& reasons) {
    double doubt = 1 - found.base;
    for (const auto& sign : kSigns) {
        if (sign.about != found.label || !sign.is_there(seen)) continue;
        doubt *= sign.agrees ? 0.5 : 1.6;
        reasons.emplace_back(sign.words);
    }
    return std::clamp(std::round((1 - doubt) * 1000) / 1000, 0.50, 0.99);
}

}  // namespace

std::optional<double> human_chance(Label label, double confidence) {
    switch (label) {
        case Label::prefetch: return {};
        case Label::human: return confidence;
        case Label::proxy: return .9 * confidence;
        default: return 1 - confidence;
    }
}

Verdict classify(const Facts& facts) {
    const Seen seen{facts};
    Found found;
    for (const auto* rule = kRules.begin(); !found && rule != kRules.end(); ++rule) found = (*rule)(seen);
    Verdict verdict{
        .label = found->label, .rule = std::string(found->rule), .rules_version = kRulesVersion, .reasons = {}};
    verdict.reasons.push_back(std::move(found->reason));
    if (!found->doubt.empty()) verdict.reasons.emplace_back(found->doubt);
    verdict.confidence = confidence_of(*found, seen, verdict.reasons);
    verdict.human_p = human_chance(verdict.label, verdict.confidence);
    return verdict;
}

}  // namespace inboxpro
