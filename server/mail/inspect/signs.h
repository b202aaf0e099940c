#pragma once
// Only for this folder.
#include <optional>

#include "mail/inspect/inspect.h"

namespace inboxpro::inspection {

/// The machine-readable part of a report.
struct Report {
    enum class Kind : std::uint8_t { delivery, disposition };
    Kind kind = Kind::delivery;
    std::vector<ReportedAddress> addresses;
    std::string disposition;  ///< "displayed", "deleted" ...; in lower case.
    std::string original_message_id;
};

/// Everything about a mail that rules look at. Texts are UTF-8 in lower case.
struct Signs {
    HeaderList headers;
    std::string subject;
    std::string from;       ///< The first address.
    std::string from_name;  ///< Beside it.
    std::string content_type;
    bool null_sender = false;  ///< The envelope's sender was empty, as a report's must be (RFC 5321 section 4.5.5).

    bool has_text = false;  ///< The whole mail is here; what follows is known only then.
    std::string text;       ///< The beginning of what its writer sees, quoted lines included.
    bool carries_original = false;
    std::optional<Report> report;

    /// In lower case, unfolded; empty when absent.
    std::string value(std::string_view name) const;
    bool has(std::string_view name) const;
};

Signs signs_of(HeaderList headers);
Result<Signs> signs_of(BytesView raw, const MailLimits& limits);

/// The parts of a report that are written for machines, each a list of groups of fields.
Report read_delivery_report(BytesView part);
Report read_disposition_report(BytesView part);

/// UTF-8 in lower case, of a header value as it stands in a mail.
std::string decoded(std::string_view raw_value);
std::string lower(std::string_view utf8);

}  // namespace inboxpro::inspection
