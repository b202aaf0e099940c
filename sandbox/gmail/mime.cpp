#include "sandbox/gmime.h"

#include <algorithm>

#include "http/server/text.h"
#include "sandbox/gmail/header.h"
#include "sandbox/gmail/html_text.h"
#include "sandbox/gmail/mail.h"

namespace inboxpro::sandbox::gmail {
namespace {

std::string valid_utf8(const std::string& text) {
    return http::is_utf8(text) ? text : gmime::taken(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
}

std::string decoded(std::string_view raw_value) {
    const auto unfolded = gmime::taken(g_mime_utils_header_unfold(std::string(raw_value).c_str()));
    const auto text = gmime::taken(g_mime_utils_header_decode_text(nullptr, unfolded.c_str()));
    return valid_utf8(std::string(http::trimmed(text)));
}

void collect_mailboxes(InternetAddressList* list, std::vector<Mailbox>& into) {
    for (int i = 0; i < internet_address_list_length(list); ++i) {
        auto* entry = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(entry)) {
            collect_mailboxes(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(entry)), into);
            continue;
        }
        const char* name = internet_address_get_name(entry);
        const char* address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(entry));
        into.push_back({name == nullptr ? "" : name, address == nullptr ? "" : address});
    }
}

void add_mailboxes(std::string_view raw_value, std::vector<Mailbox>& into) {
    const auto unfolded = gmime::taken(g_mime_utils_header_unfold(std::string(raw_value).c_str()));
    if (auto* list = internet_address_list_parse(nullptr, unfolded.c_str())) {
        const gmime::Owned<InternetAddressList> owned{list};
        collect_mailboxes(list, into);
    } else if (!http::trimmed(unfolded).empty()) {
        into.push_back({"", std::string(http::trimmed(unfolded))});
    }
}

void add_message_ids(std::string_view value, std::vector<std::string>& into) {
    for (auto open = value.find('<'); open != std::string_view::npos; open = value.find('<', open + 1)) {
        const auto close = value.find('>', open);
        if (close == std::string_view::npos) return;
        into.emplace_back(value.substr(open, close - open + 1));
    }
}

std::string media_type_of(GMimeObject* object) {
    const auto* type = g_mime_object_get_content_type(object);
    return http::lower_case(gmime::taken(g_mime_content_type_get_mime_type(const_cast<GMimeContentType*>(type))));
}

Part read_entity(GMimeObject* object, std::string id, Contents contents);

Part read_message(GMimeMessage* message, std::string id, Contents contents) {
    auto* root = message == nullptr ? nullptr : g_mime_message_get_mime_part(message);
    if (root == nullptr) return {.id = std::move(id), .media_type = "text/plain", .is_text = true};
    return read_entity(root, std::move(id), contents);
}

std::string child_id(const std::string& parent, int index) {
    return parent.empty() ? std::to_string(index) : parent + "." + std::to_string(index);
}

void read_content(GMimeObject* object, Part& part, Contents contents) {
    if (GMIME_IS_MULTIPART(object)) {
        auto* multipart = GMIME_MULTIPART(object);
        for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i)
            part.parts.push_back(read_entity(g_mime_multipart_get_part(multipart, i), child_id(part.id, i), contents));
        return;
    }
    if (GMIME_IS_MESSAGE_PART(object)) {
        auto* inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
        part.is_attachment = true;
        if (inner != nullptr && contents == Contents::all)
            part.content = gmime::taken(g_mime_object_to_string(GMIME_OBJECT(inner), nullptr));
        part.parts.push_back(read_message(inner, child_id(part.id, 0), contents));
        return;
    }
    if (!GMIME_IS_PART(object)) return;
    const char* name = g_mime_part_get_filename(GMIME_PART(object));
    const char* disposition = g_mime_object_get_disposition(object);
    part.file_name = name == nullptr ? "" : valid_utf8(name);
    part.is_text = GMIME_IS_TEXT_PART(object);
    part.is_attachment = !part.is_text || !part.file_name.empty() ||
                         (disposition != nullptr && http::same_ignoring_case(disposition, "attachment"));
    if (part.is_text && !part.is_attachment)
        part.content = valid_utf8(gmime::taken(g_mime_text_part_get_text(GMIME_TEXT_PART(object))));
    else if (contents == Contents::all)
        part.content = gmime::content_of(GMIME_PART(object));
}

Part read_entity(GMimeObject* object, std::string id, Contents contents) {
    Part part{.id = std::move(id), .media_type = media_type_of(object)};
    if (const char* content_id = g_mime_object_get_content_id(object)) part.content_id = content_id;
    auto* list = g_mime_object_get_header_list(object);
    for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
        auto* header = g_mime_header_list_get_header_at(list, i);
        const char* raw = g_mime_header_get_raw_value(header);
        part.headers.emplace_back(g_mime_header_get_name(header), decoded(raw == nullptr ? "" : raw));
    }
    read_content(object, part, contents);
    return part;
}

/// Without the root's own headers.
Part read_tree(BytesView raw, Contents contents) {
    gmime::start();
    const gmime::Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(raw.data(), raw.size())};
    const gmime::Owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    auto* message = g_mime_parser_construct_message(parser.get(), nullptr);
    auto root = read_message(message, "", contents);
    if (message != nullptr) g_object_unref(message);
    return root;
}

bool has_attachment(const Part& part) {
    return part.is_attachment || std::ranges::any_of(part.parts, has_attachment);
}

}  // namespace

std::string_view Envelope::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (http::same_ignoring_case(key, name)) return value;
    return {};
}

Part read_parts(BytesView raw, Contents contents) {
    auto root = read_tree(raw, contents);
    root.headers = read_envelope(raw).headers;
    return root;
}

Envelope read_envelope(BytesView raw) {
    gmime::start();
    Envelope envelope;
    std::vector<std::string> answered;
    for (const auto& field : split_header(raw).fields) {
        if (field.name.empty()) continue;
        const auto is = [&](std::string_view name) { return http::same_ignoring_case(field.name, name); };
        envelope.headers.emplace_back(field.name, decoded(field.value));
        const std::string& value = envelope.headers.back().second;
        if (is("From")) add_mailboxes(field.value, envelope.from);
        if (is("To")) add_mailboxes(field.value, envelope.to);
        if (is("Cc")) add_mailboxes(field.value, envelope.cc);
        if (is("Bcc")) add_mailboxes(field.value, envelope.bcc);
        if (is("Subject") && envelope.subject.empty()) envelope.subject = value;
        if (is("Message-ID") && envelope.message_id.empty()) envelope.message_id = value;
        if (is("References")) add_message_ids(value, envelope.references);
        if (is("In-Reply-To")) add_message_ids(value, answered);
    }
    envelope.references.insert(envelope.references.end(), answered.begin(), answered.end());
    return envelope;
}

MailPointer read_mail(Bytes raw) {
    const auto root = read_tree(raw, Contents::text_only);
    auto envelope = read_envelope(raw);
    return std::make_shared<const Mail>(Mail{.raw = std::move(raw),
                                             .envelope = std::move(envelope),
                                             .snippet = snippet_of(text_of(root)),
                                             .media_type = root.media_type,
                                             .has_attachment = has_attachment(root)});
}

std::string header_value(const Mailbox& mailbox) {
    gmime::start();
    const gmime::Owned<InternetAddress> address{
        internet_address_mailbox_new(mailbox.name.c_str(), mailbox.address.c_str())};
    return gmime::taken(internet_address_to_string(address.get(), nullptr, TRUE));
}

std::optional<TimePoint> to_time(std::string_view date_header) {
    gmime::start();
    const std::unique_ptr<GDateTime, decltype(&g_date_time_unref)> date{
        g_mime_utils_header_decode_date(std::string(date_header).c_str()), g_date_time_unref};
    if (!date) return {};
    return TimePoint{std::chrono::seconds{g_date_time_to_unix(date.get())}};
}

std::string encoded_header(const std::string& text) {
    gmime::start();
    return gmime::taken(g_mime_utils_header_encode_text(nullptr, text.c_str(), "utf-8"));
}

const Part* find_part(const Part& root, const std::function<bool(const Part&)>& fits) {
    if (fits(root)) return &root;
    for (const auto& part : root.parts)
        if (const auto* found = find_part(part, fits)) return found;
    return nullptr;
}

std::string text_of(const Part& root) {
    const auto* plain = find_part(
        root, [](const Part& part) { return part.media_type == "text/plain" && part.is_text && !part.is_attachment; });
    if (plain != nullptr) return plain->content;
    const auto* html = find_part(root, [](const Part& part) { return part.is_text && !part.is_attachment; });
    return html == nullptr ? std::string{} : without_tags(html->content);
}

}  // namespace inboxpro::sandbox::gmail
