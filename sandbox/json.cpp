#include "sandbox/json.h"

#include <boost/json/parse.hpp>

namespace inboxpro::sandbox {

namespace json = boost::json;

Result<json::object> read_object(std::string_view body) {
    if (body.empty()) return json::object{};
    boost::system::error_code failure;
    auto value = json::parse(body, failure);
    if (failure || !value.is_object()) return fail(ErrorKind::invalid, "The body is not a JSON object.");
    return std::move(value.get_object());
}

}  // namespace inboxpro::sandbox
