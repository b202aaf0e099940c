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
constexpr std::string_view kLabelWriting = "https://mail.google.com/ gmail.labels gmail.modify";
constexpr std::string_view kInserting = "https://mail.google.com/ gmail.insert gmail.modify";
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
    {"gmail.users.labels.create", post, "/gmail/v1/users/{userId}/labels", false, kLabelWriting, 5},
    {"gmail.users.labels.delete", del, "/gmail/v1/users/{userId}/labels/{id}", false, kLabelWriting, 5},
    {"gmail.users.labels.get", get, "/gmail/v1/users/{userId}/labels/{id}", false, kLabels},
    {"gmail.users.labels.list", get, "/gmail/v1/users/{userId}/labels", false, kLabels},
    {"gmail.users.labels.patch", patch, "/gmail/v1/users/{userId}/labels/{id}", false, kLabelWriting, 5},
    {"gmail.users.labels.update", put, "/gmail/v1/users/{userId}/labels/{id}", false, kLabelWriting, 5},
    {"gmail.users.messages.attachments.get", get, "/gmail/v1/users/{userId}/messages/{messageId}/attachments/{id}",
     false, kAttachment, 20},
    {"gmail.users.messages.batchDelete", post, "/gmail/v1/users/{userId}/messages/batchDelete", false, kErasing, 50},
    {"gmail.users.messages.batchModify", post, "/gmail/v1/users/{userId}/messages/batchModify", false, kChanging, 50},
    {"gmail.users.messages.delete", del, "/gmail/v1/users/{userId}/messages/{id}", false, kErasing, 10},
    {"gmail.users.messages.get", get, "/gmail/v1/users/{userId}/messages/{id}", false, kReading, 20},
    {"gmail.users.messages.import", post, "/gmail/v1/users/{userId}/messages/import", true, kInserting, 25},
    {"gmail.users.messages.insert", post, "/gmail/v1/users/{userId}/messages", true, kInserting, 25},
    {"gmail.users.messages.list", get, "/gmail/v1/users/{userId}/messages", false, kListing, 5},
    {"gmail.users.messages.modify", post, "/gmail/v1/users/{userId}/messages/{id}/modify", false, kChanging, 5},
    {"gmail.users.messages.send", post, "/gmail/v1/users/{userId}/messages/send", true, kSending, 100},
    {"gmail.users.messages.trash", post, "/gmail/v1/users/{userId}/messages/{id}/trash", false, kChanging, 5},
    {"gmail.users.messages.untrash", post, "/gmail/v1/users/{userId}/messages/{id}/untrash", false, kChanging, 5},
    {"gmail.users.settings.getVacation", get, "/gmail/v1/users/{userId}/settings/vacation", false, kSettings},
    {"gmail.users.settings.sendAs.get", get, "/gmail/v1/users/{userId}/settings/sendAs/{sendAsEmail}", false,
     kSettings},
    {"gmail.users.settings.sendAs.list", get, "/gmail/v1/users/{userId}/settings/sendAs", false, kSettings},
    {"gmail.users.settings.updateVacation", put, "/gmail/v1/users/{userId}/settings/vacation", false,
     "gmail.settings.basic", 5},
    {"gmail.users.stop", post, "/gmail/v1/users/{userId}/stop", false, kListing, 50},
    {"gmail.users.threads.delete", del, "/gmail/v1/users/{userId}/threads/{id}", false, kErasing, 20},
    {"gmail.users.threads.get", get, "/gmail/v1/users/{userId}/threads/{id}", false, kReading, 40},
    {"gmail.users.threads.list", get, "/gmail/v1/users/{userId}/threads", false, kListing, 10},
    {"gmail.users.threads.modify", post, "/gmail/v1/users/{userId}/threads/{id}/modify", false, kChanging, 10},
    {"gmail.users.threads.trash", post, "/gmail/v1/users/{userId}/threads/{id}/trash", false, kChanging, 10},
    {"gmail.users.threads.untrash", post, "/gmail/v1/users/{userId}/threads/{id}/untrash", false, kChanging, 10},
    {"gmail.users.watch", post, "/gmail/v1/users/{userId}/watch", false, kListing, 100},
});

}  // namespace

std::span<const ApiMethod> methods() {
    return kMethods;
}

}  // namespace inboxpro::sandbox::gmail
