#include "sandbox/page.h"

#include <kainjow/mustache.hpp>

namespace inboxpro::sandbox {
namespace {

namespace mustache = kainjow::mustache;

constexpr const char* kFrame = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
<style>
:root { --ink: #1f2430; --soft: #5d6678; --line: #e1e5ec; --accent: #0b6e6e; --ground: #f4f6f8 }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
header.top { display: flex; gap: 1rem; align-items: center; padding: .7rem 1.5rem; background: var(--accent); color: #fff }
header.top a { color: inherit; text-decoration: none; font-weight: 600 }
header.top .note { margin-left: auto; font-size: .85rem; opacity: .9 }
main { max-width: 58rem; margin: 1.5rem auto; padding: 0 1rem }
main.narrow { max-width: 30rem }
h1 { font-size: 1.4rem; font-weight: 600; margin: 0 0 .4rem; overflow-wrap: anywhere }
a { color: var(--accent) }
.soft { color: var(--soft) }
.card { background: #fff; border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem; margin-bottom: 1rem }
.card.list { padding: 0; overflow: hidden }
.row { display: flex; gap: 1rem; align-items: baseline; padding: .75rem 1.25rem; border-top: 1px solid var(--line);
  color: inherit; text-decoration: none }
.row:first-child { border-top: 0 }
a.row:hover, label.row:hover { background: #f0f7f7 }
.row .who { flex: 0 0 12rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.row .what { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.row .when { color: var(--soft); font-size: .85rem; white-space: nowrap }
.unread .who, .unread .what b { font-weight: 700 }
.what b { font-weight: 500 }
.tabs { display: flex; gap: .5rem; margin: .75rem 0 }
.tabs a { padding: .25rem .9rem; border-radius: 99px; text-decoration: none; border: 1px solid var(--line); background: #fff }
.tabs a.here { background: var(--accent); border-color: var(--accent); color: #fff }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0 0 }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
iframe { width: 100%; height: 70vh; border: 1px solid var(--line); border-radius: 8px; background: #fff }
.attachments a { display: inline-block; margin: .5rem .5rem 0 0; padding: .3rem .8rem; border: 1px solid var(--line);
  border-radius: 8px; text-decoration: none }
.actions { display: flex; gap: .75rem; justify-content: flex-end; margin-top: 1.25rem }
button { font: inherit; font-weight: 600; padding: .5rem 1.4rem; border-radius: 99px; border: 1px solid var(--line);
  background: #fff; cursor: pointer }
button.main { background: var(--accent); border-color: var(--accent); color: #fff }
fieldset { border: 0; padding: 0; margin: 1.25rem 0 0 }
legend { font-weight: 600; padding: 0; margin-bottom: .4rem }
label.row { border: 1px solid var(--line); border-radius: 8px; margin-bottom: .4rem; padding: .6rem .9rem; cursor: pointer }
label.row small { display: block; color: var(--soft); overflow-wrap: anywhere }
code { font-size: .9em; overflow-wrap: anywhere }
</style>
</head>
<body>
<header class="top"><a href="/">Sandbox</a><span class="note">A local Google for trying and testing. No mail leaves it.</span></header>
{{{body}}}
</body>
</html>
)";

}  // namespace

http::Response page(int status, const std::string& title, const std::string& body, const PageData& data) {
    mustache::mustache frame{kFrame};
    mustache::mustache inner{body};
    mustache::data outer;
    outer.set("title", title);
    outer.set("body", inner.render(data));
    auto response = http::Response::html(status, frame.render(outer));
    response.headers.add("Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-src 'self'");
    response.headers.add("Cache-Control", "no-store");
    return response;
}

}  // namespace inboxpro::sandbox
