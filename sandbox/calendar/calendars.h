#pragma once
#include <mutex>

#include "sandbox/api/api.h"
#include "sandbox/calendar/calendar.h"
#include "sandbox/calendar/channels.h"
#include "sandbox/calendar/invitation.h"
#include "sandbox/calendar/sync_token.h"
#include "sandbox/delivery/post_office.h"

namespace inboxpro::sandbox::calendar {

class Calendars;

/// One user at one calendar, while no other thread touches any calendar.
struct Desk {
    Calendars& all;
    Calendar& calendar;
    User& user;
    Role role;
    std::vector<Letter> letters = {};    ///< To be posted afterwards.
    std::set<std::string> changed = {};  ///< Calendars whose watchers are to be told afterwards.

    /// Keeps a state of an event in any calendar.
    const Event& put(Calendar& in, Event event);
};

/// All calendars. Every user has a primary one, whose id is the user's address; control adds others. A calendar is open
/// to its owner and to whom it is shared with, and in their lists at once. Thread-safe.
class Calendars {
  public:
    Calendars(Users& users, const Clock& clock, Random& random, PostOffice& post_office, Channels& channels)
        : users_(users),
          random_(random),
          post_office_(post_office),
          channels_(channels),
          stamps_(clock),
          clock_(clock) {}

    /// Serves a call to the calendar with this id ("primary": the own one). 404 for one that the user may not even see
    /// the busy times of, 403 for a lesser role than `least`. Mail and notices go out after `serve`.
    Answer at(User& user, std::string_view id, Role least, const std::function<Answer(Desk&)>& serve);
    /// For reading all that `user` may see, the own primary first and then by id.
    Answer each(User& user, const std::function<Answer(const std::vector<const Calendar*>&)>& serve);

    /// Makes a calendar, or changes the owner's with that id: an empty summary or zone stays, as does absent access.
    /// An empty id makes one up. `invalid` for a bad zone, `conflict` when somebody else's has the id.
    struct Wish {
        std::string id, summary, time_zone;
        std::optional<std::map<std::string, Role>> access;
    };
    Result<boost::json::object> add(User& owner, Wish wish);
    boost::json::array report();
    void expire_sync_tokens();

    /// How many invitations a user may send in a day; 0, as at the start: no limit.
    void set_invitations_per_day(int count);
    int invitations_per_day();

    // For those at a desk; the lock is held.
    Calendar* find(std::string_view id);
    Users& users() { return users_; }
    Calendar& primary_of(User& user);
    std::string random_id(std::size_t length, std::string_view alphabet);
    TimePoint now() const { return clock_.now(); }
    const SyncTokens& sync_tokens() const { return sync_tokens_; }
    std::uint64_t last_stamp() const { return stamps_.last(); }
    /// Conferences that are being made; ready when somebody reads a calendar the next time.
    void expect_conference(const Calendar& calendar, const Event& event);
    std::vector<std::pair<std::string, std::string>> take_expected_conferences();
    /// Takes that many from the user's day; false when it has not that many left.
    bool take_invitations(const User& user, int count);

  private:
    void send(User& sender, const std::vector<Letter>& letters, const std::set<std::string>& changed);

    Users& users_;
    Random& random_;
    PostOffice& post_office_;
    Channels& channels_;
    std::mutex mutex_;
    Stamps stamps_;
    const Clock& clock_;
    std::map<std::string, Calendar, std::less<>> calendars_;
    SyncTokens sync_tokens_{clock_};
    std::vector<std::pair<std::string, std::string>> expected_conferences_;
    struct Day {
        std::int64_t number = 0;
        int invitations = 0;
    };
    std::map<const User*, Day> days_;
    int invitations_per_day_ = 0;
};

}  // namespace inboxpro::sandbox::calendar
