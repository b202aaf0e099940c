#include "sandbox/form.h"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "http/server/text.h"

namespace inboxpro::sandbox {

Form Form::of(const http::Request& request) {
    Form form;
    form.fields_ = request.query;
    auto type = request.headers.get("Content-Type");
    if (!http::same_ignoring_case(http::trimmed(http::take_until(type, ';')), "application/x-www-form-urlencoded"))
        return form;
    for (std::string_view rest = request.body; !rest.empty();) {
        auto value = http::take_until(rest, '&');
        const auto name = http::percent_decoded(http::take_until(value, '='), true);
        const auto text = http::percent_decoded(value, true);
        if (name && text) form.fields_.emplace_back(*name, *text);
    }
    return form;
}

std::string Form::get(std::string_view name) const {
    const auto found = std::ranges::find(fields_, name, &std::pair<std::string, std::string>::first);
    return found == fields_.end() ? std::string{} : found->second;
}

bool Form::has(std::string_view name) const {
    return std::ranges::find(fields_, name, &std::pair<std::string, std::string>::first) != fields_.end();
}

std::vector<std::string> Form::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : fields_)
        if (key == name) values.push_back(value);
    return values;
}

std::string query_encoded(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

}  // namespace inboxpro::sandbox
