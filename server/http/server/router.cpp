#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <boost/core/demangle.hpp>
#include <map>
#include <stdexcept>

#include "http/server/message.h"

namespace inboxpro::http {

namespace {

constexpr std::size_t kMethods = 7;

using Values = std::vector<std::string>;

std::string_view next_segment(std::string_view& path) {
    const auto slash = path.find('/');
    const auto segment = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    return segment;
}

/// The type says what kind of bug it was; the text of an exception may hold what a log must not.
std::string type_of(const std::exception& error) {
    return boost::core::demangle(typeid(error).name());
}

Response internal_error(std::string_view request_id) {
    return error_response(500, "internal",
                          fmt::format("Something went wrong on our side. Request {} is in the log.", request_id));
}

/// For a path that is known with other methods than the one asked for.
Response other_methods(Method asked, std::string allowed) {
    if (!allowed.contains("OPTIONS")) allowed += ", OPTIONS";
    auto response = asked == Method::options
                        ? Response{.status = 204, .headers = {}, .body = {}}
                        : error_response(405, "method_not_allowed", "This address does not take that method.");
    response.headers.add("Allow", std::move(allowed));
    return response;
}

}  // namespace

struct Router::Route {
    std::string pattern;
    Handler handler;
};

/// One place in the tree of segments.
struct Router::Node {
    using Routes = std::array<std::unique_ptr<Route>, kMethods>;
    struct Placeholder {
        std::string ending;
        std::unique_ptr<Node> node;
    };

    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::vector<Placeholder> placeholders;  ///< Longest ending first.
    Routes here;                            ///< For a path that ends here.
    Routes rest;                            ///< For whatever follows.

    Node& child(std::string_view segment);
    const Route* find(std::string_view path, bool ended, Method method, Values& values, std::string& allowed) const;
    static const Route* pick(const Routes& routes, Method method, std::string& allowed);
};

Router::Node& Router::Node::child(std::string_view segment) {
    if (!segment.starts_with('{')) {
        auto& node = literals[std::string(segment)];
        if (!node) node = std::make_unique<Node>();
        return *node;
    }
    const auto close = segment.find('}');
    if (close == std::string_view::npos || segment.contains('*'))
        throw std::logic_error(fmt::format("A route's placeholder is misspelt: {}", segment));
    const std::string ending(segment.substr(close + 1));
    auto at = std::ranges::find(placeholders, ending, &Placeholder::ending);
    if (at == placeholders.end()) {
        at = std::ranges::find_if(placeholders, [&](auto& other) { return other.ending.size() < ending.size(); });
        at = placeholders.insert(at, {ending, std::make_unique<Node>()});
    }
    return *at->node;
}

const Router::Route* Router::Node::pick(const Routes& routes, Method method, std::string& allowed) {
    const auto& exact = routes[static_cast<std::size_t>(method)];
    if (exact) return exact.get();
    const auto& get = routes[static_cast<std::size_t>(Method::get)];
    if (method == Method::head && get) return get.get();
    for (std::size_t i = 0; i < kMethods; ++i) {
        if (!routes[i]) continue;
        const auto name = name_of(static_cast<Method>(i));
        if (!allowed.contains(name)) allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", name);
        if (static_cast<Method>(i) == Method::get && !allowed.contains("HEAD")) allowed += ", HEAD";
    }
    return nullptr;
}

const Router::Route* Router::Node::find(std::string_view path, bool ended, Method method, Values& values,
                                        std::string& allowed) const {
    if (ended) return pick(here, method, allowed);
    std::string_view after = path;
    const auto segment = next_segment(after);
    const bool last = segment.size() == path.size();
    if (auto literal = literals.find(segment); literal != literals.end())
        if (auto* route = literal->second->find(after, last, method, values, allowed)) return route;
    for (const auto& [ending, node] : placeholders) {
        if (segment.size() <= ending.size() || !segment.ends_with(ending)) continue;
        values.emplace_back(segment.substr(0, segment.size() - ending.size()));
        if (auto* route = node->find(after, last, method, values, allowed)) return route;
        values.pop_back();
    }
    auto* route = pick(rest, method, allowed);
    if (route) values.emplace_back(path);
    return route;
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string_view path, Handler handler) {
    if (!path.starts_with('/')) throw std::logic_error(fmt::format("A route's path begins with a slash: {}", path));
    auto* node = root_.get();
    auto* routes = &node->here;
    std::string_view segments = path.substr(1);
    for (bool last = false; !last;) {
        const auto before = segments.size();
        const auto segment = next_segment(segments);
        last = segment.size() == before;
        if (last && segment.starts_with('{') && segment.ends_with("*}")) {
            routes = &node->rest;
        } else {
            node = &node->child(segment);
            routes = &node->here;
        }
    }
    auto& route = (*routes)[static_cast<std::size_t>(method)];
    if (route) throw std::logic_error(fmt::format("Two handlers for {} {}", name_of(method), path));
    routes_.push_back(fmt::format("{} {}", name_of(method), path));
    route = std::make_unique<Route>(std::string(path), std::move(handler));
}

void Router::otherwise(Handler handler) {
    otherwise_ = std::make_unique<Route>("-", std::move(handler));
}

std::vector<std::string> Router::routes() const {
    return routes_;
}

Task<Response> Router::answer(Request request) const {
    std::string allowed;
    const Route* route = nullptr;
    if (request.path == "*") {
        allowed = "GET, HEAD, POST, PUT, PATCH, DELETE";  // OPTIONS of the server as a whole
    } else if (request.path.starts_with('/')) {
        const auto path = std::string_view(request.path).substr(1);
        route = root_->find(path, false, request.method, request.path_values, allowed);
    }
    if (!route && !allowed.empty()) co_return other_methods(request.method, std::move(allowed));
    if (!route) route = otherwise_.get();
    if (!route) co_return error_response(404, "not_found", "There is nothing at this address.");

    const bool logs = spdlog::should_log(spdlog::level::debug);
    const auto started = logs ? std::chrono::steady_clock::now() : std::chrono::steady_clock::time_point{};
    const auto method = request.method;
    const std::string request_id = request.request_id;
    Response response;
    try {
        response = co_await route->handler(std::move(request));
    } catch (const std::exception& error) {
        spdlog::error("{} {} failed with {}, request {}", name_of(method), route->pattern, type_of(error), request_id);
        response = internal_error(request_id);
    }
    if (logs) {
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - started;
        spdlog::debug("{} {} {} {:.1f} ms, request {}", name_of(method), route->pattern, response.status, took.count(),
                      request_id);
    }
    co_return response;
}

}  // namespace inboxpro::http
