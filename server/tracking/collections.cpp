#include "tracking/event_record.h"
#include "tracking/fold.h"
#include "tracking/messages.h"
#include "tracking/tally.h"

namespace inboxpro {

const Collection kMessages{
    .name = "messages",
    .fields = {{"created_at", FieldKind::integer}, {"thread", FieldKind::bytes}},
    .indexes = {{.name = "by_account", .fields = {"account", "created_at"}},
                {.name = "by_thread", .fields = {"account", "thread", "created_at"}}},
};

// Fields in the order of EventField.
const Collection kEvents{
    .name = "events",
    .fields = {{"message", FieldKind::bytes},
               {"at", FieldKind::integer},
               {"node", FieldKind::bytes},
               {"batch", FieldKind::integer},
               {"kind", FieldKind::integer},
               {"recipient", FieldKind::integer},
               {"link", FieldKind::integer},
               {"label", FieldKind::integer},
               {"confidence", FieldKind::integer},
               {"rule", FieldKind::bytes},
               {"rules_version", FieldKind::integer},
               {"provisional", FieldKind::integer}},
    .indexes = {{.name = "by_message", .fields = {"message", "at"}},
                {.name = "by_account", .fields = {"account", "at"}},
                {.name = "by_batch", .fields = {"node", "batch"}}},
};

const Collection kTallies{
    .name = "tallies",
    .fields = {},
    .indexes = {{.name = "by_account", .fields = {"account"}}},
};

const Collection kFoldCursors{
    .name = "fold_cursors",
    .fields = {{"batch", FieldKind::integer}},
    .indexes = {},
};

}  // namespace inboxpro
