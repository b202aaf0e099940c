#include "sandbox/calendar/invitation.h"

#include <fmt/format.h>

#include "mail/gmime.h"
#include "sandbox/delivery/post_office.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

using Part = GmimeObjectOf<GMimeObject>;

std::string_view method_name(Letter::Method method) {
    return method == Letter::Method::request ? "REQUEST" : method == Letter::Method::cancel ? "CANCEL" : "REPLY";
}

Part leaf(const char* type, const char* subtype, const std::string& content) {
    Part part{GMIME_OBJECT(g_mime_part_new_with_type(type, subtype))};
    const GmimeObjectOf<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(content.data(), content.size())};
    const GmimeObjectOf<GMimeDataWrapper> wrapper{
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)};
    g_mime_part_set_content(GMIME_PART(part.get()), wrapper.get());
    g_mime_part_set_content_encoding(GMIME_PART(part.get()), GMIME_CONTENT_ENCODING_BASE64);
    return part;
}

Part multipart(const char* subtype, const std::string& boundary, const std::vector<GMimeObject*>& parts) {
    auto* whole = g_mime_multipart_new_with_subtype(subtype);
    g_mime_multipart_set_boundary(whole, boundary.c_str());
    for (auto* part : parts) g_mime_multipart_add(whole, part);
    return Part{GMIME_OBJECT(whole)};
}

std::string when_of(const Event& event, const std::string& zone) {
    const auto& start = event.body.start;
    const auto wall = start.all_day ? start.day : to_wall(start.at, zone);
    if (start.all_day) return date::format("%a %b %e, %Y", wall);
    return fmt::format(
        "{} ({})", date::format("%a %b %e, %Y %H:%M", std::chrono::time_point_cast<std::chrono::minutes>(wall)), zone);
}

std::string title_of(const Event& event) {
    const auto summary = text_in(event.body.kept, "summary");
    return summary.empty() ? "(no title)" : summary;
}

std::string reply_word(const std::string& status) {
    return status == "accepted" ? "Accepted" : status == "declined" ? "Declined" : "Tentatively Accepted";
}

std::string subject_of(const Letter& letter) {
    const auto what = letter.method == Letter::Method::reply    ? reply_word(letter.attendee.response_status)
                      : letter.method == Letter::Method::cancel ? "Canceled event"
                      : letter.is_update                        ? "Updated invitation"
                                                                : "Invitation";
    return fmt::format("{}: {} @ {}", what, title_of(letter.event), when_of(letter.event, letter.zone));
}

std::string words_of(const Letter& letter) {
    auto words = fmt::format("{}\r\n\r\nWhen: {}\r\nOrganizer: {}\r\n", title_of(letter.event),
                             when_of(letter.event, letter.zone), letter.event.organizer.email);
    if (const auto place = text_in(letter.event.body.kept, "location"); !place.empty())
        words += fmt::format("Where: {}\r\n", place);
    if (const auto text = text_in(letter.event.body.kept, "description"); !text.empty())
        words += fmt::format("\r\n{}\r\n", text);
    if (letter.method == Letter::Method::cancel) words += "\r\nThis event has been canceled.\r\n";
    return words;
}

Part body_of(const Letter& letter, TimePoint now, Random& random) {
    const auto calendar = to_icalendar(letter, now);
    const auto words = leaf("text", "plain", words_of(letter));
    const auto inline_calendar = leaf("text", "calendar", calendar);
    for (auto* part : {words.get(), inline_calendar.get()})
        g_mime_object_set_content_type_parameter(part, "charset", "UTF-8");
    g_mime_object_set_content_type_parameter(inline_calendar.get(), "method",
                                             std::string(method_name(letter.method)).c_str());
    const auto attached = leaf("application", "ics", calendar);
    g_mime_object_set_disposition(attached.get(), "attachment");
    g_mime_part_set_filename(GMIME_PART(attached.get()), "invite.ics");
    const auto boundary = [&] { return "000000000000" + hex(random.bytes(10)); };
    const auto both = multipart("alternative", boundary(), {words.get(), inline_calendar.get()});
    return multipart("mixed", boundary(), {both.get(), attached.get()});
}

}  // namespace

gmail::MailPointer compose_letter(const Letter& letter, const User& sender, TimePoint now, Random& random) {
    start_gmime();
    const auto body = body_of(letter, now, random);
    const GmimeFormat format{g_mime_format_options_new()};
    g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
    const GlibText subject{g_mime_utils_header_encode_text(format.get(), subject_of(letter).c_str(), "UTF-8")};
    const GlibText content{g_mime_object_to_string(body.get(), format.get())};
    return gmail::read_mail(
        gmail::edit_header(content.get(), {},
                           {{"MIME-Version", "1.0"},
                            {"Reply-To", gmail::header_value({sender.name, sender.address})},
                            {"Sender", "Google Calendar <calendar-notification@google.com>"},
                            {"Message-ID", fmt::format("<calendar-{}@google.com>", hex(random.bytes(16)))},
                            {"Date", to_mail_date(now)},
                            {"Subject", subject.get()},
                            {"From", gmail::header_value({sender.name, sender.address})},
                            {"To", letter.to}}));
}

}  // namespace inboxpro::sandbox::calendar
