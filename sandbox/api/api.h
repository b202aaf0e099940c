#pragma once
#include "sandbox/api/method.h"
#include "sandbox/api/quota.h"
#include "sandbox/api/uploads.h"
#include "sandbox/calls.h"
#include "sandbox/google_error.h"
#include "sandbox/oauth/grants.h"

namespace inboxpro::sandbox {

/// One call whose token is good for its method.
struct Call {
    const http::Request& request;
    User& user;
    const oauth::Access& access;
    std::chrono::milliseconds lag{0};  ///< What is younger is not shown yet (a fault).

    /// What a placeholder of the path matched.
    const std::string& path_value(std::size_t index) const { return request.path_values.at(index); }
    std::string query(std::string_view name) const;  ///< Empty when absent.
    std::vector<std::string> queries(std::string_view name) const;
};

using Serve = std::function<Answer(const Call&)>;

/// What the doors of all APIs share; everything outlives the router.
struct Gatekeeper {
    Calls& calls;
    const oauth::Grants& grants;
    Quota& quota;
    Uploads& uploads;
};

/// The methods of one API as routes: each finds the token, checks its scopes and takes the units it costs.
class Api {
  public:
    /// `methods` is a table that lives until the end.
    Api(Gatekeeper gatekeeper, std::span<const ApiMethod> methods) : gatekeeper_(gatekeeper), methods_(methods) {}

    /// `id` as in the table. Uploads come to the same function, resumable ones when they are complete.
    void add(std::string_view id, Serve serve);

  private:
    void add_uploads(const ApiMethod& method, const Serve& serve);

    Gatekeeper gatekeeper_;
    std::span<const ApiMethod> methods_;
};

/// Decimal digits and nothing else.
std::optional<std::uint64_t> to_number(std::string_view text);

/// A number of the query (maxResults, pageSize) between 1 and `most`; `standard` when it is absent or 0. 400 for
/// anything that is no number.
std::expected<std::size_t, GoogleError> page_size(const Call& call, std::string_view name, std::size_t standard,
                                                  std::size_t most);

/// Where the page begins, from pageToken; 0: at the beginning. 400 for a token that is none of ours.
std::expected<std::uint64_t, GoogleError> page_start(const Call& call);

}  // namespace inboxpro::sandbox
