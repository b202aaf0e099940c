#pragma once
#include <string_view>
#include <vector>

namespace inboxpro::sandbox::gmail {

/// One field of a message's header as its bytes stand there.
struct RawField {
    std::string_view name;   ///< Empty for a line that is no field.
    std::string_view value;  ///< Folded as it came, without the final line end.
    std::string_view whole;  ///< Name, value and line end.
};

struct RawHeader {
    std::vector<RawField> fields;
    std::string_view rest;  ///< The empty line that ends the header, and the body.
};

/// Views into `raw`.
RawHeader split_header(std::string_view raw);

}  // namespace inboxpro::sandbox::gmail
