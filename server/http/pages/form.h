#pragma once
#include <map>
#include <set>
#include <string>

#include "http/server/message.h"

namespace inboxpro::http {

/// The fields of a form that a page of ours sent. Every field may come several times; whoever wants one value takes
/// a repeated field for an error.
class Form {
  public:
    /// `denied` when it was sent from another origin than `app_origin` or without saying from where (security QB5),
    /// `invalid` when it is no application/x-www-form-urlencoded body.
    static Result<Form> of(const Request& request, std::string_view app_origin);
    /// Wherever it comes from, for a form that the path alone lets act. No body at all is an empty form.
    static Result<Form> of_anybody(const Request& request);

    /// Empty when absent; `invalid` when it came twice.
    Result<std::string> one(const std::string& name) const;
    std::set<std::string> all(const std::string& name) const;

  private:
    static Result<Form> of_body(const Request& request);

    std::multimap<std::string, std::string> fields_;
};

}  // namespace inboxpro::http
