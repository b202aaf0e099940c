#include "tracking/rewriting/html_skim.h"

#include <glib.h>

#include <algorithm>
#include <array>
#include <span>

#include "mail/structure.h"
#include "tracking/rewriting/shown_address.h"

namespace inboxpro {
namespace {

/// A tag's name as a number; 0 for one of more than eight letters.
using Name = std::uint64_t;
constexpr Name name_of(std::string_view text) {
    if (text.size() > sizeof(Name)) return 0;
    Name name = 0;
    for (char character : text) name = name << 8 | static_cast<unsigned char>(lower_letter(character));
    return name;
}

bool is_same(std::string_view text, std::string_view lower_case) {
    return std::ranges::equal(text, lower_case, {}, lower_letter);
}

constexpr std::uint8_t kSpace = 1, kEndsName = 2, kEndsAttribute = 4, kPlain = 8;
constexpr auto kCharacterKinds = [] {
    std::array<std::uint8_t, 256> kinds{};
    for (int character = 0x20; character < 0x7f; ++character) kinds[static_cast<std::size_t>(character)] = kPlain;
    for (unsigned char character : {' ', '\t', '\n', '\f', '\r'})
        kinds[character] = kSpace | kEndsName | kEndsAttribute | (character == '\r' ? 0 : kPlain);
    for (unsigned char character : {'/', '>'}) kinds[character] |= kEndsName | kEndsAttribute;
    kinds['='] |= kEndsAttribute;
    kinds['&'] = 0;
    return kinds;
}();

bool is(char character, std::uint8_t kind) {
    return (kCharacterKinds[static_cast<unsigned char>(character)] & kind) != 0;
}
bool is_letter(char character) {
    return lower_letter(character) >= 'a' && lower_letter(character) <= 'z';
}
bool is_letter_or_digit(char character) {
    return is_letter(character) || (character >= '0' && character <= '9');
}
/// Says what it says, byte for byte: no character reference, nothing that a parser replaces.
bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char character) { return is(character, kPlain); });
}

template <std::size_t size>
constexpr std::array<Name, size> names_of(const char* const (&texts)[size]) {
    std::array<Name, size> names;
    std::ranges::transform(texts, names.begin(), [](const char* text) { return name_of(text); });
    return names;
}

/// Without an end tag (HTML 13.1.2), as far as they are met in mail.
constexpr auto kVoid = names_of({"hr", "wbr", "meta", "input", "embed", "base", "link", "param", "source"});
/// Close nothing that is open around them but a paragraph.
constexpr auto kClosesNothing =
    names_of({"b", "big", "center", "div", "em", "font", "i", "small", "span", "strong", "u"});

bool is_one_of(std::span<const Name> names, Name name) {
    return std::ranges::find(names, name) != names.end();
}

/// Whether white space parts two words that stand there letter by letter. No address has that.
bool has_two_words(std::string_view text) {
    bool in_word = false, in_reference = false, is_second = false;
    for (char character : text) {
        if (is(character, kSpace)) {
            is_second = is_second || in_word;
            in_word = in_reference = false;
        } else if (character == '&') {
            in_reference = true;
        } else if (character > ' ' && character < 0x7f && !in_reference) {
            if (is_second) return true;
            in_word = true;
        }
    }
    return false;
}

/// Whether the parser takes the text for what it is, as far as an address is concerned.
bool is_read_as_it_stands(std::string_view text) {
    if (std::ranges::all_of(text, [](char c) { return is(c, kPlain | kSpace); })) return true;
    const bool has_reference = text.contains('&');
    const bool has_control =
        std::ranges::any_of(text, [](char c) { return (c > 0 && c < ' ' && !is(c, kSpace)) || c == 0x7f; });
    // What begins so is a C1 control or may be no character at all (Unicode 23.7); the parser would replace it.
    const bool may_be_replaced = text.contains("\xc2") || text.contains("\xef") || text.contains("\xbf");
    return !has_reference && !has_control && !may_be_replaced &&
           g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) != FALSE;
}

class Skim {
  public:
    explicit Skim(std::string_view html) : html_(html) {}

    std::optional<HtmlSurvey> survey() {
        if (html_.contains('\0')) return {};
        while (at_ < html_.size() && can_tell_) step();
        if (!can_tell_) return {};
        while (can_tell_ && !links_.empty()) close_link(html_.size());
        if (!survey_.end_of_body) survey_.end_of_body = html_.find_last_not_of(" \t\r\n") + 1;
        return can_tell_ ? std::optional{std::move(survey_)} : std::nullopt;
    }

  private:
    /// What the rules for tables distinguish; all else is a matter of the body.
    struct Level {
        enum class Kind : std::uint8_t { body, table, cell, caption } kind;
        Name name = 0;            ///< Of a cell: td or th. Of a table: its open section.
        int open_paragraphs = 0;  ///< At most so many.
    };
    /// Only one with a href is of interest.
    struct OpenLink {
        std::size_t number;  ///< In the survey.
        std::size_t level;   ///< How many levels are open around it.
        std::size_t text_begin;
        std::string seen = {};                      ///< Its text, as it stands in the source.
        bool may_hold_table = true;                 ///< Nothing in it can have closed what is open around it.
        std::vector<std::string_view> inside = {};  ///< Names of the elements that are open in it, on its level.
    };
    struct Tag {
        std::size_t begin = 0;
        std::string_view written;
        Name name = 0;
        std::optional<std::string_view> value = {};  ///< Of the attribute that was asked for, with its quotes.
    };

    void step() {
        const std::size_t begin = at_;
        at_ = std::min(html_.find('<', at_), html_.size());
        show(html_.substr(begin, at_ - begin));
        if (at_ < html_.size()) read_markup();
    }

    void read_markup() {
        const std::size_t begin = at_;
        const std::string_view rest = html_.substr(begin);
        const char next = rest.size() > 1 ? rest[1] : ' ';
        if (is_letter(next)) return start_tag();
        if (next == '/' && rest.size() > 2 && is_letter(rest[2])) return end_tag();
        if (rest.starts_with("<!--")) return skip_comment();
        if (rest.starts_with("</>")) return decline();  // Gumbo loses its place there.
        if (next == '!' || next == '?' || next == '/') return go_behind(html_.find('>', begin), 1);
        show("<");
        ++at_;
    }

    void decline() { can_tell_ = false; }

    void go_behind(std::size_t found, std::size_t size) {
        if (found == std::string_view::npos) return decline();
        at_ = found + size;
    }

    void skip_comment() {
        const std::size_t text = at_ + 4;
        if (html_.substr(text).starts_with('>')) return go_behind(text, 1);
        if (html_.substr(text).starts_with("->")) return go_behind(text, 2);
        for (auto dashes = html_.find("--", text); dashes != std::string_view::npos;
             dashes = html_.find("--", dashes + 1)) {
            if (html_.substr(dashes + 2).starts_with('>')) return go_behind(dashes, 3);
            if (html_.substr(dashes + 2).starts_with("!>")) return go_behind(dashes, 4);
        }
        decline();
    }

    Tag name_at(std::size_t begin, std::size_t name_begin) {
        at_ = name_begin;
        while (at_ < html_.size() && !is(html_[at_], kEndsName)) ++at_;
        const std::string_view name = html_.substr(name_begin, at_ - name_begin);
        if (is_same(name, "plaintext")) decline();
        return {.begin = begin, .written = name, .name = name_of(name)};
    }

    /// From behind the name to behind the tag. The first value of the attribute that is asked for becomes `tag.value`.
    void read_attributes(Tag& tag, std::string_view wanted) {
        while (true) {
            while (at_ < html_.size() && (is(html_[at_], kSpace) || html_[at_] == '/')) ++at_;
            if (at_ >= html_.size()) return decline();
            if (html_[at_] == '>') break;
            const std::size_t begin = at_++;  // Whatever it is: even "=" begins a name here.
            while (at_ < html_.size() && !is(html_[at_], kEndsAttribute)) ++at_;
            const bool is_wanted = !wanted.empty() && !tag.value && is_same(html_.substr(begin, at_ - begin), wanted);
            const std::string_view value = read_value();
            if (!is_wanted) continue;
            if (value.empty()) return decline();
            tag.value = value;
        }
        ++at_;
    }

    /// Behind an attribute's name; empty where no value follows.
    std::string_view read_value() {
        while (at_ < html_.size() && is(html_[at_], kSpace)) ++at_;
        if (at_ >= html_.size() || html_[at_] != '=') return {};
        ++at_;
        while (at_ < html_.size() && is(html_[at_], kSpace)) ++at_;
        if (at_ >= html_.size()) return {};
        const std::size_t begin = at_;
        const char quote = html_[begin];
        if (quote == '"' || quote == '\'') {
            at_ = html_.find(quote, begin + 1);
            at_ = at_ == std::string_view::npos ? html_.size() : at_ + 1;
        } else {
            while (at_ < html_.size() && html_[at_] != '>' && !is(html_[at_], kSpace)) ++at_;
        }
        return html_.substr(begin, at_ - begin);
    }

    void start_tag() {
        Tag tag = name_at(at_, at_ + 1);
        const bool is_link = tag.name == name_of("a") || tag.name == name_of("area");
        read_attributes(tag, is_link ? "href" : tag.name == name_of("img") ? "src" : "");
        if (can_tell_) start(tag);
    }

    void end_tag() {
        Tag tag = name_at(at_, at_ + 2);
        read_attributes(tag, "");
        if (can_tell_) end(tag);
    }

    void start(const Tag& tag) {
        switch (tag.name) {
            case name_of("a"): return open_link(tag);
            case name_of("area"): return add_link(tag);
            case name_of("img"): return add_image(tag);
            case name_of("br"): return show_break();
            case name_of("table"): return start_table();
            case name_of("tbody"):
            case name_of("thead"):
            case name_of("tfoot"): return start_in_table(tag, tag.name);
            case name_of("colgroup"):
            case name_of("col"):
            case name_of("caption"): return start_in_table(tag, 0);
            case name_of("tr"):
            case name_of("td"):
            case name_of("th"): return start_in_table(tag, {});
            case name_of("style"):
            case name_of("title"):
            case name_of("textarea"):
            case name_of("xmp"):
            case name_of("iframe"):
            case name_of("noembed"):
            case name_of("noframes"):
            case name_of("script"): return skip_raw_text(tag);
            case name_of("svg"):
            case name_of("math"):
            case name_of("template"):
            case name_of("select"):
            case name_of("frameset"):
            case name_of("noscript"):
            case name_of("object"):
            case name_of("applet"):
            case name_of("marquee"):
            case name_of("isindex"):
            case name_of("image"): return decline();
            default: return start_element(tag);
        }
    }

    void start_element(const Tag& tag) {
        if (tag.name == name_of("p")) ++levels_.back().open_paragraphs;
        if (!link_of_level() || is_one_of(kVoid, tag.name)) return;
        links_.back().inside.push_back(tag.written);
        if (!is_one_of(kClosesNothing, tag.name)) links_.back().may_hold_table = false;
    }

    void end(const Tag& tag) {
        switch (tag.name) {
            case name_of("a"): return end_link(tag.begin);
            case name_of("br"): return decline();
            case name_of("body"): return end_body(tag);
            case name_of("table"): return end_table(tag);
            case name_of("tbody"):
            case name_of("thead"):
            case name_of("tfoot"): return end_section(tag);
            case name_of("tr"): return leave(Level::Kind::cell, tag);
            case name_of("td"):
            case name_of("th"):
                if (levels_.back().name == tag.name) leave(Level::Kind::cell, tag);
                return;
            case name_of("caption"): return leave(Level::Kind::caption, tag);
            default: return end_element(tag);
        }
    }

    void end_element(const Tag& tag) {
        if (tag.name == name_of("p") && levels_.back().open_paragraphs > 0) --levels_.back().open_paragraphs;
        if (!link_of_level()) return;
        auto& inside = links_.back().inside;
        if (inside.empty() || !std::ranges::equal(inside.back(), tag.written, {}, lower_letter, lower_letter))
            return decline();
        inside.pop_back();
    }

    /// To behind the end tag. A script that hides markup in comments has rules of its own.
    void skip_raw_text(const Tag& tag) {
        const std::size_t begin = at_;
        for (at_ = html_.find("</", at_); at_ != std::string_view::npos; at_ = html_.find("</", at_ + 2)) {
            std::size_t end = at_ + 2;
            while (end < html_.size() && !is(html_[end], kEndsName)) ++end;
            if (end < html_.size() && name_of(html_.substr(at_ + 2, end - at_ - 2)) == tag.name) break;
        }
        if (at_ == std::string_view::npos) {
            at_ = html_.size();
            return decline();
        }
        if (tag.name == name_of("script") && html_.substr(begin, at_ - begin).contains("<!--")) return decline();
        Tag end = name_at(at_, at_ + 2);
        read_attributes(end, "");
    }

    /// Whether a link is open that an end tag on this level could close.
    bool link_of_level() const { return !links_.empty() && links_.back().level == levels_.size(); }

    void open_link(const Tag& tag) {
        if (levels_.back().kind == Level::Kind::table) return decline();
        end_link(tag.begin);
        if (!tag.value) return links_.empty() ? void() : decline();
        add_link(tag);
        links_.push_back({.number = survey_.links.size() - 1, .level = levels_.size(), .text_begin = at_});
    }

    void add_link(const Tag& tag) {
        if (tag.value) survey_.links.push_back({.href = attribute(*tag.value)});
    }

    void show(std::string_view text) {
        if (links_.empty()) return;
        // Text between the cells of a table is moved before the table.
        if (levels_.back().kind == Level::Kind::table)
            return text.find_first_not_of(" \t\r\n\f") == std::string_view::npos ? show_plain(text) : decline();
        show_plain(text);
    }
    void show_break() {
        if (!links_.empty()) levels_.back().kind == Level::Kind::table ? decline() : show_plain(" ");
    }
    void show_plain(std::string_view text) { links_.back().seen += text; }

    void end_link(std::size_t end) {
        if (!link_of_level()) return;
        if (!links_.back().inside.empty()) return decline();
        close_link(end);
    }

    void close_link(std::size_t end) {
        const OpenLink link = std::move(links_.back());
        links_.pop_back();
        if (has_two_words(link.seen)) return;
        bool& shows_address = survey_.links[link.number].shows_address;
        if (is_read_as_it_stands(link.seen)) {
            shows_address = is_shown_address(link.seen);
            return;
        }
        const auto text = html_.substr(link.text_begin, end - link.text_begin);
        const auto read = survey_tree(std::string{"<a href=x>"}.append(text).append("</a>"));
        if (!read || read->links.empty()) return decline();
        shows_address = read->links.front().shows_address;
    }

    void add_image(const Tag& tag) {
        if (tag.value)
            survey_.images.push_back(
                {.offset = tag.begin, .length = at_ - tag.begin, .source = attribute(*tag.value).text});
    }

    AttributeValue attribute(std::string_view raw) {
        AttributeValue value;
        const std::string_view whole = raw;
        if (raw.size() >= 2 && (raw.front() == '"' || raw.front() == '\'')) {
            value.quote = raw.front();
            raw = raw.substr(1, raw.size() - 2);
        }
        value.offset = raw.empty() ? 0 : static_cast<std::size_t>(raw.data() - html_.data());
        value.length = raw.size();
        value.text = text_of(raw, whole);
        return value;
    }

    /// Character references are for the parser to resolve, all but what addresses are full of: "&amp;", and "&name=",
    /// which is none (HTML 13.2.5.73).
    std::string text_of(std::string_view raw, std::string_view whole) {
        static constexpr std::string_view kAmpersand = "&amp;";
        std::string text;
        while (true) {
            const auto reference = std::min(raw.find('&'), raw.size());
            if (!is_plain(raw.substr(0, reference))) break;
            text += raw.substr(0, reference);
            raw.remove_prefix(reference);
            if (raw.empty()) return text;
            const auto name_end = std::ranges::find_if_not(raw.substr(1), is_letter_or_digit);
            const bool is_parameter = name_end != raw.end() && *name_end == '=';
            if (!is_parameter && !raw.starts_with(kAmpersand)) break;
            text += '&';
            raw.remove_prefix(is_parameter ? 1 : kAmpersand.size());
        }
        const auto read = survey_tree(std::string{"<a href="}.append(whole).append(">"));
        if (read && read->links.size() == 1) return read->links[0].href.text;
        decline();
        return {};
    }

    // Tables (HTML 13.2.6.4.9 to 13.2.6.4.15): which cell is open, and what closes it.

    void pop(std::size_t at) {
        if (link_of_level()) close_link(at);
        levels_.pop_back();
    }
    void leave(Level::Kind kind, const Tag& tag) {
        if (levels_.back().kind == kind) pop(tag.begin);
    }

    void start_table() {
        if (levels_.back().kind == Level::Kind::table) levels_.pop_back();
        // The table ends a paragraph, and with it the link: is it in the link or not?
        if (link_of_level() && (!links_.back().may_hold_table || levels_.back().open_paragraphs > 0)) return decline();
        levels_.push_back({.kind = Level::Kind::table});
    }

    void end_table(const Tag& tag) {
        leave(Level::Kind::cell, tag);
        leave(Level::Kind::caption, tag);
        leave(Level::Kind::table, tag);
    }

    /// `section`: what is open in the table from now on; empty when that stays, or is the body that a row implies.
    void start_in_table(const Tag& tag, std::optional<Name> section) {
        leave(Level::Kind::cell, tag);
        leave(Level::Kind::caption, tag);
        Level& table = levels_.back();
        if (table.kind != Level::Kind::table) return;
        if (section)
            table.name = *section;
        else if (table.name == 0)
            table.name = name_of("tbody");
        if (tag.name == name_of("td") || tag.name == name_of("th"))
            levels_.push_back({.kind = Level::Kind::cell, .name = tag.name});
        if (tag.name == name_of("caption")) levels_.push_back({.kind = Level::Kind::caption});
    }

    void end_section(const Tag& tag) {
        const bool in_cell = levels_.back().kind == Level::Kind::cell;
        Level& table = levels_[levels_.size() - (in_cell ? 2 : 1)];
        if (table.kind != Level::Kind::table || table.name != tag.name) return;
        table.name = 0;
        leave(Level::Kind::cell, tag);
    }

    void end_body(const Tag& tag) {
        if (!links_.empty()) return decline();
        if (levels_.size() == 1) survey_.end_of_body = tag.begin;
    }

    std::string_view html_;
    std::size_t at_ = 0;
    bool can_tell_ = true;
    HtmlSurvey survey_;
    std::vector<Level> levels_{{.kind = Level::Kind::body}};
    std::vector<OpenLink> links_;  ///< A table in a link can hold another in each of its cells.
};

}  // namespace

std::optional<HtmlSurvey> skim_html(std::string_view html) {
    return Skim{html}.survey();
}

}  // namespace inboxpro
