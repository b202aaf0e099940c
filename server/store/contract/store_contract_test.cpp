#include "store/contract/store_contract.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "testing/run.h"

namespace inboxpro {

std::filesystem::path make_test_directory() {
    std::string pattern = ::testing::TempDir() + "inboxpro_store_XXXXXX";
    return ::mkdtemp(pattern.data());
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::run;

constexpr int kThreads = 4;

const Collection kThings = {
    .name = "things",
    .fields = {{"place", FieldKind::integer}, {"colour", FieldKind::bytes}},
    .indexes = {{.name = "by_account", .fields = {"account"}},
                {.name = "by_place", .fields = {"account", "place"}},
                {.name = "by_colour", .fields = {"colour", "place"}}},
};
const Collection kBadges = {
    .name = "badges",
    .fields = {{"code", FieldKind::bytes}},
    .indexes = {{.name = "by_code", .fields = {"code"}, .unique = true}},
};

RawId id(int number) {
    Bytes bytes(12, '\0');
    append_u32(bytes, static_cast<std::uint32_t>(number));
    return RawId::from_bytes(bytes).value();
}
AccountId account(int number) {
    return {id(1'000'000 + number)};
}

Record thing(int number, Value place = {}, Value colour = {}, AccountId of = account(1)) {
    return {.id = id(number),
            .account = of,
            .fields = {std::move(place), std::move(colour)},
            .payload = "payload " + std::to_string(number),
            .counters = {}};
}
Record badge(int number, Bytes code) {
    return {.id = id(number), .account = account(1), .fields = {std::move(code)}, .payload = "badge", .counters = {}};
}
Record stored(Record record, std::uint64_t version = 1) {
    record.version = version;
    return record;
}

std::vector<int> numbers_of(const Result<std::vector<Record>>& records) {
    std::vector<int> numbers;
    for (const auto& record : records.value())
        for (int number = 0; number < 1'000; ++number)
            if (record.id == id(number)) numbers.push_back(number);
    return numbers;
}

Query descending(Query query) {
    query.order = Order::descending;
    return query;
}

template <class Work>
void on_threads(Work work) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) threads.emplace_back(work, thread);
}

}  // namespace

StoreContract::StoreContract()
    : directory_(make_test_directory()), store_(GetParam().open(directory_, {&kThings, &kBadges})) {}
StoreContract::~StoreContract() {
    store_.reset();
    std::filesystem::remove_all(directory_);
}

TEST_P(StoreContract, GivesBackWhatWasInserted) {
    Record record = thing(1, 7, Bytes("red"));
    record.counters = {{"opens", 3}, {"clicks", -1}};
    ASSERT_TRUE(run(store_->insert(kThings, record)));
    EXPECT_EQ(run(store_->get(kThings, id(1))).value(), stored(record));
    EXPECT_EQ(run(store_->get(kThings, id(2))).error().kind, ErrorKind::not_found);
}

TEST_P(StoreContract, FillsUpFieldsThatWereLeftOut) {
    Record record = thing(1);
    record.fields = {9};
    ASSERT_TRUE(run(store_->insert(kThings, record)));
    EXPECT_THAT(run(store_->get(kThings, id(1)))->fields, ElementsAre(Value{9}, Value{}));
}

TEST_P(StoreContract, KeepsCollectionsApart) {
    ASSERT_TRUE(run(store_->insert(kThings, thing(1))));
    EXPECT_TRUE(run(store_->insert(kBadges, badge(1, "a"))));
    EXPECT_TRUE(run(store_->erase(kThings, id(1))).value());
    EXPECT_TRUE(run(store_->get(kBadges, id(1))));
}

TEST_P(StoreContract, RefusesASecondRecordOfOneId) {
    ASSERT_TRUE(run(store_->insert(kThings, thing(1, 1))));
    EXPECT_EQ(run(store_->insert(kThings, thing(1, 2))).error().kind, ErrorKind::conflict);
    EXPECT_EQ(run(store_->get(kThings, id(1))).value(), stored(thing(1, 1)));
}

TEST_P(StoreContract, RefusesASecondRecordOfOneUniqueKey) {
    ASSERT_TRUE(run(store_->insert(kBadges, badge(1, "a"))));
    EXPECT_EQ(run(store_->insert(kBadges, badge(2, "a"))).error().kind, ErrorKind::conflict);
    EXPECT_EQ(run(store_->get(kBadges, id(2))).error().kind, ErrorKind::not_found);
    ASSERT_TRUE(run(store_->insert(kBadges, badge(2, "b"))));
    EXPECT_EQ(run(store_->replace(kBadges, stored(badge(2, "a")))).error().kind, ErrorKind::conflict);
    EXPECT_EQ(run(store_->get(kBadges, id(2))).value(), stored(badge(2, "b")));
    ASSERT_TRUE(run(store_->replace(kBadges, stored(badge(1, "c")))));
    EXPECT_TRUE(run(store_->insert(kBadges, badge(3, "a"))));
    EXPECT_TRUE(run(store_->erase(kBadges, id(2))).value());
    EXPECT_TRUE(run(store_->insert(kBadges, badge(4, "b"))));
}

TEST_P(StoreContract, InsertsManyAndSaysWhichAreNew) {
    ASSERT_TRUE(run(store_->insert(kThings, thing(2, 20))));
    const auto first = run(store_->insert_many(kThings, {thing(1, 1), thing(2, 2), thing(3, 3), thing(3, 4)}));
    EXPECT_THAT(first.value(), ElementsAre(true, false, true, false));
    const auto again = run(store_->insert_many(kThings, {thing(1, 1), thing(2, 2), thing(3, 3)}));
    EXPECT_THAT(again.value(), ElementsAre(false, false, false));
    EXPECT_EQ(run(store_->get(kThings, id(2))).value(), stored(thing(2, 20)));
    EXPECT_EQ(run(store_->get(kThings, id(3))).value(), stored(thing(3, 3)));
    EXPECT_THAT(run(store_->insert_many(kThings, {})).value(), IsEmpty());
}

TEST_P(StoreContract, InsertsAllOrNoneWhenAUniqueKeyIsTaken) {
    ASSERT_TRUE(run(store_->insert(kBadges, badge(9, "taken"))));
    const auto outcome = run(store_->insert_many(kBadges, {badge(1, "a"), badge(2, "taken"), badge(3, "c")}));
    EXPECT_EQ(outcome.error().kind, ErrorKind::conflict);
    EXPECT_FALSE(run(store_->get(kBadges, id(1))));
    EXPECT_FALSE(run(store_->get(kBadges, id(3))));
}

TEST_P(StoreContract, ReplacesOnlyTheVersionThatWasRead) {
    ASSERT_TRUE(run(store_->insert(kThings, thing(1, 1))));
    EXPECT_EQ(run(store_->replace(kThings, stored(thing(1, 2), 1))).value(), 2U);
    EXPECT_EQ(run(store_->replace(kThings, stored(thing(1, 3), 1))).error().kind, ErrorKind::conflict);
    EXPECT_EQ(run(store_->replace(kThings, stored(thing(1, 3), 3))).error().kind, ErrorKind::conflict);
    EXPECT_EQ(run(store_->get(kThings, id(1))).value(), stored(thing(1, 2), 2));
    EXPECT_EQ(run(store_->replace(kThings, stored(thing(2, 3)))).error().kind, ErrorKind::not_found);
    EXPECT_FALSE(run(store_->get(kThings, id(2))));
}

TEST_P(StoreContract, ReplacesManyEachForItself) {
    ASSERT_TRUE(run(store_->insert_many(kThings, {thing(1, 1), thing(2, 2), thing(3, 3)})));
    ASSERT_TRUE(run(store_->replace(kThings, stored(thing(2, 20), 1))));
    const auto versions = run(store_->replace_many(
        kThings, {stored(thing(1, 10), 1), stored(thing(2, 21), 1), stored(thing(9, 9), 1), stored(thing(3, 30), 1),
                  stored(thing(3, 31), 2), stored(thing(1, 11, {}, account(2)), 2)}));
    EXPECT_THAT(versions.value(), ElementsAre(2, 0, 0, 2, 3, 0));
    EXPECT_EQ(run(store_->get(kThings, id(1))).value(), stored(thing(1, 10), 2));
    EXPECT_EQ(run(store_->get(kThings, id(2))).value(), stored(thing(2, 20), 2));
    EXPECT_EQ(run(store_->get(kThings, id(3))).value(), stored(thing(3, 31), 3));
    EXPECT_THAT(run(store_->replace_many(kThings, {})).value(), IsEmpty());
}

TEST_P(StoreContract, ReplacesTheOthersWhenOneUniqueKeyIsTaken) {
    ASSERT_TRUE(run(store_->insert_many(kBadges, {badge(1, "a"), badge(2, "b"), badge(3, "c")})));
    const auto versions = run(store_->replace_many(
        kBadges, {stored(badge(1, "a1"), 1), stored(badge(2, "c"), 1), stored(badge(3, "c1"), 1)}));
    EXPECT_THAT(versions.value(), ElementsAre(2, 0, 2));
    EXPECT_EQ(run(store_->get(kBadges, id(2))).value(), stored(badge(2, "b")));
}

TEST_P(StoreContract, ReplacesNoRecordOfAnotherAccount) {
    ASSERT_TRUE(run(store_->insert(kThings, thing(1, 1))));
    const auto outcome = run(store_->replace(kThings, stored(thing(1, 2, {}, account(2)))));
    EXPECT_EQ(outcome.error().kind, ErrorKind::not_found);
    EXPECT_EQ(run(store_->get(kThings, id(1))).value(), stored(thing(1, 1)));
}

TEST_P(StoreContract, MovesAReplacedRecordInItsIndexes) {
    ASSERT_TRUE(run(store_->insert(kThings, thing(1, 1, Bytes("red")))));
    ASSERT_TRUE(run(store_->replace(kThings, stored(thing(1, 1, Bytes("blue"))))));
    EXPECT_THAT(numbers_of(run(store_->find(kThings, {.index = "by_colour", .equals = {Bytes("red")}}))), IsEmpty());
    EXPECT_THAT(numbers_of(run(store_->find(kThings, {.index = "by_colour", .equals = {Bytes("blue")}}))),
                ElementsAre(1));
}

TEST_P(StoreContract, AddsToCountersAndMakesTheRecord) {
    const auto first = run(store_->add(kThings, id(1), account(1), {{"opens", 2}, {"clicks", 1}}));
    EXPECT_EQ(first.value(), (Counters{{"clicks", 1}, {"opens", 2}}));
    const auto second = run(store_->add(kThings, id(1), account(1), {{"opens", -5}, {"replies", 1}}));
    EXPECT_EQ(second.value(), (Counters{{"clicks", 1}, {"opens", -3}, {"replies", 1}}));
    const auto record = run(store_->get(kThings, id(1))).value();
    EXPECT_EQ(record.counters, second.value());
    EXPECT_EQ(record.account, account(1));
    EXPECT_EQ(record.version, 1U);
    EXPECT_THAT(record.fields, ElementsAre(Value{}, Value{}));
    EXPECT_EQ(record.payload, "");
}

TEST_P(StoreContract, KeepsCountersAndRestOfARecordApart) {
    Record record = thing(1, 1);
    record.counters = {{"opens", 1}};
    ASSERT_TRUE(run(store_->insert(kThings, record)));
    ASSERT_TRUE(run(store_->add(kThings, id(1), account(1), {{"opens", 1}})));
    record.counters = {{"opens", 99}};
    ASSERT_TRUE(run(store_->replace(kThings, stored(record))));
    EXPECT_EQ(run(store_->get(kThings, id(1)))->counters, (Counters{{"opens", 2}}));
    EXPECT_EQ(run(store_->get(kThings, id(1)))->payload, record.payload);
}

TEST_P(StoreContract, LosesNoIncrementOfManyThreads) {
    constexpr int kEach = 50;
    std::atomic<int> failed = 0;
    on_threads([&](int) {
        for (int i = 0; i < kEach; ++i) failed += !run(store_->add(kThings, id(1), account(1), {{"opens", 1}}));
    });
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(run(store_->get(kThings, id(1)))->counters, (Counters{{"opens", kThreads * kEach}}));
}

TEST_P(StoreContract, LetsOneOfManyThreadsWinEachReplace) {
    constexpr int kRounds = 25;
    ASSERT_TRUE(run(store_->insert(kThings, thing(1, 0))));
    std::atomic<int> won = 0;
    on_threads([&](int) {
        for (int round = 0; round < kRounds;) {
            auto record = run(store_->get(kThings, id(1))).value();
            record.fields[0] = std::get<std::int64_t>(record.fields[0]) + 1;
            const auto replaced = run(store_->replace(kThings, record));
            if (!replaced) {
                ASSERT_EQ(replaced.error().kind, ErrorKind::conflict);
                continue;
            }
            ++round;
            ++won;
        }
    });
    EXPECT_EQ(won, kThreads * kRounds);
    const auto record = run(store_->get(kThings, id(1))).value();
    EXPECT_EQ(record.fields[0], Value{kThreads * kRounds});
    EXPECT_EQ(record.version, 1U + kThreads * kRounds);
}

TEST_P(StoreContract, LetsOneOfManyThreadsInsertAnIdOrUniqueKey) {
    constexpr int kRounds = 25;
    std::atomic<int> won = 0;
    on_threads([&](int thread) {
        for (int round = 0; round < kRounds; ++round) {
            won += run(store_->insert(kThings, thing(round, thread))).has_value();
            won += run(store_->insert(kBadges, badge(round * kThreads + thread, std::to_string(round)))).has_value();
        }
    });
    EXPECT_EQ(won, 2 * kRounds);
}

TEST_P(StoreContract, FailsAConflictAloneAmongItsNeighbours) {
    constexpr int kEach = 100;
    for (int number = 0; number < kEach; number += 2) ASSERT_TRUE(run(store_->insert(kThings, thing(number))));
    std::atomic<int> done = 0, conflicts = 0;
    on_threads([&](int thread) {
        for (int number = thread; number < kEach; number += kThreads) {
            const auto outcome = run(store_->insert(kThings, thing(number, 1)));
            outcome ? ++done : ++conflicts;
        }
    });
    EXPECT_EQ(done, kEach / 2);
    EXPECT_EQ(conflicts, kEach / 2);
    for (int number = 0; number < kEach; ++number) EXPECT_TRUE(run(store_->get(kThings, id(number)))) << number;
}

TEST_P(StoreContract, ShowsEveryThreadWhatReturnedBefore) {
    std::atomic<int> written = 0;
    std::atomic<int> missed = 0;
    constexpr int kMost = 100;
    on_threads([&](int thread) {
        if (thread == 0) {
            for (int number = 1; number <= kMost; ++number) {
                EXPECT_TRUE(run(store_->insert(kThings, thing(number))));
                written = number;
            }
            return;
        }
        for (int seen = 0; seen < kMost;) {
            seen = written;
            if (seen == 0) continue;
            missed += !run(store_->get(kThings, id(seen)));
            const auto found =
                run(store_->find(kThings, {.index = "by_account", .equals = {Bytes(account(1).view())}}));
            missed += found->size() < static_cast<std::size_t>(seen);
        }
    });
    EXPECT_EQ(missed, 0);
}

TEST_P(StoreContract, KeepsLargePayloadsAndAnyByte) {
    Record record = thing(1, 1, Bytes("\0a\xff\0", 4));
    record.payload.assign(1 << 20, '\0');
    for (std::size_t i = 0; i < record.payload.size(); ++i) record.payload[i] = static_cast<char>(i * 7 >> 3);
    ASSERT_TRUE(run(store_->insert(kThings, record)));
    EXPECT_TRUE(run(store_->get(kThings, id(1))).value() == stored(record));
    ASSERT_TRUE(run(store_->insert(kThings, thing(2, 1, Bytes("\0a\xff", 3)))));
    const auto found = run(store_->find(kThings, {.index = "by_colour", .equals = {Bytes("\0a\xff\0", 4)}}));
    EXPECT_THAT(numbers_of(found), ElementsAre(1));
}

TEST_P(StoreContract, KeepsExtremeNumbersAndTellsEmptyFromEmptyBytes) {
    constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    const std::vector<Record> records = {thing(1, kLeast, Bytes{}), thing(2, kMost), thing(3, 0, Bytes("\0", 1))};
    ASSERT_TRUE(run(store_->insert_many(kThings, records)));
    for (const auto& record : records) EXPECT_EQ(run(store_->get(kThings, record.id)).value(), stored(record));
    EXPECT_THAT(numbers_of(run(store_->find(kThings, {.index = "by_colour", .equals = {Bytes{}}}))), ElementsAre(1));
    EXPECT_THAT(numbers_of(run(store_->find(kThings, {.index = "by_colour", .equals = {Value{}}}))), ElementsAre(2));
}

TEST_P(StoreContract, ErasesOneRecord) {
    ASSERT_TRUE(run(store_->insert(kThings, thing(1, 1))));
    EXPECT_TRUE(run(store_->erase(kThings, id(1))).value());
    EXPECT_FALSE(run(store_->erase(kThings, id(1))).value());
    EXPECT_FALSE(run(store_->get(kThings, id(1))));
    EXPECT_TRUE(run(store_->insert(kThings, thing(1, 2))));
    EXPECT_EQ(run(store_->get(kThings, id(1)))->version, 1U);
}

TEST_P(StoreContract, SaysThatItCanWrite) {
    EXPECT_TRUE(run(store_->check()));
}

StoreQueries::StoreQueries() {
    const std::vector<Record> records = {
        thing(5, 10), thing(1, 20), thing(3), thing(2, 10), thing(4), thing(6, 30), thing(7, 15, {}, account(2))};
    EXPECT_TRUE(run(store_->insert_many(kThings, records)));
}

std::vector<int> StoreQueries::found(Query query) {
    query.index = "by_place";
    query.equals.insert(query.equals.begin(), Bytes(account(1).view()));
    return numbers_of(run(store_->find(kThings, query)));
}

TEST_P(StoreQueries, ComeInTheOrderOfFieldsThenIds) {
    EXPECT_THAT(found({}), ElementsAre(3, 4, 2, 5, 1, 6));
    EXPECT_THAT(found(descending({})), ElementsAre(6, 1, 5, 2, 4, 3));
}

TEST_P(StoreQueries, FixFieldsEvenToEmptyOnes) {
    EXPECT_THAT(found({.equals = {10}}), ElementsAre(2, 5));
    EXPECT_THAT(found(descending({.equals = {10}})), ElementsAre(5, 2));
    EXPECT_THAT(found({.equals = {Value{}}}), ElementsAre(3, 4));
    EXPECT_THAT(found({.equals = {11}}), IsEmpty());
    EXPECT_THAT(found({.equals = {Bytes("10")}}), IsEmpty());
}

TEST_P(StoreQueries, AreBoundedFromAndBelowAndLeaveEmptyOnesOut) {
    EXPECT_THAT(found({.from = 10}), ElementsAre(2, 5, 1, 6));
    EXPECT_THAT(found({.from = 11}), ElementsAre(1, 6));
    EXPECT_THAT(found({.below = 20}), ElementsAre(2, 5));
    EXPECT_THAT(found({.from = 10, .below = 30}), ElementsAre(2, 5, 1));
    EXPECT_THAT(found(descending({.from = 10, .below = 30})), ElementsAre(1, 5, 2));
    EXPECT_THAT(found({.from = 20, .below = 20}), IsEmpty());
    EXPECT_THAT(found({.from = 30, .below = 10}), IsEmpty());
    EXPECT_THAT(found(descending({.from = 30, .below = 10})), IsEmpty());
}

TEST_P(StoreQueries, GiveAtMostTheLimit) {
    EXPECT_THAT(found({.limit = 3}), ElementsAre(3, 4, 2));
    EXPECT_THAT(found(descending({.limit = 2})), ElementsAre(6, 1));
}

TEST_P(StoreQueries, ContinueBehindAnyRecordInBothOrders) {
    for (const auto& base : {Query{}, Query{.from = 10}, Query{.below = 30}, Query{.equals = {10}},
                             Query{.equals = {Value{}}}, Query{.from = 10, .below = 30}})
        for (const auto order : {Order::ascending, Order::descending})
            for (const std::size_t limit : {1, 2, 3}) {
                Query query = base;
                query.order = order;
                const auto all = found(query);
                std::vector<int> paged;
                query.limit = limit;
                for (auto page = found(query); !page.empty(); page = found(query)) {
                    paged.insert(paged.end(), page.begin(), page.end());
                    const auto last = run(store_->get(kThings, id(page.back()))).value();
                    query.after = Query::Position{.value = last.fields[0], .id = last.id};
                }
                EXPECT_EQ(paged, all);
            }
}

TEST_P(StoreQueries, ContinueBehindARecordThatIsGone) {
    ASSERT_TRUE(run(store_->erase(kThings, id(5))));
    EXPECT_THAT(found({.after = Query::Position{.value = 10, .id = id(5)}}), ElementsAre(1, 6));
    EXPECT_THAT(found(descending({.after = Query::Position{.value = 10, .id = id(5)}})), ElementsAre(2, 4, 3));
}

TEST_P(StoreQueries, AreRefusedWhenTheirIndexCannotAnswer) {
    const auto refused = [&](const Query& query) {
        const auto outcome = run(store_->find(kThings, query));
        return !outcome && outcome.error().kind == ErrorKind::invalid &&
               run(store_->erase(kThings, query)).error().kind == ErrorKind::invalid;
    };
    const Value of{Bytes(account(1).view())};
    EXPECT_TRUE(refused({.index = "by_account", .equals = {of}, .limit = 0}));
    EXPECT_TRUE(refused({.index = "by_account", .equals = {of, of}}));
    EXPECT_TRUE(refused({.index = "by_account", .equals = {of}, .from = 1}));
    EXPECT_TRUE(refused({.index = "by_place", .equals = {of}, .from = Value{}}));
    EXPECT_TRUE(refused({.index = "by_place", .after = Query::Position{.value = of, .id = id(1)}}));
}

TEST_P(StoreQueries, EraseAtMostTheLimit) {
    const Query query = {.index = "by_account", .equals = {Bytes(account(1).view())}, .limit = 4};
    EXPECT_EQ(run(store_->erase(kThings, query)).value(), 4U);
    EXPECT_EQ(run(store_->erase(kThings, query)).value(), 2U);
    EXPECT_EQ(run(store_->erase(kThings, query)).value(), 0U);
    EXPECT_TRUE(run(store_->get(kThings, id(7))));
}

TEST_P(StoreQueries, EraseWhatLiesWithinBounds) {
    const Query query = {.index = "by_place", .equals = {Bytes(account(1).view())}, .below = 20};
    EXPECT_EQ(run(store_->erase(kThings, query)).value(), 2U);
    EXPECT_THAT(found({}), ElementsAre(3, 4, 1, 6));
}

}  // namespace inboxpro
