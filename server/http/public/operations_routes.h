#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "http/server/message.h"

namespace inboxpro::http {

/// One figure of /metrics. Counters end in "_total".
struct Figure {
    std::string name;
    std::string help;
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
};

struct Operations {
    std::function<Task<Result<void>>()> ready;     ///< Whether this node can do its work now.
    std::function<std::vector<Figure>()> figures;  ///< Read at each visit of /metrics.
    std::string security_contact;                  ///< A URL or mailto: of /.well-known/security.txt.
};

/// /healthz (the process lives), /readyz (it can work), /metrics (Prometheus text), /.well-known/security.txt (RFC
/// 9116).
void add_operations_routes(Router& router, Operations operations, const Clock& clock);

}  // namespace inboxpro::http
