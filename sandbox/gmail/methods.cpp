#include "sandbox/gmail/methods.h"

#include <array>

namespace inboxpro::sandbox::gmail {
namespace {

using enum http::Method;

// Groups of methods with the same scopes, as gmail.v1.json lists them; a test compares.
constexpr std::string_view kProfile =
    "https://mail.google.com/ gmail.compose gmail.metadata gmail.modify gmail.readonly";
constexpr std::string_view kDraftWriting =
    "https://mail.google.com/ gmail.addons.current.action.compose gmail.compose gmail.modify";
constexpr std::string_view kDraftReading = "https://mail.google.com/ gmail.compose gmail.modify gmail.readonly";
constexpr std::string_view kListing = "https://mail.google.com/ gmail.metadata gmail.modify gmail.readonly";
constexpr std::string_view kLabels = "https://mail.google.com/ gmail.labels gmail.metadata gmail.modify gmail.readonly";
constexpr std::string_view kAttachment =
    "https://mail.google.com/ gmail.addons.current.message.action gmail.addons.current.message.readonly gmail.modify "
    "gmail.readonly";
constexpr std::string_view kErasing = "https://mail.google.com/";
constexpr std::string_view kReading =
    "https://mail.google.com/ gmail.addons.current.message.action gmail.addons.current.message.metadata "
    "gmail.addons.current.message.readonly gmail.metadata gmail.modify gmail.readonly";
constexpr std::string_view kChanging = "https://mail.google.com/ gmail.modify";
constexpr std::string_view kSending =
    "https://mail.google.com/ gmail.addons.current.action.compose gmail.compose gmail.modify gmail.send";
constexpr std::string_view kSettings = "https://mail.google.com/ gmail.modify gmail.readonly gmail.settings.basic";

constexpr auto kMethods = std::to_array<ApiMethod>({
    {"gmail.users.getProfile", get, "/gmail/v1/users/{userId}/profile", false, kProfile},
    {"gmail.users.drafts.create", post, "/gmail/v1/users/{userId}/drafts", true, kDraftWriting, 10},
    {"gmail.users.drafts.delete", del, "/gmail/v1/users/{userId}/drafts/{id}", false, kDraftWriting, 10},
    {"gmail.users.drafts.get", get, "/gmail/v1/users/{userId}/drafts/{id}", false, kDraftReading, 20},
    {"gmail.users.drafts.list", get, "/gmail/v1/users/{userId}/drafts", false, kDraftReading, 5},
    {"gmail.users.drafts.send", post, "/gmail/v1/users/{userId}/drafts/send", true, kDraftWriting, 100},
    {"gmail.users.drafts.update", put, "/gmail/v1/users/{userId}/drafts/{id}", true, kDraftWriting, 15},
    {"gmail.users.history.list", get, "/gmail/v1/users/{userId}/history", false, kListing, 2},
    {"gmail.users.labels.get", get, "/gmail/v1/users/{userId}/labels/{id}", false, kLabels},
    {"gmail.users.labels.list", get, "/gmail/v1/users/{userId}/labels", false, kLabels},
    {"gmail.users.messages.attachments.get", get, "/gmail/v1/users/{userId}/messages/{messageId}/attachments/{id}",
     false, kAttachment, 20},
    {"gmail.users.messages.delete", del, "/gmail/v1/users/{userId}/messages/{id}", false, kErasing, 10},
    {"gmail.users.messages.get", get, "/gmail/v1/users/{userId}/messages/{id}", false, kReading, 20},
    {"gmail.users.messages.list", get, "/gmail/v1/users/{userId}/messages", false, kListing, 5},
    {"gmail.users.messages.modify", post, "/gmail/v1/users/{userId}/messages/{id}/modify", false, kChanging, 5},
    {"gmail.users.messages.send", post, "/gmail/v1/users/{userId}/messages/send", true, kSending, 100},
    {"gmail.users.messages.trash", post, "/gmail/v1/users/{userId}/messages/{id}/trash", false, kChanging, 5},
    {"gmail.users.messages.untrash", post, "/gmail/v1/users/{userId}/messages/{id}/untrash", false, kChanging, 5},
    {"gmail.users.settings.sendAs.get", get, "/gmail/v1/users/{userId}/settings/sendAs/{sendAsEmail}", false,
     kSettings},
    {"gmail.users.settings.sendAs.list", get, "/gmail/v1/users/{userId}/settings/sendAs", false, kSettings},
    {"gmail.users.threads.get", get, "/gmail/v1/users/{userId}/threads/{id}", false, kReading, 40},
    {"gmail.users.threads.list", get, "/gmail/v1/users/{userId}/threads", false, kListing, 10},
});

}  // namespace

std::span<const ApiMethod> methods() {
    return kMethods;
}

}  // namespace inboxpro::sandbox::gmail
