#pragma once
#include "accounts/account.h"
#include "http/api/json_input.h"
#include "outbox/send.h"

namespace inboxpro::http {

/// When an account sends and how much a day: time_zone, hours, daily_limit, most_a_day.
boost::json::object sending_json(const Account& account);
/// The `sending` member of a change: what it leaves out stays. Refusals name the field.
Result<SendingRules> sending_from(const JsonInput& input, SendingRules rules, const Zones& zones);

/// Why a mail goes out later than its writer said, with one plain sentence.
boost::json::object put_off_json(const Send& send);

}  // namespace inboxpro::http
