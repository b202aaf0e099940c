#include "tracking/classify/facts_json.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace inboxpro {
namespace {

namespace json = boost::json;

/// Reads members one after another and remembers the first that is wrong.
struct Reader {
    const json::object& from;
    std::string_view wrong = {};

    const json::value& member(std::string_view name) {
        static const json::value nothing;
        const auto* found = from.if_contains(name);
        if (found == nullptr) note(name);
        return found == nullptr ? nothing : *found;
    }
    void note(std::string_view name) {
        if (wrong.empty()) wrong = name;
    }
    std::string_view text(std::string_view name) {
        const auto* found = member(name).if_string();
        if (found == nullptr) note(name);
        return found == nullptr ? std::string_view{} : std::string_view{*found};
    }
    bool flag(std::string_view name) {
        const auto* found = member(name).if_bool();
        if (found == nullptr) note(name);
        return found != nullptr && *found;
    }
    /// Not there is no.
    bool flag_if_given(std::string_view name) { return from.contains(name) && flag(name); }
    double number(const json::value& value, std::string_view name) {
        boost::system::error_code failure;
        const auto number = value.to_number<double>(failure);
        if (failure) note(name);
        return failure ? 0 : number;
    }
    double number(std::string_view name) { return number(member(name), name); }
    std::optional<double> number_or_null(std::string_view name) {
        const auto& value = member(name);
        if (value.is_null()) return {};
        return number(value, name);
    }
};

}  // namespace

Result<Facts> facts_from_json(const json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) return fail(ErrorKind::invalid, "a case must be an object");
    Reader in{*object};
    Facts facts;
    const auto event = in.text("event");
    if (event != "open" && event != "click") in.note("event");
    facts.kind = event == "click" ? EventKind::click : EventKind::open;
    facts.method = in.text("method");
    facts.user_agent = in.text("user_agent");
    facts.address = in.text("ip");
    if (const auto number = in.number_or_null("asn")) facts.network_number = static_cast<std::uint32_t>(*number);
    if (const auto* headers = in.member("headers").if_object()) {
        for (const auto& [name, text] : *headers)
            if (text.is_string()) facts.headers.emplace_back(name, std::string_view{text.get_string()});
    } else {
        in.note("headers");
    }
    facts.seconds_after_send = in.number("seconds_after_send");
    facts.sender_address = in.flag("is_sender_ip");
    facts.sender_session = in.flag("sender_session");
    facts.sender_viewing_seconds_ago = in.number_or_null("sender_viewing_seconds_ago");
    facts.links_in_message = static_cast<int>(in.number("links_in_message"));
    facts.other_links_within_2s = static_cast<int>(in.number("other_links_clicked_within_2s"));
    facts.same_link_repeats_within_2s = static_cast<int>(in.number("same_link_repeats_within_2s"));
    facts.hidden_link_hit = in.flag("honeypot_hit");
    facts.opened_before = in.flag_if_given("opened_before");
    facts.answered_later = in.flag_if_given("answered_later");
    facts.other_system_within_30s = in.flag_if_given("other_system_within_30s");
    facts.sender_in_gmail = in.flag_if_given("sender_in_gmail");
    if (!in.wrong.empty())
        return fail_field(std::string(in.wrong), fmt::format("the field \"{}\" is missing or wrong", in.wrong));
    return facts;
}

}  // namespace inboxpro
