#pragma once
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <random>

#include "mailbox/mailbox_world.h"

namespace inboxpro::testing {

/// Many accounts at a scripted Google, a part of them active in each minute, and one node's worker that begins at most
/// so many looks in a second, by a simulated clock.
struct Simulation {
    static constexpr int kUnits = 2;  ///< A look into a mailbox with little new is one call.

    struct Outcome {
        std::uint64_t looks = 0;
        std::chrono::milliseconds most_late{0};  ///< Of any look, behind the time it was due.
        int most_units_of_one = 0;               ///< In any minute.
        int most_units_of_all = 0;
        std::size_t happened = 0;
    };

    Simulation(MailboxWorld& simulated, int accounts) : world(simulated), account_of(accounts) {
        world.listener.keep = false;
        for (int i = 0; i < accounts; ++i) {
            account_of[i] = world.link({.subject = std::to_string(i), .email = fmt::format("u{}@example.com", i)});
            const auto due_at = world.clock.now() + std::chrono::milliseconds{600'000 / accounts * i};
            run(world.mailboxes.add({.account = account_of[i], .due_at = due_at})).value();
        }
    }

    /// Ten minutes for the first looks, before anything happens.
    void begin(std::size_t most_looks_a_second) {
        for (int second = 0; second < 600; ++second) tick(most_looks_a_second);
    }

    void go(std::chrono::minutes length, std::size_t most_looks_a_second) {
        for (auto minute = std::chrono::minutes{0}; minute < length; ++minute) {
            for (std::size_t i = 0; i < account_of.size() / 100; ++i) happen();
            std::unordered_map<AccountId, int> units;
            const auto before = units_spent();
            for (int second = 0; second < 60; ++second) {
                for (const auto account : tick(most_looks_a_second))
                    outcome.most_units_of_one = std::max(outcome.most_units_of_one, units[account] += kUnits);
            }
            outcome.most_units_of_all = std::max(outcome.most_units_of_all, units_spent() - before);
        }
    }

    /// A second later, what is due then, all at once as the worker does it; returns whose.
    std::vector<AccountId> tick(std::size_t limit) {
        world.clock.advance(std::chrono::seconds{1});
        auto due = run(world.follower.due(limit)).value();
        boost::asio::io_context loop;
        for (const auto account : due) {
            outcome.most_late = std::max(outcome.most_late, world.clock.now() - world.mailbox(account).due_at);
            boost::asio::co_spawn(loop, world.follower.look(account),
                                  [](std::exception_ptr, Result<void> done) { done.value(); });
        }
        loop.run();
        outcome.looks += due.size();
        return due;
    }
    int units_spent() const {
        return kUnits * world.google.calls(ScriptedGoogle::Call::history) +
               world.google.calls(ScriptedGoogle::Call::profile);
    }
    void happen() {
        world.google.happen(std::to_string(random() % account_of.size()), {.message_id = std::to_string(random())});
        ++outcome.happened;
    }

    MailboxWorld& world;
    std::vector<AccountId> account_of;
    Outcome outcome;
    std::mt19937 random{1};
};

}  // namespace inboxpro::testing
