#include <algorithm>

#include "mail/inspect/signs.h"
#include "mail/structure.h"

namespace inboxpro::inspection {
namespace {

constexpr std::size_t kMostAddresses = 500;

/// "rfc822; <ada@example.org>" without the kind of address and what mail systems put around it.
std::string address_in(std::string_view value) {
    if (const auto semicolon = value.find(';'); semicolon != std::string_view::npos)
        value = value.substr(semicolon + 1);
    value = trimmed(value);
    if (value.starts_with('<') && value.ends_with('>')) value = value.substr(1, value.size() - 2);
    return std::string(value);
}

/// The first word: some write a remark behind it, "failed (bad destination mailbox address)".
std::string word_in(std::string_view value) {
    value = trimmed(value);
    return lower_case(value.substr(0, value.find_first_of(" \t(;")));
}

/// Groups of fields with empty lines between them.
std::vector<std::vector<HeaderField>> groups_in(BytesView part) {
    std::vector<std::vector<HeaderField>> groups(1);
    for (std::size_t begin = 0; begin < part.size();) {
        auto end = begin;
        while (end < part.size()) {
            const auto line_end = std::min(part.find('\n', end), part.size() - 1) + 1;
            const bool is_empty = trimmed(part.substr(end, line_end - end)).empty();
            end = line_end;
            if (is_empty) break;
        }
        groups.push_back(header_fields(part, begin, end));
        begin = end;
    }
    return groups;
}

}  // namespace

Report read_delivery_report(BytesView part) {
    Report report{.kind = Report::Kind::delivery, .addresses = {}, .disposition = {}, .original_message_id = {}};
    for (const auto& group : groups_in(part)) {
        ReportedAddress reported;
        std::string original, final_one;
        for (const auto& field : group) {
            const auto value = unfolded(field.raw_value);
            if (equal_ignoring_case(field.name, "Original-Recipient")) original = address_in(value);
            if (equal_ignoring_case(field.name, "Final-Recipient")) final_one = address_in(value);
            if (equal_ignoring_case(field.name, "Action")) reported.action = word_in(value);
            if (equal_ignoring_case(field.name, "Status")) reported.status = word_in(value);
        }
        reported.address = original.contains('@') ? original : final_one;
        const bool says_something = !reported.address.empty() || !reported.action.empty();
        if (says_something && report.addresses.size() < kMostAddresses) report.addresses.push_back(std::move(reported));
    }
    return report;
}

Report read_disposition_report(BytesView part) {
    Report report{.kind = Report::Kind::disposition, .addresses = {}, .disposition = {}, .original_message_id = {}};
    for (const auto& group : groups_in(part))
        for (const auto& field : group) {
            const auto value = unfolded(field.raw_value);
            if (equal_ignoring_case(field.name, "Original-Message-ID")) report.original_message_id = value;
            if (equal_ignoring_case(field.name, "Final-Recipient"))
                report.addresses.push_back({.address = address_in(value), .action = {}, .status = {}});
            // "manual-action/MDN-sent-manually; displayed/error"
            if (equal_ignoring_case(field.name, "Disposition"))
                report.disposition = word_in(value.substr(std::min(value.size(), value.find(';') + 1)));
        }
    report.disposition = report.disposition.substr(0, report.disposition.find('/'));
    return report;
}

}  // namespace inboxpro::inspection
