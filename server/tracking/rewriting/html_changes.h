#pragma once
#include "tracking/rewriting/edits.h"
#include "tracking/rewriting/html_survey.h"
#include "tracking/rewriting/rewrite.h"

namespace inboxpro {

/// Decides what is to change in the HTML of one mail, part after part: link numbers go on from part to part, and what
/// was done and left alone is noted in `report`. The arguments outlive it.
class HtmlChanges {
  public:
    HtmlChanges(const TokenSealer& sealer, const RewriteOptions& options, Rewritten& report)
        : sealer_(sealer), options_(options), report_(report) {}

    /// Edits of `html`, which is in an ASCII-compatible charset. The last part gets pixel and note. `invalid` when it
    /// is too intricate to be read.
    Result<std::vector<Edit>> in(std::string_view html, std::string_view charset, bool is_last);

  private:
    std::optional<Edit> change_of(const HtmlSurvey::Link& link, std::string_view html, std::string_view charset);
    /// Why a link is not tracked; empty when it is. `raw` is the href as it stands in the source.
    std::optional<std::string_view> objection_to(std::string_view url, const HtmlSurvey::Link& link,
                                                 std::string_view raw) const;
    /// Where an earlier tracked link of ours leads; empty when it is none, or not one that we can open.
    std::optional<std::string> restored(std::string_view url) const;
    bool is_our_pixel(std::string_view source) const;
    std::string tracked_link(std::string destination);
    std::string pixel() const;
    TrackingToken token(TrackingToken::Kind kind) const;

    const TokenSealer& sealer_;
    const RewriteOptions& options_;
    Rewritten& report_;
};

}  // namespace inboxpro
