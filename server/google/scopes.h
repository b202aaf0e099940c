#pragma once
#include <string_view>

namespace inboxpro::scope {

// Permissions in the full texts that Google writes.
inline constexpr std::string_view kOpenId = "openid";
inline constexpr std::string_view kEmail = "email";
inline constexpr std::string_view kProfile = "profile";
inline constexpr std::string_view kGmailCompose = "https://www.googleapis.com/auth/gmail.compose";
inline constexpr std::string_view kGmailMetadata = "https://www.googleapis.com/auth/gmail.metadata";
inline constexpr std::string_view kGmailSettings = "https://www.googleapis.com/auth/gmail.settings.basic";
inline constexpr std::string_view kGmailModify = "https://www.googleapis.com/auth/gmail.modify";
inline constexpr std::string_view kCalendarEvents = "https://www.googleapis.com/auth/calendar.events";
inline constexpr std::string_view kCalendarFreeBusy = "https://www.googleapis.com/auth/calendar.freebusy";
inline constexpr std::string_view kCalendarList = "https://www.googleapis.com/auth/calendar.calendarlist.readonly";
inline constexpr std::string_view kCalendarSettings = "https://www.googleapis.com/auth/calendar.settings.readonly";
inline constexpr std::string_view kContacts = "https://www.googleapis.com/auth/contacts";
inline constexpr std::string_view kOtherContacts = "https://www.googleapis.com/auth/contacts.other.readonly";

}  // namespace inboxpro::scope
