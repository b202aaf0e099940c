#include "tracking/mentions.h"

#include "tracking/body.h"

namespace inboxpro {
namespace {

struct MentionField {
    enum : std::size_t { person, message, created_at };
};

}  // namespace

const Collection kMentions{
    .name = "mentions",
    .fields = {{"person", FieldKind::bytes}, {"message", FieldKind::bytes}, {"created_at", FieldKind::integer}},
    .indexes = {{.name = "by_person", .fields = {"person", "created_at"}},
                {.name = "by_message", .fields = {"message"}}},
};

Bytes Mentions::person(AccountId account, std::string_view address) const {
    return index_.of(account, "recipient", normalised_address(address));
}

RawId Mentions::id_of(AccountId account, std::string_view address, MessageId message) const {
    const auto value = Bytes{message.view()} + normalised_address(address);
    return RawId::from_bytes(index_.of(account, "mention", value)).value();
}

Task<Result<void>> Mentions::note(Message message) {
    std::vector<Document> documents;
    for (const auto& [address, field, name] : message.recipients)
        documents.push_back(
            {.id = id_of(message.account, address, message.id),
             .account = message.account,
             .fields = {person(message.account, address), Bytes{message.id.view()}, to_millis(message.created_at)},
             .body = {}});
    CO_TRY(co_await documents_.insert_many(kMentions, std::move(documents)));
    co_return Result<void>{};
}

Task<Result<std::vector<MessageId>>> Mentions::of(AccountId account, std::string address, std::size_t limit,
                                                  std::optional<Query::Position>& after) {
    const auto found = CO_TRY(co_await documents_.find(kMentions, {.index = "by_person",
                                                                   .equals = {person(account, address)},
                                                                   .limit = limit,
                                                                   .after = std::exchange(after, {})}));
    std::vector<MessageId> mentions;
    for (const auto& document : found) {
        mentions.push_back(CO_TRY(MessageId::from_bytes(CO_TRY(bytes_field(document, MentionField::message)))));
        after = Query::Position{.value = document.fields.at(MentionField::created_at), .id = document.id};
    }
    co_return mentions;
}

Task<Result<void>> Mentions::remove(AccountId account, std::string address, MessageId message) {
    CO_TRY(co_await documents_.erase(kMentions, id_of(account, address, message)));
    co_return Result<void>{};
}

}  // namespace inboxpro
