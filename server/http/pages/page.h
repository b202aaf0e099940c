#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "http/server/message.h"

namespace inboxpro::http {

/// A page rendered here: `name` is a template of templates/ without its ending, `values` what it shows, escaped.
/// Pages run no script, load nothing but our style sheet, and are never cached. `form_targets`: origins besides ours
/// to which a form of the page may lead.
Response page(int status, std::string_view name, const boost::json::object& values, std::string_view form_targets = {});

/// GET /pages.css
void add_style_route(Router& router);
/// GET /favicon.svg, where no dashboard brings its own.
void add_icon_route(Router& router);

}  // namespace inboxpro::http
