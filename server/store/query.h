#pragma once
#include "store/store.h"

namespace inboxpro {

/// The built-in field of every record that an index may name.
inline constexpr std::string_view kAccountField = "account";

/// `invalid` for what an index cannot answer: no limit, more `equals` than fields, a bound where no field is open, or
/// `after` where several are.
Result<void> check_query(const Index& index, const Query& query);

/// What an index on `field` sees of the record; empty for a field that the record does not carry.
Value indexed_value(const Collection& collection, const Record& record, std::string_view field);

}  // namespace inboxpro
