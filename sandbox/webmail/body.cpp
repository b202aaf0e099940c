#include "sandbox/webmail/body.h"

#include "sandbox/form.h"

namespace inboxpro::sandbox {
namespace {

using gmail::Part;

const Part* html_part(const Part& root) {
    return find_part(
        root, [](const Part& part) { return part.media_type == "text/html" && part.is_text && !part.is_attachment; });
}

std::string name_of(const Part& part) {
    return part.id.empty() ? "root" : part.id;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// Content ids stand in HTML as they are or percent-encoded (RFC 2392).
void resolve_content_ids(std::string& html, const Part& part, const std::string& parts_path) {
    if (!part.content_id.empty()) {
        replace_all(html, "cid:" + part.content_id, parts_path + name_of(part));
        replace_all(html, "cid:" + query_encoded(part.content_id), parts_path + name_of(part));
    }
    for (const auto& child : part.parts) resolve_content_ids(html, child, parts_path);
}

std::string escaped(std::string_view text) {
    std::string html(text);
    replace_all(html, "&", "&amp;");
    replace_all(html, "<", "&lt;");
    return html;
}

void collect(const Part& part, const std::string& html, std::vector<ListedAttachment>& into) {
    const bool is_shown = !part.content_id.empty() && (html.contains("cid:" + part.content_id) ||
                                                       html.contains("cid:" + query_encoded(part.content_id)));
    if (part.is_attachment && !is_shown)
        into.push_back({name_of(part), part.file_name.empty() ? part.media_type : part.file_name, part.content.size()});
    if (!part.is_attachment)
        for (const auto& child : part.parts) collect(child, html, into);
}

}  // namespace

std::vector<ListedAttachment> attachments_of(const Part& root) {
    std::vector<ListedAttachment> listed;
    const auto* html = html_part(root);
    collect(root, html == nullptr ? "" : html->content, listed);
    return listed;
}

const Part* part_named(const Part& root, const std::string& name) {
    return find_part(root, [&](const Part& part) { return name_of(part) == name; });
}

std::string render_body(const Part& root, const std::string& parts_path) {
    constexpr std::string_view kHead = "<!doctype html><meta charset=\"utf-8\"><base target=\"_blank\">\n";
    const auto* part = html_part(root);
    if (part == nullptr)
        return std::string(kHead) + "<pre style=\"font: inherit; white-space: pre-wrap\">" + escaped(text_of(root)) +
               "</pre>";
    auto html = part->content;
    resolve_content_ids(html, root, parts_path);
    return std::string(kHead) + html;
}

}  // namespace inboxpro::sandbox
