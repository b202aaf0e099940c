#pragma once
#include "sandbox/google_error.h"

// Calendar's refusals, each with the code, reason and words that Google gives them.
namespace inboxpro::sandbox::calendar {

using Refusal = std::unexpected<GoogleError>;

Refusal invalid(std::string message);   ///< 400 invalid
Refusal required(std::string message);  ///< 400 required
// 400 invalidParameter, invalid and required, naming a parameter of the query.
Refusal invalid_parameter(std::string_view name, std::string message);
Refusal invalid_token(std::string_view name);
Refusal required_parameter(std::string_view name);
Refusal time_range_empty();                          ///< 400 timeRangeEmpty
Refusal time_range_too_long();                       ///< 400 timeRangeTooLong
Refusal sync_token_with_others();                    ///< 400: a syncToken beside a parameter that it forbids.
Refusal full_sync_required();                        ///< 410 fullSyncRequired
Refusal channel_id_not_unique(std::string_view id);  ///< 400 channelIdNotUnique
Refusal not_https(std::string_view address);         ///< 400 push.webhookUrlNotHttps
Refusal not_found();                                 ///< 404 notFound
Refusal duplicate();                                 ///< 409 duplicate
Refusal deleted();                                   ///< 410 deleted
Refusal condition_not_met();                         ///< 412 conditionNotMet
Refusal quota_exceeded();                            ///< 403 quotaExceeded
Refusal forbidden();                                 ///< 403 forbidden
Refusal forbidden_for_non_organizer();               ///< 403 forbiddenForNonOrganizer
Refusal writer_access_required();                    ///< 403 requiredAccessLevel

}  // namespace inboxpro::sandbox::calendar
