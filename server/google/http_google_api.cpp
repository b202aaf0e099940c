#include "google/http_google_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "google/errors.h"

namespace inboxpro {

std::string percent_encoded(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

bool is_success(int status) {
    return status >= 200 && status < 300;
}

Task<Result<Bytes>> HttpGoogleApi::api(Secret access_token, HttpCall call) {
    constexpr std::string_view kType = "Content-Type: ";
    const bool typed = std::ranges::any_of(call.headers, [&](const auto& header) { return header.starts_with(kType); });
    if (!typed && !call.body.empty()) call.headers.push_back(fmt::format("{}application/json", kType));
    call.headers.push_back(fmt::format("Authorization: Bearer {}", access_token.reveal()));
    auto answer = CO_TRY(co_await http_.call(std::move(call)));
    if (!is_success(answer.status))
        co_return std::unexpected(api_error(answer.status, answer.body, answer.retry_after, clock_.now()));
    co_return std::move(answer.body);
}

}  // namespace inboxpro
