#pragma once
#include <boost/json/object.hpp>

#include "sandbox/gmail/api.h"

namespace inboxpro::sandbox::gmail {

enum class Format { minimal, metadata, full, raw };

/// The query parameter "format", full when absent. 400 for an unknown one, 403 where gmail.metadata forbids it.
std::expected<Format, GoogleError> format_of(const Call& call);

/// {id, threadId}, as lists name a message.
boost::json::object stub_of(const Message& message);
/// {id, threadId, labelIds}, as writing calls answer.
boost::json::object brief_of(const Message& message);
/// The Message resource. `headers` filters those of format metadata; empty: all.
boost::json::object resource_of(const Message& message, Format format, const std::vector<std::string>& headers = {});
boost::json::array to_array(const Labels& labels);

/// The decoded bytes of an attachment by the id that format full gave it; empty when there is none.
std::optional<Bytes> attachment_content(const Message& message, std::string_view attachment_id);

}  // namespace inboxpro::sandbox::gmail
