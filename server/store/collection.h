#pragma once
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"

namespace inboxpro {

/// A clear field's value. Clear fields are ids, times (milliseconds), states, small numbers and keyed hashes only.
using Value = std::variant<std::monostate, std::int64_t, Bytes>;

enum class FieldKind { integer, bytes };

struct Field {
    std::string_view name;
    FieldKind kind;
};

/// Found through `Query`. `fields` name clear fields of the collection, or the built-in "account". Records come in the
/// order of these fields, then of their ids. In a unique index every record has all fields set.
struct Index {
    std::string_view name;
    std::vector<std::string_view> fields;
    bool unique = false;
};

/// One kind of record. Declared once, by the capability that owns it, as a constant that lives for ever; `app/` hands
/// all of them to the store when it opens. Adding a field or an index is a new schema version; removing is not done.
struct Collection {
    std::string_view name;
    std::vector<Field> fields;
    std::vector<Index> indexes;

    /// Position of a field in Record::fields. The field must exist.
    std::size_t position_of(std::string_view field) const;
    const Index& index_named(std::string_view index) const;
};

}  // namespace inboxpro
