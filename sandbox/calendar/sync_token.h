#pragma once
#include "sandbox/calendar/calendar.h"
#include "sandbox/google_error.h"

namespace inboxpro::sandbox::calendar {

/// Where a list stood when it was read to its end.
struct SyncPoint {
    std::uint64_t stamp = 0;  ///< What has a greater one is news.
    Window window;            ///< Of the first list; later ones keep to it.
};

/// Sync tokens: kept for a week, and until they are made to expire. Not thread-safe.
class SyncTokens {
  public:
    static constexpr std::chrono::hours kKept{7 * 24};

    explicit SyncTokens(const Clock& clock) : clock_(clock) {}
    /// `list` names what is listed; a token is good for that alone.
    std::string issue(std::string_view list, const SyncPoint& point) const;
    /// 400 `invalid` for what is no token of this list, 410 `fullSyncRequired` for an old one.
    std::expected<SyncPoint, GoogleError> read(std::string_view list, std::string_view token) const;
    void expire_all() { ++generation_; }

  private:
    const Clock& clock_;
    std::int64_t generation_ = 0;
};

/// Where the next page of a list begins.
struct PagePoint {
    std::uint64_t stamp = 0;  ///< Of the first page's moment: from there the sync token counts.
    std::string after;        ///< The key of the last entry that was sent.
};
std::string to_page_token(const PagePoint& point);
/// The beginning for an empty token; 400 `invalid` for what is none.
std::expected<PagePoint, GoogleError> read_page_token(std::string_view token);

}  // namespace inboxpro::sandbox::calendar
