#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/fakes.h"
#include "tracking/rewriting/rewrite.h"

namespace inboxpro::testing {

/// A key, a mail's ids and the tracking host, as tests of rewriting use them.
struct RewriteSetup {
    SeededRandom random;
    TokenSealer sealer{KeyFile::in_memory(random).keys(KeyPurpose::token)};
    RewriteOptions options;

    RewriteSetup() {
        options.origin = "https://t.example";
        options.account = AccountId::make(from_millis(1), random);
        options.message = MessageId::make(from_millis(2), random);
    }
    Rewritten html(std::string_view text) const { return rewrite_html(text, sealer, options).value(); }
    Rewritten mail(BytesView raw) const { return rewrite_mail(raw, sealer, options).value(); }
};

/// HTML before and after, read side by side without any knowledge of how rewriting works: where `after` has a tracked
/// link, `before` has some attribute value up to the same quote, white space or ">"; a pixel is passed over; every
/// other byte must be equal.
class Comparison {
  public:
    Comparison(std::string_view before, std::string_view after, const RewriteSetup& setup)
        : before_(before), after_(after), setup_(setup) {
        while (error_.empty() && after_at_ < after_.size()) step();
        if (error_.empty() && before_at_ != before_.size()) error_ = "text is missing at the end";
    }

    const std::string& error() const { return error_; }
    int pixels() const { return pixels_; }
    /// Where the pixel stands in `before`.
    std::size_t pixel_at() const { return pixel_at_; }
    std::vector<std::string> destinations() const {
        std::vector<std::string> all;
        for (const auto& link : links_) all.push_back(link.destination);
        return all;
    }
    const std::vector<TrackingToken>& links() const { return links_; }
    /// The attribute values that were replaced, as they stood there.
    const std::vector<std::string>& replaced() const { return replaced_; }

  private:
    void step() {
        const std::string link = setup_.options.origin + "/c/";
        const std::string pixel = "<img src=\"" + setup_.options.origin + "/o/";
        if (after_.substr(after_at_).starts_with(pixel)) return take_pixel(pixel.size());
        if (after_.substr(after_at_).starts_with(link)) return take_link(link.size());
        if (before_at_ >= before_.size() || before_[before_at_] != after_[after_at_]) {
            error_ = "differs at byte " + std::to_string(before_at_) + ": " + std::string{after_.substr(after_at_, 60)};
            return;
        }
        ++before_at_;
        ++after_at_;
    }

    std::string_view take_token(std::size_t skip) {
        const auto begin = after_at_ + skip;
        after_at_ = after_.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", begin);
        return after_.substr(begin, after_at_ - begin);
    }

    void take_pixel(std::size_t skip) {
        const auto token = open_token(setup_.sealer, TrackingToken::Kind::open, take_token(skip));
        const std::string_view rest =
            R"(.gif" width="1" height="1" alt="" style="float:right;width:1px;height:1px;border:0;opacity:0">)";
        if (!token || token->message != setup_.options.message || !after_.substr(after_at_).starts_with(rest))
            error_ = "a pixel that is not of this mail";
        after_at_ += rest.size();
        ++pixels_;
        pixel_at_ = before_at_;
    }

    void take_link(std::size_t skip) {
        const auto token = open_token(setup_.sealer, TrackingToken::Kind::click, take_token(skip));
        if (!token || token->message != setup_.options.message) {
            error_ = "a link that is not of this mail";
            return;
        }
        links_.push_back(*token);
        const char last = before_at_ == 0 ? ' ' : before_[before_at_ - 1];
        const std::string end = last == '"' || last == '\'' ? std::string(1, last) : " \t\r\n\f>";
        const auto begin = before_at_;
        before_at_ = std::min(before_.find_first_of(end, begin), before_.size());
        replaced_.emplace_back(before_.substr(begin, before_at_ - begin));
    }

    std::string_view before_, after_;
    const RewriteSetup& setup_;
    std::size_t before_at_ = 0, after_at_ = 0, pixel_at_ = 0;
    std::string error_;
    int pixels_ = 0;
    std::vector<TrackingToken> links_;
    std::vector<std::string> replaced_;
};

}  // namespace inboxpro::testing
