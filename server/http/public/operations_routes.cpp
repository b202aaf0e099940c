#include "http/public/operations_routes.h"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <map>

namespace inboxpro::http {
namespace {

constexpr std::chrono::days kSecurityTxtLife{180};

std::vector<prometheus::MetricFamily> families_of(const std::vector<Figure>& figures) {
    std::map<std::string, prometheus::MetricFamily> families;
    for (const auto& figure : figures) {
        auto& family = families[figure.name];
        const bool counter = figure.name.ends_with("_total");
        family.name = figure.name;
        family.help = figure.help;
        family.type = counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
        prometheus::ClientMetric metric;
        for (const auto& [name, value] : figure.labels) metric.label.push_back({name, value});
        (counter ? metric.counter.value : metric.gauge.value) = figure.value;
        family.metric.push_back(std::move(metric));
    }
    std::vector<prometheus::MetricFamily> list;
    for (auto& [name, family] : families) list.push_back(std::move(family));
    return list;
}

Response metrics(const std::vector<Figure>& figures) {
    auto response = Response::text(200, prometheus::TextSerializer().Serialize(families_of(figures)));
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return response;
}

Task<Response> readiness(Task<Result<void>> check) {
    const auto ready = co_await std::move(check);
    if (!ready) co_return Response::text(503, fmt::format("not ready: {}\n", ready.error().detail));
    co_return Response::text(200, "ready\n");
}

}  // namespace

void add_operations_routes(Router& router, Operations operations, const Clock& clock) {
    router.add(Method::get, "/healthz", [](Request) { return at_once(Response::text(200, "alive\n")); });
    router.add(Method::get, "/readyz", [ready = operations.ready](Request) { return readiness(ready()); });
    router.add(Method::get, "/metrics",
               [figures = operations.figures](Request) { return at_once(metrics(figures())); });
    router.add(Method::get, "/.well-known/security.txt", [contact = operations.security_contact, &clock](Request) {
        const auto expires = std::chrono::floor<std::chrono::days>(clock.now()) + kSecurityTxtLife;
        return at_once(Response::text(
            200, fmt::format("Contact: {}\nExpires: {}\nPreferred-Languages: en\n", contact, to_rfc3339(expires))));
    });
}

}  // namespace inboxpro::http
