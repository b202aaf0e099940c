#include "mail/html_tree.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <csetjmp>
#include <cstring>
#include <vector>

namespace inboxpro {
namespace {

constexpr std::size_t kMemoryAtLeast = 64 * 1024 * 1024;
constexpr std::size_t kMemoryPerByte = 40;
constexpr std::chrono::nanoseconds kTimeAtLeast = std::chrono::milliseconds{250};
constexpr std::chrono::nanoseconds kTimePerByte{250};

std::chrono::nanoseconds processor_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace

/// Hands out memory until a bound is reached, and then leaves the parser by longjmp: Gumbo takes no failure from its
/// allocator. Only C frames without anything to destroy are jumped over.
class HtmlTree::Arena {
  public:
    explicit Arena(std::size_t html_size)
        : memory_left_(std::max(kMemoryAtLeast, html_size * kMemoryPerByte)),
          ends_(processor_time() + kTimeAtLeast + kTimePerByte * html_size) {}

    static void* allocate(void* self, std::size_t size) { return static_cast<Arena*>(self)->allocate(size); }
    static void deallocate(void* self, void* block) { static_cast<Arena*>(self)->deallocate(block); }
    std::jmp_buf& out() { return out_; }

  private:
    static constexpr std::size_t kChunk = 256 * 1024;
    static constexpr int kCallsBetweenLooks = 512;

    void* allocate(std::size_t size) {
        size = (std::max<std::size_t>(size, 1) + 15) & ~std::size_t{15};
        if (++calls_ % kCallsBetweenLooks == 0 && processor_time() > ends_) std::longjmp(out_, 1);
        if (size > room_) add_chunk(size);
        last_ = next_;
        next_ += size;
        room_ -= size;
        return last_;
    }

    /// Buffers that grow are mostly the last thing allocated; nothing else is worth the bookkeeping.
    void deallocate(void* block) {
        if (block == nullptr || block != last_) return;
        room_ += static_cast<std::size_t>(next_ - last_);
        next_ = last_;
        last_ = nullptr;
    }

    void add_chunk(std::size_t size) {
        const std::size_t chunk = std::max(size, kChunk);
        if (chunk > memory_left_) std::longjmp(out_, 1);
        memory_left_ -= chunk;
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk));
        next_ = chunks_.back().get();
        room_ = chunk;
        last_ = nullptr;
    }

    std::size_t memory_left_;
    std::chrono::nanoseconds ends_;
    std::jmp_buf out_ = {};
    std::vector<std::unique_ptr<char[]>> chunks_;
    char* next_ = nullptr;
    char* last_ = nullptr;
    std::size_t room_ = 0;
    int calls_ = 0;
};

HtmlTree::HtmlTree(std::unique_ptr<Arena> arena, const GumboNode* document)
    : arena_(std::move(arena)), document_(document) {}
HtmlTree::HtmlTree(HtmlTree&&) noexcept = default;
HtmlTree& HtmlTree::operator=(HtmlTree&&) noexcept = default;
HtmlTree::~HtmlTree() = default;

Result<HtmlTree> HtmlTree::parse(std::string_view html) {
    auto arena = std::make_unique<Arena>(html.size());
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = Arena::allocate;
    options.deallocator = Arena::deallocate;
    options.userdata = arena.get();
    options.max_errors = 0;
    if (setjmp(arena->out()) != 0) return fail(ErrorKind::invalid, "The HTML is too intricate to be read.");
    const GumboOutput* output = gumbo_parse_with_options(&options, html.data(), html.size());
    return HtmlTree{std::move(arena), output->document};
}

const GumboVector* children_of(const GumboNode& node) {
    if (node.type == GUMBO_NODE_DOCUMENT) return &node.v.document.children;
    return is_element(node) ? &node.v.element.children : nullptr;
}

bool is_element(const GumboNode& node) {
    return node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE;
}

bool is_text(const GumboNode& node) {
    return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA;
}

void walk(const GumboNode* from, const std::function<void(const GumboNode&)>& enter,
          const std::function<void(const GumboNode&)>& leave) {
    struct Step {
        const GumboNode* node;
        unsigned next_child;
    };
    std::vector<Step> path;
    enter(*from);
    path.push_back({from, 0});
    while (!path.empty()) {
        Step& step = path.back();
        const GumboVector* children = children_of(*step.node);
        if (children != nullptr && step.next_child < children->length) {
            const auto* child = static_cast<const GumboNode*>(children->data[step.next_child++]);
            enter(*child);
            path.push_back({child, 0});
        } else {
            leave(*step.node);
            path.pop_back();
        }
    }
}

const GumboAttribute* attribute_of(const GumboNode& element, const char* name) {
    const GumboVector& attributes = element.v.element.attributes;
    for (unsigned i = 0; i < attributes.length; ++i) {
        const auto* attribute = static_cast<const GumboAttribute*>(attributes.data[i]);
        if (attribute->attr_namespace == GUMBO_ATTR_NAMESPACE_NONE && strcasecmp(attribute->name, name) == 0)
            return attribute;
    }
    return nullptr;
}

}  // namespace inboxpro
