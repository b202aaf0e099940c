#include "http/pages/page.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "base/bytes.h"
#include "http/pages/embedded.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;
namespace mustache = kainjow::mustache;

std::string_view embedded(std::string_view name) {
    const auto& files = all_embedded();
    const auto found = std::ranges::find(files, name, &Embedded::name);
    if (found == files.end()) throw std::logic_error(fmt::format("There is no template {}", name));
    return found->content;
}

/// Changes with the style sheet, so that browsers may keep it for good.
std::string_view style_version() {
    static const std::string version = [] {
        const auto style = embedded("pages.css");
        Bytes hash(SHA256_DIGEST_LENGTH, '\0');
        SHA256(reinterpret_cast<const unsigned char*>(style.data()), style.size(),
               reinterpret_cast<unsigned char*>(hash.data()));
        return hex(hash).substr(0, 12);
    }();
    return version;
}

mustache::data as_data(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_bool()) return value.get_bool();
    if (value.is_array()) {
        mustache::data list(mustache::data::type::list);
        for (const auto& item : value.get_array()) list.push_back(as_data(item));
        return list;
    }
    mustache::data object;
    if (value.is_object())
        for (const auto& [name, member] : value.get_object()) object.set(std::string(name), as_data(member));
    return object;
}

mustache::data partial_of(std::string_view name) {
    return mustache::partial([name] { return std::string(embedded(name)); });
}

void add_file(Router& router, std::string_view path, std::string_view name, std::string_view type) {
    router.add(Method::get, path, [name, type](Request) -> Task<Response> {
        Response response{.status = 200, .headers = {}, .body = std::string(embedded(name))};
        response.headers.set("Content-Type", std::string(type));
        response.headers.set("Cache-Control", "public, max-age=31536000, immutable");
        co_return response;
    });
}

}  // namespace

Response page(int status, std::string_view name, const json::object& values, std::string_view form_targets) {
    auto data = as_data(values);
    data.set("head", partial_of("head.mustache"));
    data.set("foot", partial_of("foot.mustache"));
    data.set("style_version", std::string(style_version()));
    mustache::mustache tmpl{std::string(embedded(fmt::format("{}.mustache", name)))};
    if (!tmpl.is_valid()) throw std::logic_error(fmt::format("The template {} is broken", name));

    auto response = Response::html(status, tmpl.render(data));
    response.headers.set("Cache-Control", "no-store");
    // Not no-referrer: with it, browsers send "Origin: null" with our own forms.
    response.headers.set("Referrer-Policy", "same-origin");
    response.headers.set("Content-Security-Policy",
                         fmt::format("default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
                                     "frame-ancestors 'none'; form-action 'self'{}{}",
                                     form_targets.empty() ? "" : " ", form_targets));
    return response;
}

void add_style_route(Router& router) {
    add_file(router, "/pages.css", "pages.css", "text/css; charset=utf-8");
}

void add_icon_route(Router& router) {
    add_file(router, "/favicon.svg", "favicon.svg", "image/svg+xml");
}

}  // namespace inboxpro::http
