#pragma once
#include <string>

#include "base/secret.h"

namespace inboxpro {

/// Where Google is. The defaults are Google's own, from its OpenID configuration and its discovery documents.
struct GoogleEndpoints {
    std::string authorize = "https://accounts.google.com/o/oauth2/v2/auth";
    std::string token = "https://oauth2.googleapis.com/token";
    std::string revoke = "https://oauth2.googleapis.com/revoke";
    std::string certs = "https://www.googleapis.com/oauth2/v3/certs";
    std::string gmail = "https://gmail.googleapis.com/gmail/v1";
    std::string gmail_upload = "https://gmail.googleapis.com/upload/gmail/v1";
    std::string calendar = "https://www.googleapis.com/calendar/v3";
    std::string people = "https://people.googleapis.com/v1";

    /// The same paths, all below one origin ("http://127.0.0.1:8090").
    static GoogleEndpoints at(const std::string& origin) {
        return {.authorize = origin + "/o/oauth2/v2/auth",
                .token = origin + "/token",
                .revoke = origin + "/revoke",
                .certs = origin + "/oauth2/v3/certs",
                .gmail = origin + "/gmail/v1",
                .gmail_upload = origin + "/upload/gmail/v1",
                .calendar = origin + "/calendar/v3",
                .people = origin + "/v1"};
    }
};

/// The OAuth client that an operator registered with Google.
struct GoogleClient {
    std::string id;
    Secret secret;
};

}  // namespace inboxpro
