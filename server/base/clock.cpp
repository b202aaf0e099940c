#include "base/clock.h"

#include <date/date.h>

#include <sstream>

namespace inboxpro {

TimePoint SystemClock::now() const {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyPoint SystemClock::steady() const {
    return std::chrono::steady_clock::now();
}

std::string to_rfc3339(TimePoint time) {
    return date::format("%FT%TZ", time);
}

std::optional<TimePoint> from_rfc3339(std::string_view text) {
    std::string whole(text);
    for (char& character : whole)
        if (character == 't' || character == 'z') character = static_cast<char>(character - 'a' + 'A');
    if (whole.size() < 20 || whole[10] != 'T') return {};
    const bool utc = whole.ends_with('Z');
    std::istringstream in(whole);
    TimePoint time;
    in >> date::parse(utc ? "%FT%TZ" : "%FT%T%Ez", time);
    if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return {};
    return time;
}

std::string to_http_date(TimePoint time) {
    return date::format("%a, %d %b %Y %T GMT", std::chrono::floor<std::chrono::seconds>(time));
}

}  // namespace inboxpro
