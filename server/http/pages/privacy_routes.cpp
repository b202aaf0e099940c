#include "http/pages/privacy_routes.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "http/pages/page.h"
#include "tracking/address.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostShown = 200;

std::string date_of(TimePoint time) {
    return fmt::format("{:%d %B %Y, %H:%M} UTC", std::chrono::floor<std::chrono::seconds>(time));
}

std::string_view maker_of(Label label) {
    switch (label) {
        case Label::human: return "by a person, as far as can be told";
        case Label::proxy: return "through a mail service that fetches images for its readers";
        case Label::prefetch: return "by a mail program that fetches images by itself";
        case Label::scanner: return "by a security scanner";
        case Label::bot: return "by a program";
        case Label::self: break;
    }
    return "by the sender";
}

std::string_view what_of(EventKind kind) {
    switch (kind) {
        case EventKind::open: return "Opened";
        case EventKind::click: return "A link was followed";
        case EventKind::reply: return "You answered";
        case EventKind::bounce: break;
    }
    return "It could not be delivered";
}

json::object event_json(const JudgedEvent& judged) {
    const auto& [event, verdict] = judged;
    const bool was_seen = event.kind == EventKind::open || event.kind == EventKind::click;
    return {
        {"what", what_of(event.kind)}, {"at", date_of(event.at)},   {"maker", was_seen ? maker_of(verdict.label) : ""},
        {"network", event.address},    {"agent", event.user_agent}, {"may_be_others", !event.recipient.has_value()}};
}

json::object mail_json(const FiledMail& mail) {
    json::array events;
    for (const auto& event : mail.events) events.push_back(event_json(event));
    const auto others = mail.message.recipients.size() - 1;
    return {{"at", date_of(mail.message.sent_at.value_or(mail.message.created_at))},
            {"others", others == 0   ? std::string("to you alone")
                       : others == 1 ? std::string("to you and one other")
                                     : fmt::format("to you and {} others", others)},
            {"untracked", !mail.message.not_tracked_because.empty()},
            {"none", events.empty()},
            {"events", std::move(events)}};
}

/// Not to be found by search engines either, should a link have got about.
Response recipient_page(int status, std::string_view name, json::object values) {
    values["recipient"] = true;
    auto response = page(status, name, values);
    response.headers.set("X-Robots-Tag", "noindex, nofollow");
    return response;
}

Response unknown_page() {
    return recipient_page(404, "privacy_unknown", {{"title", "This link leads nowhere"}});
}

Response problem(int status, std::string_view what) {
    return recipient_page(status, "privacy_problem", {{"title", "That did not work just now"}, {"what", what}});
}

Response problem(const Error& error) {
    switch (error.kind) {
        case ErrorKind::not_found: return unknown_page();
        case ErrorKind::denied:
        case ErrorKind::invalid: return problem(400, error.detail);
        default: return problem(503, "This server did not answer in time. Nothing was changed; please try again.");
    }
}

Response back_to_page(const Request& request, std::string_view done) {
    auto response = Response::redirect(303, fmt::format("/privacy/{}?done={}", request.path_values.at(0), done));
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("Referrer-Policy", "same-origin");
    return response;
}

Response in_html(Result<Response> outcome) {
    return outcome ? std::move(*outcome) : problem(outcome.error());
}

}  // namespace

void PrivacyRoutes::add_to(Router& router) {
    router.add(Method::get, "/privacy/{token}", [this](Request request) { return show(std::move(request)); });
    router.add(Method::post, "/privacy/{token}", [this](Request request) { return act(std::move(request)); });
    router.add(Method::get, "/privacy/{token}/export",
               [this](Request request) { return hand_over(std::move(request)); });
}

Task<Response> PrivacyRoutes::show(Request request) {
    co_return in_html(co_await shown(std::move(request)));
}

Task<Response> PrivacyRoutes::hand_over(Request request) {
    co_return in_html(co_await handed_over(std::move(request)));
}

Task<Response> PrivacyRoutes::act(Request request) {
    if (comes_from_elsewhere(request))
        co_return problem(403, "This form was not sent from the page itself, so nothing was done.");
    if (!acts_.admit(kept_address(AddressPolicy::truncated, request.client_ip), clock_.steady())) {
        auto response = problem(429, "There were many requests from your network. Please wait ten minutes.");
        response.headers.set("Retry-After", std::to_string(acts_.within().count()));
        co_return response;
    }
    co_return in_html(co_await acted(std::move(request)));
}

// The token in the path is what lets a request act; there is no cookie that another page could use. A mail program that
// sends no Origin may therefore act too.
bool PrivacyRoutes::comes_from_elsewhere(const Request& request) const {
    return request.headers.has("Origin") &&
           std::ranges::find(settings_.origins, request.headers.get("Origin")) == settings_.origins.end();
}

Task<Result<Response>> PrivacyRoutes::shown(Request request) {
    const auto& text = request.path_values.at(0);
    if (auto proof = open_mailbox_proof(sealer_, text, clock_.now()))
        co_return co_await file_of(std::move(*proof), std::move(request));
    else if (proof.error().kind == ErrorKind::denied)
        co_return recipient_page(410, "privacy_over", {{"title", "The time of this link is over"}});
    const auto token = open_privacy_token(sealer_, text);
    if (!token) co_return unknown_page();
    co_return co_await way_to_object(*token, std::move(request));
}

Task<Result<Response>> PrivacyRoutes::handed_over(Request request) {
    const auto proof = open_mailbox_proof(sealer_, request.path_values.at(0), clock_.now());
    if (!proof) co_return unknown_page();
    auto response =
        Response::json(200, json::serialize(CO_TRY(co_await files_.exported(proof->account, proof->address))));
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("Referrer-Policy", "same-origin");
    response.headers.set("X-Robots-Tag", "noindex, nofollow");
    response.headers.set("Content-Disposition", "attachment; filename=\"what-is-stored-about-me.json\"");
    co_return response;
}

Task<Result<Response>> PrivacyRoutes::acted(Request request) {
    const auto& text = request.path_values.at(0);
    auto form = CO_TRY(Form::of_anybody(request));
    std::string done;
    if (auto proof = open_mailbox_proof(sealer_, text, clock_.now())) {
        CO_TRY(co_await act_with_proof(std::move(*proof), std::move(form), done));
    } else {
        const auto token = open_privacy_token(sealer_, text);
        if (!token) co_return unknown_page();
        CO_TRY(co_await act_from_mail(*token, std::move(form), done));
    }
    co_return back_to_page(request, done);
}

Task<Result<std::optional<Message>>> PrivacyRoutes::message_of(PrivacyToken token) {
    auto message = co_await messages_.get(token.account, token.message);
    if (message) co_return std::move(*message);
    if (message.error().kind == ErrorKind::not_found) co_return std::optional<Message>{};
    co_return std::unexpected(message.error());
}

Task<Result<Response>> PrivacyRoutes::way_to_object(PrivacyToken token, Request request) {
    const auto message = CO_TRY(co_await message_of(token));
    auto& objections = consents_.objections();
    CO_TRY(co_await objections.catch_up());
    const bool is_one = token.recipient != TrackingToken::kAnyRecipient;
    const bool objected =
        objections.holds(token.message.raw) ||
        (message && is_one && objections.silence(token.message, token.recipient, *objections.people_of(*message)));
    const auto done = request.query_value("done").value_or("");
    co_return recipient_page(200, "privacy_object",
                             {{"title", objected ? "You are not tracked" : "This mail is tracked"},
                              {"objected", objected},
                              {"one", is_one},
                              {"several", !is_one},
                              {"known", message.has_value()},
                              {"mailed", done == "mailed"}});
}

Task<Result<Response>> PrivacyRoutes::file_of(MailboxProof proof, Request request) {
    const auto account = co_await accounts_.get(proof.account);
    if (!account) co_return std::unexpected(account.error());
    auto& objections = consents_.objections();
    CO_TRY(co_await objections.catch_up());
    json::array mails;
    for (const auto& mail : CO_TRY(co_await files_.mails(proof.account, proof.address, kMostShown)))
        mails.push_back(mail_json(mail));
    const auto done = request.query_value("done").value_or("");
    const bool more = mails.size() == kMostShown;
    co_return recipient_page(200, "privacy_file",
                             {{"title", "What is stored about you"},
                              {"address", proof.address},
                              {"sender", account->email},
                              {"token", request.path_values.at(0)},
                              {"objected", objections.holds(objections.person(proof.address))},
                              {"erased", done == "erased"},
                              {"unconfirmed", done == "unconfirmed"},
                              {"none", mails.empty()},
                              {"some", !mails.empty()},
                              {"more", more},
                              {"until", date_of(proof.until)},
                              {"mails", std::move(mails)}});
}

Task<Result<void>> PrivacyRoutes::act_from_mail(PrivacyToken token, Form form, std::string& done) {
    const auto action = CO_TRY(form.one("action"));
    if (action == "link") {
        done = "mailed";
        co_return co_await ask_for_link(token, CO_TRY(form.one("address")));
    }
    if (!action.empty() && action != "object") co_return fail(ErrorKind::invalid, "This page does not know that.");
    done = "objected";
    co_return co_await object(token);
}

Task<Result<void>> PrivacyRoutes::act_with_proof(MailboxProof proof, Form form, std::string& done) {
    const auto action = CO_TRY(form.one("action"));
    auto& objections = consents_.objections();
    if (action == "object") {
        done = "objected";
        co_return co_await objections.object(objections.person(proof.address));
    }
    if (action != "erase") co_return fail(ErrorKind::invalid, "This page does not know that.");
    done = CO_TRY(form.one("sure")) == "yes" ? "erased" : "unconfirmed";
    if (done != "erased") co_return Result<void>{};
    co_return co_await files_.erase(proof.account, proof.address);
}

Task<Result<void>> PrivacyRoutes::object(PrivacyToken token) {
    auto& objections = consents_.objections();
    const auto message = CO_TRY(co_await message_of(token));
    const bool is_known = message && token.recipient < message->recipients.size() &&
                          !message->recipients[token.recipient].address.empty();
    if (!is_known) co_return co_await objections.object(token.message);
    co_return co_await objections.object(objections.person(message->recipients[token.recipient].address));
}

Task<Result<void>> PrivacyRoutes::ask_for_link(PrivacyToken token, std::string address) {
    const auto message = CO_TRY(co_await message_of(token));
    if (!message) co_return Result<void>{};
    const auto wanted = normalised_address(address);
    for (std::size_t i = 0; i < message->recipients.size(); ++i) {
        const auto& known = message->recipients[i].address;
        const bool is_meant = token.recipient == TrackingToken::kAnyRecipient ? normalised_address(known) == wanted
                                                                              : token.recipient == i;
        if (known.empty() || !is_meant) continue;
        const auto person = std::string(token.account.view()) + normalised_address(known);
        const auto now = clock_.steady();
        if (links_to_one_.admit(person, now) && links_from_one_.admit(token.account.view(), now))
            settings_.in_background(mail_link(token.account, known));
    }
    co_return Result<void>{};
}

Task<void> PrivacyRoutes::mail_link(AccountId account, std::string address) {
    const MailboxProof proof{.account = account, .address = address, .until = clock_.now() + kProofHolds};
    Submission letter{.from = {}, .track = {.opens = false, .clicks = false}};
    letter.mail.to = {{.address = address}};
    letter.mail.subject = "Your link: what is stored about you";
    letter.mail.text = fmt::format(
        "Somebody, most likely you, asked from a mail of mine what InboxPro has stored about you.\n\n"
        "This link shows it, and lets you take it along or erase it. It works until {}:\n\n{}/privacy/{}\n\n"
        "If you did not ask, you need not do anything. This mail is not tracked.\n",
        date_of(proof.until), settings_.tracking_origin, seal_mailbox_proof(sealer_, proof));
    const auto submitted = co_await outbox_.submit(account, std::move(letter));
    if (!submitted && settings_.on_failure) settings_.on_failure(submitted.error());
}

}  // namespace inboxpro::http
