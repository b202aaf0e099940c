#pragma once
#include <string>
#include <vector>

#include "sandbox/gmail/mail.h"

namespace inboxpro::sandbox {

/// A part that a reader may download, by the name that it has in the webmail's addresses.
struct ListedAttachment {
    std::string part_name;
    std::string file_name;
    std::size_t size = 0;
};

/// Attachments that are not shown within the HTML already.
std::vector<ListedAttachment> attachments_of(const gmail::Part& root);
/// By the name in an address: the part's id, "root" for the message's only part. Null when there is none.
const gmail::Part* part_named(const gmail::Part& root, const std::string& name);

/// The mail as an HTML page: its HTML part with cid: addresses leading below `parts_path` and links opening in a new
/// window, else its text.
std::string render_body(const gmail::Part& root, const std::string& parts_path);

}  // namespace inboxpro::sandbox
