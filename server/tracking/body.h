#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "store/documents.h"

namespace inboxpro {

/// Reading what this room stored: `corrupt` when a member is missing or of another type.
Result<std::string> text_in(const boost::json::object& body, std::string_view name);
Result<std::int64_t> number_in(const boost::json::object& body, std::string_view name);
Result<bool> flag_in(const boost::json::object& body, std::string_view name);
Result<boost::json::array> array_in(const boost::json::object& body, std::string_view name);
std::unexpected<Error> unreadable_body(std::string_view name);

/// Who follows an index by time reads what is this much older than the newest known once more: clocks of processes
/// differ, and what began to be written first may be there last.
inline constexpr std::chrono::seconds kOverlap{10};

/// A clear field by its position; `corrupt` when it is empty or of the other kind.
Result<std::int64_t> number_field(const Document& document, std::size_t position);
Result<Bytes> bytes_field(const Document& document, std::size_t position);
Result<TimePoint> time_field(const Document& document, std::size_t position);
/// Empty when the field is.
std::optional<std::int64_t> number_field_or_none(const Document& document, std::size_t position);

}  // namespace inboxpro
