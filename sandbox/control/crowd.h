#pragma once
#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace inboxpro::sandbox {

/// How many calls of one user run at the same time. Thread-safe; outlives its places.
class Crowd {
  public:
    /// Of one running call; given back when it goes.
    class Place {
      public:
        Place() = default;
        Place(Crowd& crowd, std::string user) : crowd_(&crowd), user_(std::move(user)) {}
        Place(Place&& other) noexcept : crowd_(std::exchange(other.crowd_, nullptr)), user_(std::move(other.user_)) {}
        Place& operator=(Place&&) = delete;
        ~Place() {
            if (crowd_ != nullptr) crowd_->leave(user_);
        }

      private:
        Crowd* crowd_ = nullptr;
        std::string user_;
    };

    /// From now on; 0, as at the start: any number. Google: about 10, undocumented.
    void set_limit(int calls) { limit_ = calls; }
    int limit() const { return limit_; }
    /// Empty when the user has as many calls running as may be.
    std::optional<Place> enter(const std::string& user);

  private:
    void leave(const std::string& user);

    std::atomic<int> limit_ = 0;
    std::mutex mutex_;
    std::unordered_map<std::string, int> running_;
};

}  // namespace inboxpro::sandbox
