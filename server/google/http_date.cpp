#include "google/http_date.h"

#include <date/date.h>

#include <sstream>

namespace inboxpro {

std::optional<TimePoint> from_http_date(std::string_view text) {
    std::istringstream in{std::string(text)};
    date::sys_seconds time;
    in >> date::parse("%a, %d %b %Y %T GMT", time);
    if (in.fail()) return {};
    return TimePoint{time};
}

}  // namespace inboxpro
