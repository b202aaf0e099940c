#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"

namespace inboxpro {

/// 128 bits: 48 of milliseconds since 1970, then 80 of randomness. Sorts by time of making; cannot be guessed.
/// Text form: 26 characters of Crockford's base 32 in lower case, in the same order (the ULID layout).
struct RawId {
    std::array<std::uint8_t, 16> bytes{};

    static RawId make(TimePoint now, Random& random);
    /// Exactly 16 bytes, `corrupt` otherwise.
    static Result<RawId> from_bytes(BytesView bytes);
    /// Exactly the 26-character form, `invalid` otherwise.
    static Result<RawId> parse(std::string_view text);

    BytesView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    std::string text() const;
    bool is_nil() const { return *this == RawId{}; }
    TimePoint made_at() const;

    friend auto operator<=>(const RawId&, const RawId&) = default;
};

/// An id of one kind of thing, so that kinds cannot be mixed up: `Id<struct MessageTag>`. Default: nil, names nothing.
template <class Tag>
struct Id {
    RawId raw;

    static Id make(TimePoint now, Random& random) { return {RawId::make(now, random)}; }
    static Result<Id> parse(std::string_view text) { return Id{TRY(RawId::parse(text))}; }
    static Result<Id> from_bytes(BytesView bytes) { return Id{TRY(RawId::from_bytes(bytes))}; }
    BytesView view() const { return raw.view(); }
    std::string text() const { return raw.text(); }
    bool is_nil() const { return raw.is_nil(); }

    friend auto operator<=>(const Id&, const Id&) = default;
};

using AccountId = Id<struct AccountTag>;
using MessageId = Id<struct MessageTag>;  ///< Ours, not the Message-ID header.
using EventId = Id<struct EventTag>;

}  // namespace inboxpro

template <>
struct std::hash<inboxpro::RawId> {
    std::size_t operator()(const inboxpro::RawId& id) const noexcept {
        return std::hash<std::string_view>{}(id.view());
    }
};
template <class Tag>
struct std::hash<inboxpro::Id<Tag>> {
    std::size_t operator()(const inboxpro::Id<Tag>& id) const noexcept { return std::hash<inboxpro::RawId>{}(id.raw); }
};
