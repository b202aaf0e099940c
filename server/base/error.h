#pragma once
#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace inboxpro {

/// What the caller can do about it, not where it came from.
enum class ErrorKind {
    not_found,     ///< The thing does not exist, or not for this caller.
    conflict,      ///< Somebody else changed or made it first; read again and decide.
    invalid,       ///< The input can never be accepted; `field` may name the culprit.
    denied,        ///< Who asks may not do this.
    rate_limited,  ///< Later, see `retry_after`.
    unavailable,   ///< A store or a service does not answer; the outcome of a write may be unknown.
    corrupt        ///< Stored or received bytes cannot be read or fail their check.
};

/// A failure as a value. `detail` is one plain sentence that may be logged and shown: it holds no mail text, no address
/// and no secret.
struct Error {
    ErrorKind kind;
    std::string detail;
    std::optional<std::chrono::seconds> retry_after = {};  ///< Only with rate_limited.
    std::string field = {};  ///< Only with invalid: the input field that is wrong, or empty.
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string detail) {
    return std::unexpected(Error{.kind = kind, .detail = std::move(detail)});
}

/// A refusal that names the input field, as the API reports it.
inline std::unexpected<Error> fail_field(std::string field, std::string detail) {
    return std::unexpected(Error{.kind = ErrorKind::invalid, .detail = std::move(detail), .field = std::move(field)});
}

/// "not_found", "conflict" ... as they appear in API errors and in the log.
std::string_view name_of(ErrorKind kind);

}  // namespace inboxpro

/// The value of a Result, or return its error from the enclosing function.
#define TRY(...) INBOXPRO_TRY_(return, __COUNTER__, __VA_ARGS__)
/// The same inside a coroutine.
#define CO_TRY(...) INBOXPRO_TRY_(co_return, __COUNTER__, __VA_ARGS__)

// Every use gets a variable of its own name, so that one may stand inside another.
#define INBOXPRO_TRY_(leave, number, ...) INBOXPRO_TRY_NAMED_(leave, number, __VA_ARGS__)
#define INBOXPRO_TRY_NAMED_(leave, number, ...)                                                  \
    ({                                                                                           \
        auto try_result_##number = (__VA_ARGS__);                                                \
        if (!try_result_##number) leave std::unexpected(std::move(try_result_##number).error()); \
        ::inboxpro::detail::value_of(std::move(try_result_##number));                            \
    })

namespace inboxpro::detail {
template <class T>
T value_of(std::expected<T, Error>&& result) {
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace inboxpro::detail
