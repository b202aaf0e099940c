#include "store/query.h"

namespace inboxpro {

Result<void> check_query(const Index& index, const Query& query) {
    if (query.limit == 0) return fail(ErrorKind::invalid, "A query asks for no records.");
    if (query.equals.size() > index.fields.size())
        return fail(ErrorKind::invalid, "A query fixes more fields than its index has.");
    const std::size_t open = index.fields.size() - query.equals.size();
    if (open == 0 && (query.from || query.below))
        return fail(ErrorKind::invalid, "A query bounds a field that its index does not have.");
    if (query.from == Value{} || query.below == Value{})
        return fail(ErrorKind::invalid, "A query is bounded by an empty value.");
    if (open > 1 && query.after)
        return fail(ErrorKind::invalid, "A query continues in an index of which it leaves several fields open.");
    return {};
}

Value indexed_value(const Collection& collection, const Record& record, std::string_view field) {
    if (field == kAccountField) return Bytes{record.account.view()};
    const std::size_t position = collection.position_of(field);
    return position < record.fields.size() ? record.fields[position] : Value{};
}

}  // namespace inboxpro
