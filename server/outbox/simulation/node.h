#pragma once
#include <random>

#include "outbox/outbox.h"
#include "outbox/simulation/google.h"
#include "testing/fake_sleeper.h"
#include "testing/fakes.h"

namespace inboxpro::simulation {

/// A node ends at one of its steps. Nothing of it happens afterwards.
struct Crashed : std::exception {};

/// What a node can meet at each of its steps: every call of a door, before and after its effect.
class Steps {
  public:
    Steps(testing::FakeSleeper& sleeper, std::mt19937_64& dice) : sleeper_(sleeper), dice_(dice) {}

    /// It will end at its n-th step from now.
    void crash_after(int steps) { left_ = steps; }
    void crash() { dead_ = true; }
    bool is_dead() const { return dead_; }
    /// One step in so many stands still for five minutes, as a stopped process does; 0: none.
    void stall_one_in(unsigned steps) { stall_ = steps; }

    Task<void> pass(bool may_stall = true) {
        if (left_ > 0) {
            --left_;
            dead_ = dead_ || left_ == 0;
        }
        if (dead_) throw Crashed();
        const auto roll = dice_();
        if (may_stall && stall_ != 0 && roll % stall_ == 0)
            co_await sleeper_.sleep(std::chrono::minutes{5});
        else if (roll % 16 == 0)
            co_await sleeper_.sleep(std::chrono::milliseconds{(roll >> 8) % 40});
        if (dead_) throw Crashed();
    }

  private:
    testing::FakeSleeper& sleeper_;
    std::mt19937_64& dice_;
    int left_ = 0;
    unsigned stall_ = 0;
    bool dead_ = false;
};

/// The store that all nodes share, as one node reaches it.
class StoreOfNode final : public Store {
  public:
    StoreOfNode(Store& shared, Steps& steps) : shared_(shared), steps_(steps) {}

    Task<Result<void>> insert(const Collection& collection, Record record) override {
        return through(shared_.insert(collection, std::move(record)));
    }
    Task<Result<std::vector<bool>>> insert_many(const Collection& collection, std::vector<Record> records) override {
        return through(shared_.insert_many(collection, std::move(records)));
    }
    Task<Result<Record>> get(const Collection& collection, RawId id) override {
        return through(shared_.get(collection, id));
    }
    Task<Result<std::vector<Record>>> find(const Collection& collection, Query query) override {
        return through(shared_.find(collection, std::move(query)));
    }
    Task<Result<std::uint64_t>> replace(const Collection& collection, Record record) override {
        return through(shared_.replace(collection, std::move(record)));
    }
    Task<Result<std::vector<std::uint64_t>>> replace_many(const Collection& collection,
                                                          std::vector<Record> records) override {
        return through(shared_.replace_many(collection, std::move(records)));
    }
    Task<Result<Counters>> add(const Collection& collection, RawId id, AccountId account, Counters counters) override {
        return through(shared_.add(collection, id, account, std::move(counters)));
    }
    Task<Result<std::size_t>> erase(const Collection& collection, Query query) override {
        return through(shared_.erase(collection, std::move(query)));
    }
    Task<Result<bool>> erase(const Collection& collection, RawId id) override {
        return through(shared_.erase(collection, id));
    }
    Task<Result<void>> check() override { return through(shared_.check()); }

  private:
    template <class T>
    Task<T> through(Task<T> operation) {
        co_await steps_.pass();
        T outcome = co_await std::move(operation);
        co_await steps_.pass();
        co_return outcome;
    }

    Store& shared_;
    Steps& steps_;
};

/// A node's clocks: the wall clock may be wrong, the steady one is not.
class SkewedClock final : public Clock {
  public:
    SkewedClock(const Clock& real, std::chrono::milliseconds skew) : real_(real), skew_(skew) {}
    TimePoint now() const override { return real_.now() + skew_; }
    SteadyPoint steady() const override { return real_.steady(); }

  private:
    const Clock& real_;
    std::chrono::milliseconds skew_;
};

/// What is the same for all nodes.
struct Shared {
    Store& store;
    const KeyFile& keys;
    const Zones& zones;
    const TokenSealer& sealer;
    const BlindIndex& index;
    Gmail& gmail;
    testing::FakeClock& clock;
    testing::FakeSleeper& sleeper;
    testing::SeededRandom& random;
    std::mt19937_64& dice;
};

/// One process that sends: what it knows besides the store goes with it.
struct Node {
    Node(const Shared& shared, Weather weather, std::chrono::milliseconds skew)
        : steps(shared.sleeper, shared.dice),
          clock(shared.clock, skew),
          store(shared.store, steps),
          ring(store, shared.keys.keys(KeyPurpose::master), shared.random),
          documents(store, ring, shared.random),
          accounts(documents, ring, shared.index, clock, shared.random),
          google(shared.gmail, weather, shared.sleeper, shared.dice, [this](bool stall) { return steps.pass(stall); }),
          access(google, accounts, clock),
          objections(documents, shared.index, clock),
          consents(documents, shared.index, objections, clock),
          messages(documents),
          sends(documents),
          ledger(documents, clock, shared.random),
          notices(documents, clock),
          outbox({.tracking_origin = "https://t.example.org"}, access, accounts, consents, messages, sends, ledger,
                 notices, shared.zones, shared.sealer, clock, shared.random) {}

    Steps steps;
    SkewedClock clock;
    StoreOfNode store;
    KeyRing ring;
    Documents documents;
    Accounts accounts;
    LineToGmail google;
    GoogleAccess access;
    Objections objections;
    Consents consents;
    Messages messages;
    Sends sends;
    Ledger ledger;
    Notices notices;
    Outbox outbox;
};

}  // namespace inboxpro::simulation
