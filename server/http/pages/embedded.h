#pragma once
#include <string_view>
#include <vector>

namespace inboxpro::http {

/// A file of templates/, part of the program.
struct Embedded {
    std::string_view name;
    std::string_view content;
};

/// Written by embed.cmake.
const std::vector<Embedded>& all_embedded();

}  // namespace inboxpro::http
