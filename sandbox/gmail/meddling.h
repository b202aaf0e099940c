#pragma once
#include "sandbox/delivery/post_office.h"

namespace inboxpro::sandbox::gmail {

/// What users do to a draft in Gmail while a program thinks that it is the program's.
enum class Meddling { edit, erase, send, resubject };

/// False when there is no such draft, or Gmail would not send it. `text` is the new subject for resubject and the whole
/// new mail for edit; empty: " (changed)" is added to the subject, or a line to the text.
bool meddle(User& user, PostOffice& post_office, std::string_view draft_id, Meddling what,
            const std::string& text = {});

/// The id of the draft that a call of drafts.get, .update, .delete or .send names; empty when it names none.
std::string draft_named_in(const http::Request& request);

}  // namespace inboxpro::sandbox::gmail
