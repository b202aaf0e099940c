#include "accounts/sending_rules.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

namespace inboxpro {
namespace {

constexpr int kPersonal = 400;
constexpr int kWorkspace = 1'600;

}  // namespace

int most_a_day(const std::string& email) {
    const bool personal = boost::iends_with(email, "@gmail.com") || boost::iends_with(email, "@googlemail.com");
    return personal ? kPersonal : kWorkspace;
}

int daily_limit_of(const SendingRules& rules, const std::string& email) {
    return std::min(rules.daily_limit.value_or(kWorkspace), most_a_day(email));
}

}  // namespace inboxpro
