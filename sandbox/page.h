#pragma once
#include <string>
#include <string_view>

#include "http/server/message.h"

namespace kainjow::mustache {
template <typename string_type>
class basic_data;
}

namespace inboxpro::sandbox {

using PageData = kainjow::mustache::basic_data<std::string>;

/// A whole page of the sandbox: `body` is a mustache template, shown in the common frame with `title`. No script ever
/// runs on such a page.
http::Response page(int status, const std::string& title, const std::string& body, const PageData& data);

}  // namespace inboxpro::sandbox
