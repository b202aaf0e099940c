#pragma once
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "http/server/message.h"

namespace inboxpro::http {

/// The JSON object in a request's body. `invalid` for another content type, broken JSON, more than 16 levels, a name
/// that stands twice in one object, or anything but an object.
Result<boost::json::object> json_body(const Request& request);

/// Typed reading of an object's members; every refusal names the field. An absent member and null are the same.
class JsonInput {
  public:
    explicit JsonInput(const boost::json::object& object, std::string prefix = {})
        : object_(object), prefix_(std::move(prefix)) {}

    /// Empty text when absent. `most`: bytes of UTF-8.
    Result<std::string> text(std::string_view name, std::size_t most = 1024) const;
    Result<std::string> needed_text(std::string_view name, std::size_t most = 1024) const;
    Result<std::vector<std::string>> texts(std::string_view name, std::size_t most_items) const;
    /// Empty when absent; `invalid` for no whole number or one outside of the bounds.
    Result<std::optional<std::int64_t>> number(std::string_view name, std::int64_t least, std::int64_t most) const;
    Result<bool> truth(std::string_view name, bool if_absent) const;
    Result<std::vector<boost::json::object>> objects(std::string_view name, std::size_t most_items) const;
    /// Empty object when absent.
    Result<boost::json::object> object(std::string_view name) const;
    /// Refuses a member that is none of these: a misspelt name must not be ignored.
    Result<void> only(std::initializer_list<std::string_view> names) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }

  private:
    const boost::json::value* find(std::string_view name) const;
    std::string path_of(std::string_view name) const { return prefix_ + std::string(name); }

    const boost::json::object& object_;
    std::string prefix_;
};

/// `limit` and `after` of a list request.
struct Page {
    std::size_t limit = 50;
    std::string after;
};
/// limit 1 to `most`; `invalid` naming the parameter.
Result<Page> page_of(const Request& request, std::size_t most = 200);

/// The id in the path; `not_found` for what is none.
template <class AnyId>
Result<AnyId> id_in(const Request& request) {
    auto id = AnyId::parse(request.path_values.at(0));
    if (!id) return fail(ErrorKind::not_found, "There is nothing with this id.");
    return id;
}

/// A time in the query; `if_absent` when it is not there.
Result<TimePoint> time_of(const Request& request, std::string_view name, TimePoint if_absent);

inline Response json_response(int status, const boost::json::value& value) {
    return Response::json(status, boost::json::serialize(value));
}

}  // namespace inboxpro::http
