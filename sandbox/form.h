#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/server/message.h"

namespace inboxpro::sandbox {

/// Decoded name and value pairs, in order: a query, or the fields of a posted form.
class Form {
  public:
    /// What came in the request's query, then in its body when that is application/x-www-form-urlencoded.
    static Form of(const http::Request& request);

    /// The first value, or empty.
    std::string get(std::string_view name) const;
    bool has(std::string_view name) const;
    std::vector<std::string> all(std::string_view name) const;
    const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// Percent-encoded for a query value.
std::string query_encoded(std::string_view text);

}  // namespace inboxpro::sandbox
