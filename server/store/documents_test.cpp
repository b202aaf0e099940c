#include "store/documents.h"

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <thread>

#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "vault/sealing.h"

namespace inboxpro {
namespace {

using testing::run;

const Collection kNotes = {
    .name = "notes",
    .fields = {{"at", FieldKind::integer}},
    .indexes = {{.name = "by_account", .fields = {"account"}}, {.name = "by_at", .fields = {"account", "at"}}}};
const Collection kOthers = {.name = "others", .fields = kNotes.fields, .indexes = kNotes.indexes};

RawId id(char letter) {
    return RawId::from_bytes(Bytes(16, letter)).value();
}
AccountId account(char letter) {
    return {id(letter)};
}

class DocumentsTest : public ::testing::Test {
  protected:
    DocumentsTest() {
        for (const auto of : {account('a'), account('b')}) EXPECT_TRUE(run(keys_.create(of)));
    }

    static Document note(char letter, std::string text, AccountId of = account('a')) {
        return {.id = id(letter), .account = of, .fields = {letter}, .body = {{"text", std::move(text)}}};
    }
    Result<std::vector<Document>> all_of(AccountId of) {
        return run(documents_.find(kNotes, {.index = "by_account", .equals = {Bytes(of.view())}}));
    }
    Record raw(const Collection& collection, char letter) { return run(store_->get(collection, id(letter))).value(); }

    SystemRandom random_;
    KeyFile key_file_ = KeyFile::in_memory(random_);
    std::unique_ptr<Store> store_ = make_memory_store({&kAccountKeys, &kNotes, &kOthers});
    KeyRing keys_{*store_, key_file_.keys(KeyPurpose::master), random_};
    Documents documents_{*store_, keys_, random_};
};

TEST_F(DocumentsTest, GiveBackWhatWasStored) {
    auto document = note('1', "ann@example.com");
    document.counters = {{"opens", 2}};
    ASSERT_TRUE(run(documents_.insert(kNotes, document)));
    const auto read = run(documents_.get(kNotes, id('1'))).value();
    EXPECT_EQ(read.body, document.body);
    EXPECT_EQ(read.fields, document.fields);
    EXPECT_EQ(read.account, document.account);
    EXPECT_EQ(read.counters, document.counters);
    EXPECT_EQ(read.version, 1U);
}

TEST_F(DocumentsTest, KeepAnyJsonObject) {
    int made = 0;
    EXPECT_TRUE(rc::check([&](const std::map<std::string, std::string>& texts, std::int64_t number, bool flag) {
        boost::json::object body{{"number", number}, {"flag", flag}, {"none", nullptr}};
        for (const auto& [name, text] : texts) body[base64(name)] = base64(text);
        auto document = note('1', "");
        document.id = id(static_cast<char>(++made));
        document.body = body;
        RC_ASSERT(run(documents_.insert(kNotes, document)).has_value());
        RC_ASSERT(run(documents_.get(kNotes, document.id))->body == body);
    }));
}

TEST_F(DocumentsTest, LeaveNothingOfABodyInTheStore) {
    ASSERT_TRUE(run(documents_.insert(kNotes, note('1', "a canary of some length"))));
    const auto record = raw(kNotes, '1');
    EXPECT_THAT(record.payload, ::testing::Not(::testing::HasSubstr("canary")));
    EXPECT_EQ(record.payload.size(),
              boost::json::serialize(note('1', "a canary of some length").body).size() + kSealOverhead);
}

TEST_F(DocumentsTest, OpenInNoOtherRecordCollectionOrAccount) {
    ASSERT_TRUE(
        run(documents_.insert_many(kNotes, {note('1', "one"), note('2', "two"), note('3', "b", account('b'))})));
    ASSERT_TRUE(run(documents_.insert(kOthers, note('1', "other"))));
    const auto expect_unreadable_with = [&](const Bytes& payload) {
        auto record = raw(kNotes, '1');
        record.payload = payload;
        ASSERT_TRUE(run(store_->replace(kNotes, record)));
        EXPECT_EQ(run(documents_.get(kNotes, id('1'))).error().kind, ErrorKind::corrupt);
    };
    expect_unreadable_with(raw(kNotes, '2').payload);
    expect_unreadable_with(raw(kNotes, '3').payload);
    expect_unreadable_with(raw(kOthers, '1').payload);
    expect_unreadable_with("x");
    EXPECT_EQ(documents_.unreadable(), 4U);
}

TEST_F(DocumentsTest, LeaveOutCountAndKeepWhatDoesNotOpen) {
    ASSERT_TRUE(run(documents_.insert_many(kNotes, {note('1', "one"), note('2', "two"), note('3', "three")})));
    auto broken = raw(kNotes, '2');
    broken.payload.back() ^= 1;
    ASSERT_TRUE(run(store_->replace(kNotes, broken)));
    const auto found = all_of(account('a')).value();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].id, id('1'));
    EXPECT_EQ(found[1].id, id('3'));
    EXPECT_EQ(documents_.unreadable(), 1U);
    EXPECT_EQ(raw(kNotes, '2').payload, broken.payload);
}

TEST_F(DocumentsTest, ReplaceByCompareAndSet) {
    ASSERT_TRUE(run(documents_.insert(kNotes, note('1', "one"))));
    auto document = run(documents_.get(kNotes, id('1'))).value();
    document.body["text"] = "two";
    EXPECT_EQ(run(documents_.replace(kNotes, document)).value(), 2U);
    EXPECT_EQ(run(documents_.replace(kNotes, document)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(run(documents_.get(kNotes, id('1')))->body.at("text"), "two");
}

TEST_F(DocumentsTest, InsertManyTwiceWithoutChange) {
    const std::vector<Document> notes = {note('1', "one"), note('2', "two")};
    EXPECT_THAT(run(documents_.insert_many(kNotes, notes)).value(), ::testing::ElementsAre(true, true));
    EXPECT_THAT(run(documents_.insert_many(kNotes, notes)).value(), ::testing::ElementsAre(false, false));
    EXPECT_EQ(run(documents_.get(kNotes, id('2')))->body.at("text"), "two");
}

TEST_F(DocumentsTest, GiveAnEmptyBodyToWhatOnlyWasCounted) {
    ASSERT_TRUE(run(documents_.add(kNotes, id('1'), account('a'), {{"opens", 1}})));
    const auto document = run(documents_.get(kNotes, id('1'))).value();
    EXPECT_TRUE(document.body.empty());
    EXPECT_EQ(document.counters, (Counters{{"opens", 1}}));
}

TEST_F(DocumentsTest, CannotBeStoredForAnAccountWithoutKey) {
    EXPECT_EQ(run(documents_.insert(kNotes, note('1', "x", account('z')))).error().kind, ErrorKind::not_found);
    EXPECT_FALSE(run(store_->get(kNotes, id('1'))));
}

TEST_F(DocumentsTest, CannotBeReadOnceTheKeyIsDestroyed) {
    ASSERT_TRUE(run(documents_.insert_many(kNotes, {note('1', "a"), note('2', "b", account('b'))})));
    ASSERT_TRUE(run(keys_.destroy(account('a'))));
    EXPECT_EQ(run(documents_.get(kNotes, id('1'))).error().kind, ErrorKind::not_found);
    EXPECT_TRUE(all_of(account('a'))->empty());
    EXPECT_EQ(documents_.unreadable(), 2U);
    EXPECT_EQ(all_of(account('b'))->size(), 1U);
    ASSERT_TRUE(run(keys_.create(account('a'))));
    EXPECT_EQ(run(documents_.get(kNotes, id('1'))).error().kind, ErrorKind::corrupt);
}

TEST_F(DocumentsTest, AreWalkedWithoutBeingOpened) {
    ASSERT_TRUE(run(documents_.insert(kNotes, note('1', "one"))));
    ASSERT_TRUE(run(documents_.insert(kNotes, note('2', "two"))));
    ASSERT_TRUE(run(keys_.destroy(account('a'))));
    const auto found =
        run(documents_.find_unopened(kNotes, {.index = "by_account", .equals = {Bytes(account('a').view())}})).value();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].id, id('2'));
    EXPECT_EQ(found[1].account, account('a'));
    EXPECT_EQ(found[1].fields, std::vector<Value>{'2'});
    EXPECT_TRUE(found[1].body.empty());
    EXPECT_EQ(documents_.unreadable(), 0U);
}

TEST_F(DocumentsTest, AreSealedForAnotherServerWithTheSameKeyFile) {
    ASSERT_TRUE(run(documents_.insert(kNotes, note('1', "one"))));
    KeyRing other{*store_, key_file_.keys(KeyPurpose::master), random_};
    EXPECT_EQ(run(Documents(*store_, other, random_).get(kNotes, id('1')))->body.at("text"), "one");
    const auto wrong_file = KeyFile::in_memory(random_);
    KeyRing stranger{*store_, wrong_file.keys(KeyPurpose::master), random_};
    EXPECT_EQ(run(Documents(*store_, stranger, random_).get(kNotes, id('1'))).error().kind, ErrorKind::corrupt);
}

TEST_F(DocumentsTest, HaveOneKeyForEachAccountHoweverOftenItIsMade) {
    const auto before = run(keys_.key_of(account('a'))).value();
    ASSERT_TRUE(run(keys_.create(account('a'))));
    EXPECT_EQ(run(keys_.key_of(account('a'))).value()->key, before->key);
    EXPECT_FALSE(run(keys_.key_of(account('b'))).value()->key == before->key);
    EXPECT_EQ(run(keys_.key_of(account('z'))).error().kind, ErrorKind::not_found);
    EXPECT_THAT(Bytes(raw(kAccountKeys, 'a').payload),
                ::testing::Not(::testing::HasSubstr(Bytes(before->key.reveal()))));
}

TEST_F(DocumentsTest, FindKeysOnManyThreads) {
    std::atomic<int> found = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&] {
                for (int i = 0; i < 100; ++i) found += run(keys_.key_of(account(i % 2 ? 'a' : 'b'))).has_value();
            });
    }
    EXPECT_EQ(found, 400);
}

/// A ring that reads data keys made under an older master key, and writes with the newest.
TEST_F(DocumentsTest, OpenKeysOfEveryMasterVersion) {
    const auto& first = key_file_.keys(KeyPurpose::master);
    const KeySet both{{{1, first.newest_key()}, {2, Secret{Bytes(32, '2')}}}};
    KeyRing rotated{*store_, both, random_};
    EXPECT_TRUE(run(rotated.key_of(account('a'))));
    ASSERT_TRUE(run(rotated.create(account('c'))));
    EXPECT_EQ(key_version_of(raw(kAccountKeys, 'c').payload).value(), 2U);
    EXPECT_EQ(run(keys_.key_of(account('c'))).error().kind, ErrorKind::corrupt);
}

TEST_F(DocumentsTest, RefuseAKeyThatWasMovedToAnotherAccount) {
    auto record = raw(kAccountKeys, 'b');
    record.payload = raw(kAccountKeys, 'a').payload;
    ASSERT_TRUE(run(store_->replace(kAccountKeys, record)));
    EXPECT_EQ(run(keys_.key_of(account('b'))).error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace inboxpro
