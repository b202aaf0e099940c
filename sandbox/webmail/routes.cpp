#include "sandbox/webmail/routes.h"

#include <date/date.h>
#include <fmt/format.h>

#include <kainjow/mustache.hpp>

#include "http/server/text.h"
#include "sandbox/form.h"
#include "sandbox/page.h"
#include "sandbox/webmail/body.h"

namespace inboxpro::sandbox {
namespace {

namespace mustache = kainjow::mustache;
using gmail::Message;
using http::Request;
using http::Response;

constexpr std::size_t kListed = 100;

constexpr const char* kFrontPage = R"(<main>
<div class="card">
<h1>A local Google</h1>
<p>Sign-in and Gmail for trying InboxPro without an account at Google. Everything here is made up, lives in this
program's memory and is gone when it stops.</p>
</div>
<h1>Mailboxes</h1>
<div class="card list">
{{#users}}<a class="row" href="/mail/{{path}}"><span class="who">{{name}}</span><span class="what">{{address}}</span><span class="when">{{unread}} unread</span></a>
{{/users}}{{^users}}<p class="row soft">No accounts yet.</p>
{{/users}}</div>
</main>)";

constexpr const char* kListPage = R"(<main>
<h1>Sandbox mail of {{name}}</h1>
<div class="soft">{{address}}</div>
<nav class="tabs"><a href="/mail/{{path}}"{{#inbox}} class="here"{{/inbox}}>Inbox</a><a href="/mail/{{path}}?box=sent"{{^inbox}} class="here"{{/inbox}}>Sent</a></nav>
<div class="card list">
{{#messages}}<a class="row{{#unread}} unread{{/unread}}" href="/mail/{{path}}/{{id}}"><span class="who">{{who}}</span><span class="what"><b>{{subject}}</b> <span class="soft">{{{snippet}}}</span></span><span class="when">{{when}}</span></a>
{{/messages}}{{^messages}}<p class="row soft">Nothing here yet.</p>
{{/messages}}</div>
</main>)";

constexpr const char* kMessagePage = R"(<main>
<nav class="tabs"><a href="/mail/{{path}}">Back to the inbox</a></nav>
<article class="card">
<h1>{{subject}}</h1>
<dl>
{{#fields}}<dt>{{name}}</dt><dd>{{value}}</dd>
{{/fields}}</dl>
<p></p>
<iframe title="The mail" src="/mail/{{path}}/{{id}}/body" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
{{#any_attachments}}<div class="attachments">
{{#attachments}}<a href="/mail/{{path}}/{{id}}/part/{{part}}">{{name}} <span class="soft">{{size}}</span></a>
{{/attachments}}</div>
{{/any_attachments}}</article>
</main>)";

Response not_found() {
    return page(404, "Not found", R"(<main><div class="card"><h1>There is nothing here</h1></div></main>)", {});
}

std::string shown(const Mailbox& mailbox) {
    return mailbox.name.empty() ? mailbox.address : mailbox.name;
}

std::string shown_time(TimePoint time) {
    return date::format("%e %b %Y, %H:%M UTC", std::chrono::floor<std::chrono::minutes>(time));
}

std::string shown_size(std::size_t bytes) {
    return bytes < 1024 ? fmt::format("{} B", bytes) : fmt::format("{:.0f} KB", static_cast<double>(bytes) / 1024);
}

std::string subject_of(const Message& message) {
    const auto& subject = message.mail->envelope.subject;
    return subject.empty() ? "(no subject)" : subject;
}

Response front_page(Users& users) {
    mustache::data list{mustache::data::type::list};
    for (const auto* user : users.all()) {
        mustache::data entry;
        entry.set("name", user->name);
        entry.set("address", user->address);
        entry.set("path", query_encoded(user->address));
        entry.set("unread", std::to_string(user->mailbox.figures("INBOX").messages_unread));
        list << entry;
    }
    mustache::data data;
    data.set("users", list);
    return page(200, "Sandbox", kFrontPage, data);
}

mustache::data list_entry(const Message& message, bool inbox) {
    const auto& envelope = message.mail->envelope;
    const auto& people = inbox ? envelope.from : envelope.to;
    mustache::data entry;
    entry.set("id", gmail::to_text(message.id));
    entry.set("who", people.empty() ? "" : shown(people.front()));
    entry.set("subject", subject_of(message));
    entry.set("snippet", message.mail->snippet);
    entry.set("when", shown_time(message.internal_date));
    entry.set("unread", message.labels.contains("UNREAD"));
    return entry;
}

Response list_page(User& user, const Request& request) {
    const bool inbox = request.query_value("box") != "sent";
    const std::string_view label = inbox ? "INBOX" : "SENT";
    const auto fits = [&](const Message& message) { return message.labels.contains(label); };
    mustache::data messages{mustache::data::type::list};
    for (const auto& message : user.mailbox.newest(fits, 0, kListed)) messages << list_entry(message, inbox);
    mustache::data data;
    data.set("name", user.name);
    data.set("address", user.address);
    data.set("path", query_encoded(user.address));
    data.set("inbox", inbox);
    data.set("messages", messages);
    return page(200, "Sandbox mail: " + user.address, kListPage, data);
}

mustache::data header_fields(const Message& message) {
    mustache::data fields{mustache::data::type::list};
    const auto add = [&](const char* name, std::string_view value) {
        if (value.empty()) return;
        mustache::data field;
        field.set("name", name);
        field.set("value", std::string(value));
        fields << field;
    };
    for (const char* name : {"From", "To", "Cc", "Bcc"}) add(name, message.mail->envelope.header(name));
    add("Date", shown_time(message.internal_date));
    return fields;
}

Response message_page(User& user, const Message& message) {
    user.mailbox.relabel(message.id, {}, {"UNREAD"});
    mustache::data attachments{mustache::data::type::list};
    const auto listed = attachments_of(gmail::read_parts(message.mail->raw));
    for (const auto& attachment : listed) {
        mustache::data entry;
        entry.set("part", attachment.part_name);
        entry.set("name", attachment.file_name);
        entry.set("size", shown_size(attachment.size));
        attachments << entry;
    }
    mustache::data data;
    data.set("path", query_encoded(user.address));
    data.set("id", gmail::to_text(message.id));
    data.set("subject", subject_of(message));
    data.set("fields", header_fields(message));
    data.set("any_attachments", !listed.empty());
    data.set("attachments", attachments);
    return page(200, subject_of(message), kMessagePage, data);
}

Response body_of(const User& user, const Message& message) {
    const auto parts = fmt::format("/mail/{}/{}/part/", query_encoded(user.address), gmail::to_text(message.id));
    auto response = Response::html(200, render_body(gmail::read_parts(message.mail->raw), parts));
    response.headers.add("Content-Security-Policy",
                         "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:; "
                         "style-src * 'unsafe-inline'; font-src * data:; media-src *");
    response.headers.add("Referrer-Policy", "no-referrer");
    response.headers.add("Cache-Control", "no-store");
    return response;
}

Response part_of(const Message& message, const std::string& name) {
    const auto root = gmail::read_parts(message.mail->raw);
    const auto* part = part_named(root, name);
    if (part == nullptr) return not_found();
    Response response{.status = 200, .headers = {}, .body = part->content};
    const bool is_image = part->media_type.starts_with("image/") && part->media_type != "image/svg+xml";
    response.headers.add("Content-Type", is_image ? part->media_type : "application/octet-stream");
    response.headers.add("Content-Disposition",
                         fmt::format("{}; filename*=UTF-8''{}", is_image ? "inline" : "attachment",
                                     query_encoded(part->file_name.empty() ? "part" : part->file_name)));
    response.headers.add("Content-Security-Policy", "default-src 'none'; sandbox");
    return response;
}

}  // namespace

void add_webmail_routes(Calls& calls, Users& users) {
    using http::Method;
    calls.add_own(Method::get, "/", [&users](const Request&) { return front_page(users); });
    calls.add_own(Method::get, "/mail/{address}", [&users](const Request& request) {
        auto* user = users.find(request.path_values[0]);
        return user == nullptr ? not_found() : list_page(*user, request);
    });
    const auto add = [&](std::string_view path, auto show) {
        calls.add_own(Method::get, path, [&users, show](const Request& request) {
            auto* user = users.find(request.path_values[0]);
            const auto id = gmail::to_mail_id(request.path_values[1]);
            const auto message = user != nullptr && id ? user->mailbox.find(*id) : std::nullopt;
            return message ? show(*user, *message, request) : not_found();
        });
    };
    add("/mail/{address}/{id}",
        [](User& user, const Message& message, const Request&) { return message_page(user, message); });
    add("/mail/{address}/{id}/body",
        [](User& user, const Message& message, const Request&) { return body_of(user, message); });
    add("/mail/{address}/{id}/part/{part}",
        [](User&, const Message& message, const Request& request) { return part_of(message, request.path_values[2]); });
}

}  // namespace inboxpro::sandbox
