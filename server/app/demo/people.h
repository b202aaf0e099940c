#pragma once
#include <array>
#include <string_view>

namespace inboxpro::app {

struct DemoPerson {
    std::string_view address;
    std::string_view name;
};

/// Whose account the demo activates, and to whom mail is sent.
inline constexpr DemoPerson kDemoUser{"ada@sandbox.example", "Ada Lindqvist"};
inline constexpr std::array<DemoPerson, 5> kDemoRecipients = {{{"bruno@northwind.example", "Bruno Keller"},
                                                               {"chen@northwind.example", "Chen Wei"},
                                                               {"dana@harbour.example", "Dana Okafor"},
                                                               {"emil@harbour.example", "Emil Novak"},
                                                               {"farah@sandbox.example", "Farah Haddad"}}};

}  // namespace inboxpro::app
