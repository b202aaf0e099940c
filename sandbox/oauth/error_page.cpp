#include <fmt/format.h>

#include <kainjow/mustache.hpp>

#include "sandbox/oauth/pages.h"
#include "sandbox/page.h"

namespace inboxpro::sandbox::oauth {
namespace {

namespace mustache = kainjow::mustache;

constexpr const char* kErrorPage = R"(<main class="narrow"><div class="card">
<h1>{{title}}</h1>
<p>{{message}}</p>
{{#detail}}<p class="soft">The request said <code>{{detail}}</code></p>
{{/detail}}{{#advice}}<p>{{advice}}</p>
{{/advice}}<p class="soft">Error {{status}}: {{error}}</p>
</div></main>)";

struct Explanation {
    std::string_view error, title, advice;  ///< `{}` in a title is the application.
};

constexpr auto kExplanations = std::to_array<Explanation>({
    {"admin_policy_enforced", "Access blocked: your administrator must allow {}",
     "The administrator of your organization has blocked this application. Only the administrator can change that."},
    {"org_internal", "Access blocked: {} is for its own organization only",
     "Choose an account of that organization, or ask the developer to open the application to others."},
    {"deleted_client", "Access blocked: {} no longer exists",
     "The developer has deleted this application's OAuth client. It needs a new client id and a new sign-in."},
    {"invalid_client", "Access blocked: {} is not known",
     "The client id belongs to no application. Its developer should compare it with the one in the console."},
    {"redirect_uri_mismatch", "Access blocked: the request of {} is not valid",
     "The address must be entered for the client, equal in every character: scheme, port and final slash too."},
    {"invalid_scope", "Access blocked: {} asks for what does not exist",
     "The developer should compare the scopes with Google's list."},
    {"invalid_request", "Access blocked: the request of {} is not valid",
     "If you develop this application, correct the request that it sends to the authorization endpoint."},
});

}  // namespace

http::Response error_page(const Obstacle& obstacle, std::string_view application) {
    const auto* found = std::ranges::find(kExplanations, obstacle.error, &Explanation::error);
    const auto& explanation = found == kExplanations.end() ? kExplanations.back() : *found;
    std::string title(explanation.title);
    title.replace(title.find("{}"), 2, application);
    mustache::data data;
    data.set("title", title);
    data.set("status", std::to_string(obstacle.status));
    data.set("error", obstacle.error);
    data.set("message", obstacle.message);
    data.set("advice", std::string(explanation.advice));
    if (!obstacle.detail.empty()) data.set("detail", obstacle.detail);
    return page(obstacle.status, "Error: " + obstacle.error, kErrorPage, data);
}

}  // namespace inboxpro::sandbox::oauth
