#include "sandbox/gmail/query.h"

#include <date/date.h>

#include <charconv>
#include <sstream>

#include "http/server/text.h"

namespace inboxpro::sandbox::gmail {
namespace {

using Fits = std::function<bool(const Message&)>;

bool contains_word(std::string_view text, std::string_view lower_word) {
    return http::lower_case(text).contains(lower_word);
}

Fits in_mailboxes(std::vector<Mailbox> Envelope::* field, std::string word) {
    return [field, word = std::move(word)](const Message& message) {
        return std::ranges::any_of(message.mail->envelope.*field, [&](const Mailbox& mailbox) {
            return contains_word(mailbox.name + " " + mailbox.address, word);
        });
    };
}

Fits in_text(std::string word) {
    return [word = std::move(word)](const Message& message) {
        const auto& envelope = message.mail->envelope;
        for (std::string_view name : {"Subject", "From", "To", "Cc"})
            if (contains_word(envelope.header(name), word)) return true;
        return contains_word(text_of(read_parts(message.mail->raw, Contents::text_only)), word);
    };
}

Fits has_label(std::string label) {
    return [label = std::move(label)](const Message& message) { return message.labels.contains(label); };
}

std::string upper_case(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

Fits where(const std::string& value) {
    if (value == "anywhere") return [](const Message&) { return true; };
    if (value == "draft" || value == "drafts") return has_label("DRAFT");
    return has_label(upper_case(value));
}

Fits state(const std::string& value) {
    if (value == "read") return [](const Message& message) { return !message.labels.contains("UNREAD"); };
    return has_label(upper_case(value));
}

/// "2d", "3m", "1y" (also hours).
std::optional<std::chrono::hours> to_age(std::string_view text) {
    unsigned count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc{} || end + 1 != text.data() + text.size()) return {};
    constexpr std::pair<char, int> kUnits[] = {{'h', 1}, {'d', 24}, {'m', 30 * 24}, {'y', 365 * 24}};
    for (const auto& [unit, hours] : kUnits)
        if (*end == unit) return std::chrono::hours{count * hours};
    return {};
}

/// Seconds since 1970, or a date, which begins at midnight UTC here.
std::optional<TimePoint> to_time(std::string text) {
    std::ranges::replace(text, '-', '/');
    std::istringstream in(text);
    date::sys_days day;
    in >> date::parse("%Y/%m/%d", day);
    if (!in.fail()) return TimePoint{day};
    std::int64_t seconds = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failure != std::errc{} || end != text.data() + text.size()) return {};
    return TimePoint{std::chrono::seconds{seconds}};
}

Fits between(std::optional<TimePoint> from, std::optional<TimePoint> until) {
    return [from, until](const Message& message) {
        return (!from || message.internal_date >= *from) && (!until || message.internal_date < *until);
    };
}

/// Empty when there is no such operator.
Fits operator_named(const std::string& name, const std::string& value, TimePoint now, const LabelNames& labels) {
    if (name == "from") return in_mailboxes(&Envelope::from, value);
    if (name == "to") return in_mailboxes(&Envelope::to, value);
    if (name == "cc") return in_mailboxes(&Envelope::cc, value);
    if (name == "bcc") return in_mailboxes(&Envelope::bcc, value);
    if (name == "subject")
        return [value](const Message& message) { return contains_word(message.mail->envelope.subject, value); };
    if (name == "rfc822msgid")
        return [value](const Message& message) {
            const auto id = http::lower_case(message.mail->envelope.message_id);
            return id == value || id == "<" + value + ">";
        };
    if (name == "in") return where(value);
    if (name == "is") return state(value);
    if (name == "label")
        if (const auto own = labels.find(value); own != labels.end()) return has_label(own->second);
    if (name == "label") return has_label(upper_case(value));
    if (name == "has" && value == "attachment")
        return [](const Message& message) { return message.mail->has_attachment; };
    if (const auto age = to_age(value); age && name == "newer_than") return between(now - *age, {});
    if (const auto age = to_age(value); age && name == "older_than") return between({}, now - *age);
    if (const auto time = to_time(value); time && (name == "after" || name == "newer")) return between(time, {});
    if (const auto time = to_time(value); time && (name == "before" || name == "older")) return between({}, time);
    return {};
}

/// Reads a query from left to right; every method takes what it has read off the front.
class Reader {
  public:
    Reader(std::string_view text, TimePoint now, const LabelNames& labels) : rest_(text), now_(now), labels_(labels) {}

    /// Terms until `end` (0: the end of the text); with `any` one of them is enough.
    Fits read_group(char end, bool any) {
        std::vector<Fits> terms;
        bool joins_last = false;
        while (!at_end(end)) {
            if (take_word("OR")) {
                joins_last = !terms.empty();
                continue;
            }
            if (take_word("AND")) continue;
            auto term = read_term();
            if (!joins_last) {
                terms.push_back(std::move(term));
                continue;
            }
            terms.back() = [first = std::move(terms.back()), second = std::move(term)](const Message& message) {
                return first(message) || second(message);
            };
            joins_last = false;
        }
        if (end != 0 && !rest_.empty()) rest_.remove_prefix(1);
        return [terms = std::move(terms), any](const Message& message) {
            const auto fits = [&](const Fits& term) { return term(message); };
            return any && !terms.empty() ? std::ranges::any_of(terms, fits) : std::ranges::all_of(terms, fits);
        };
    }

    bool wants_spam_and_trash = false;

  private:
    bool at_end(char end) {
        rest_ = http::trimmed(rest_);
        return rest_.empty() || (end != 0 && rest_.front() == end);
    }

    bool take_word(std::string_view word) {
        if (!rest_.starts_with(word) || rest_.size() == word.size() || rest_[word.size()] != ' ') return false;
        rest_.remove_prefix(word.size() + 1);
        return true;
    }

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string read_word(std::string_view stops) {
        if (take('"')) return http::lower_case(http::take_until(rest_, '"'));
        const auto length = std::min(rest_.find_first_of(stops), rest_.size());
        auto word = http::lower_case(rest_.substr(0, length));
        rest_.remove_prefix(length);
        return word;
    }

    Fits read_term() {
        if (take('-')) {
            auto term = read_term();
            return [term = std::move(term)](const Message& message) { return !term(message); };
        }
        if (take('(')) return read_group(')', false);
        if (take('{')) return read_group('}', true);
        const bool is_phrase = rest_.starts_with('"');
        auto word = read_word(" :(){}");
        if (is_phrase || !take(':')) {
            if (word.empty() && !rest_.empty()) rest_.remove_prefix(1);
            return in_text(std::move(word));
        }
        return read_operator(word);
    }

    Fits read_operator(const std::string& name) {
        if (take('(')) return read_values(name);
        const auto value = read_word(" (){}");
        if (name == "in" && (value == "spam" || value == "trash" || value == "anywhere")) wants_spam_and_trash = true;
        auto fits = operator_named(name, value, now_, labels_);
        return fits ? fits : in_text(name + ":" + value);
    }

    /// subject:(dinner movie): all of them.
    Fits read_values(const std::string& name) {
        std::vector<Fits> all;
        while (!at_end(')')) {
            const auto value = read_word(" ()");
            if (value.empty()) break;
            auto fits = operator_named(name, value, now_, labels_);
            all.push_back(fits ? std::move(fits) : in_text(value));
        }
        take(')');
        return [all = std::move(all)](const Message& message) {
            return std::ranges::all_of(all, [&](const Fits& fits) { return fits(message); });
        };
    }

    std::string_view rest_;
    TimePoint now_;
    const LabelNames& labels_;
};

}  // namespace

Query Query::parse(std::string_view text, TimePoint now, const LabelNames& labels) {
    Query query;
    Reader reader(text, now, labels);
    query.fits_ = reader.read_group(0, false);
    query.wants_spam_and_trash_ = reader.wants_spam_and_trash;
    return query;
}

}  // namespace inboxpro::sandbox::gmail
