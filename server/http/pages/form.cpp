#include "http/pages/form.h"

#include "http/server/text.h"

namespace inboxpro::http {

Result<Form> Form::of(const Request& request, std::string_view app_origin) {
    if (request.headers.get("Origin") != app_origin)
        return fail(ErrorKind::denied, "This form was not sent from InboxPro's own page.");
    return of_body(request);
}

Result<Form> Form::of_anybody(const Request& request) {
    return request.body.empty() ? Form{} : of_body(request);
}

Result<Form> Form::of_body(const Request& request) {
    auto rest = request.headers.get("Content-Type");
    if (!same_ignoring_case(trimmed(take_until(rest, ';')), "application/x-www-form-urlencoded"))
        return fail(ErrorKind::invalid, "This is not a form that InboxPro knows.");
    Form form;
    for (std::string_view fields = request.body; !fields.empty();) {
        auto field = take_until(fields, '&');
        auto name = percent_decoded(take_until(field, '='), true);
        auto value = percent_decoded(field, true);
        if (!name || !value || !is_utf8(*value)) return fail(ErrorKind::invalid, "The form could not be read.");
        form.fields_.emplace(std::move(*name), std::move(*value));
    }
    return form;
}

Result<std::string> Form::one(const std::string& name) const {
    if (fields_.count(name) > 1) return fail_field(name, "The form holds a field twice.");
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::string{} : found->second;
}

std::set<std::string> Form::all(const std::string& name) const {
    std::set<std::string> values;
    const auto [first, last] = fields_.equal_range(name);
    for (auto field = first; field != last; ++field) values.insert(field->second);
    return values;
}

}  // namespace inboxpro::http
