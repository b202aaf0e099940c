#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace inboxpro {

/// What a user agent says of itself.
enum class AgentKind : std::uint8_t {
    provider_proxy,    ///< A mail provider's image proxy.
    unnamed_proxy,     ///< Calls itself a mail or image proxy; we know of no provider by that name.
    security_product,  ///< Checks links or looks for weak spots.
    preview,           ///< Makes the preview of a link in a chat or a social network.
    crawler,           ///< Search engines, feeds, archives, language models.
    library,           ///< A program's HTTP library.
    monitor,           ///< Measures or watches sites.
    driven_browser,    ///< A browser run by a program.
    mail_client,
    in_app_browser,  ///< An app that shows pages to the person using it.
    device_fetch,    ///< The platform's own loader in a phone app: some mail apps fetch images with it.
    browser
};

struct AgentPattern {
    std::string_view pattern;  ///< RE2, case does not matter, found anywhere.
    AgentKind kind;
    std::string_view name;  ///< As a reader knows it; empty when the pattern is a general word.
};

/// The table, in order of precedence within a kind; see agents_table.cpp for sources.
std::span<const AgentPattern> agent_patterns();

/// All that one user agent says, at once.
class Agent {
  public:
    /// Reads at most the first 1,024 bytes. Thread-safe.
    explicit Agent(std::string_view user_agent);

    bool is(AgentKind kind) const { return (said_.kinds & bit(kind)) != 0; }
    /// The name it goes by as that kind; empty when it is not, or has none.
    std::string_view name_as(AgentKind kind) const;

    /// Exactly what Apple's Mail Privacy Protection sends.
    bool is_apple_prefetch() const;
    /// Exactly what Gmail sends when it loads images before the mail is shown.
    bool is_gmail_prefetch() const;

  private:
    static constexpr std::size_t kKinds = 12;
    /// What the patterns find in a text.
    struct Said {
        std::uint16_t kinds = 0;
        std::array<std::int16_t, kKinds> first = {};  ///< For each kind there is, its first pattern.
    };
    static constexpr std::uint16_t bit(AgentKind kind) {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(kind));
    }
    static Said read(std::string_view text);
    static Said said_in(std::string_view text);

    std::string_view text_;
    Said said_;
};

}  // namespace inboxpro
