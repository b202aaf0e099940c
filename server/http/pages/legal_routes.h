#pragma once
#include <string>

#include "http/server/message.h"

namespace inboxpro::http {

/// GET /terms and GET /privacy-policy. `app_origin` names the server that they speak of.
void add_legal_routes(Router& router, std::string app_origin);

}  // namespace inboxpro::http
