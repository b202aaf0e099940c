#pragma once
#include "app/config.h"
#include "google/endpoints.h"
#include "google/unit_budget.h"

namespace inboxpro::app {

/// Google's own, or those of the one that google.endpoint names.
GoogleEndpoints endpoints_of(const Config& config);
/// Without google.client_id a client that can do nothing, and a warning in the log. `invalid` or `not_found` with one
/// plain sentence.
Result<GoogleClient> google_client_of(const Config& config);
/// Of one process: several share Google's quota and must be given less each.
UnitBudget::Settings unit_budget_of(const Config& config);

}  // namespace inboxpro::app
