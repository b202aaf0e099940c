#pragma once
#include <gumbo.h>

#include <functional>
#include <memory>
#include <string_view>

#include "base/error.h"

namespace inboxpro {

/// HTML as Gumbo reads it, by the rules of the HTML standard. Its positions point into the text, which must outlive it.
/// All nodes live in one arena and go with it: a tree of any depth is made and let go without recursion.
class HtmlTree {
  public:
    /// `invalid` for HTML made to be dear: deep nesting, endless open formatting or attributes, whose cost grows faster
    /// than its length. The bounds, on memory and on this thread's processor time, are far above what any letter needs.
    static Result<HtmlTree> parse(std::string_view html);

    HtmlTree(HtmlTree&&) noexcept;
    HtmlTree& operator=(HtmlTree&&) noexcept;
    ~HtmlTree();

    const GumboNode* document() const { return document_; }

  private:
    class Arena;
    HtmlTree(std::unique_ptr<Arena> arena, const GumboNode* document);

    std::unique_ptr<Arena> arena_;
    const GumboNode* document_;
};

/// Calls `enter` for a node, then the same for its children, then `leave`; in tree order, without recursion.
void walk(const GumboNode* from, const std::function<void(const GumboNode&)>& enter,
          const std::function<void(const GumboNode&)>& leave);

/// The children of an element, a template or a document; null for text and comments.
const GumboVector* children_of(const GumboNode& node);
bool is_element(const GumboNode& node);
bool is_text(const GumboNode& node);
inline std::string_view view(const GumboStringPiece& piece) {
    return {piece.data, piece.length};
}

/// The value of an attribute that belongs to no foreign namespace; null when it is not there.
const GumboAttribute* attribute_of(const GumboNode& element, const char* name);

}  // namespace inboxpro
