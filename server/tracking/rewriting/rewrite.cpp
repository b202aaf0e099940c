#include "tracking/rewriting/rewrite.h"

#include "mail/structure.h"
#include "tracking/rewriting/charset.h"
#include "tracking/rewriting/html_changes.h"
#include "tracking/rewriting/protected_mail.h"

namespace inboxpro {
namespace {

BytesView body_of(BytesView raw, const MimePart& part) {
    return raw.substr(part.body_begin, part.body_end - part.body_begin);
}

Rewritten unchanged(BytesView content, std::string why_not) {
    Rewritten result;
    result.content = content;
    result.why_not = std::move(why_not);
    return result;
}

bool is_switched_off(const RewriteOptions& options) {
    return !options.track.opens && !options.track.clicks;
}

/// The outcome, when `report` says that something is tracked; else the content as it came.
Rewritten finished(Rewritten report, BytesView content, const std::vector<Edit>& edits) {
    report.tracked = report.pixel || report.links > 0;
    if (!report.tracked && report.why_not.empty()) report.why_not = "nothing_to_track";
    report.content = report.tracked ? applied(content, edits) : Bytes{content};
    return report;
}

/// The whole Content-Transfer-Encoding field as quoted-printable; in front of the others where there is none.
Edit encoding_field_edit(BytesView raw, const MimePart& part, std::string_view line_end) {
    for (const auto& field : header_fields(raw, part.headers_begin, part.headers_end))
        if (equal_ignoring_case(field.name, "Content-Transfer-Encoding")) {
            const std::string_view value = field.raw_value;
            const auto end = value.find_last_not_of("\r\n");
            return {.offset = field.value_begin,
                    .length = end == std::string_view::npos ? 0 : end + 1,
                    .text = " quoted-printable"};
        }
    return {.offset = part.headers_begin,
            .length = 0,
            .text = Bytes{"Content-Transfer-Encoding: quoted-printable"}.append(line_end)};
}

/// Rewrites the parts of one message into edits of its bytes.
class MailChanges {
  public:
    MailChanges(BytesView raw, const TokenSealer& sealer, const RewriteOptions& options, Rewritten& report)
        : raw_(raw), html_(sealer, options, report), report_(report) {}

    void change(const MimePart& part, bool is_last) {
        const BytesView body = body_of(raw_, part);
        const Bytes content = decoded_body(body, part.encoding);
        const auto edits = content_edits(content, part.charset, is_last);
        const std::string_view line_end = line_end_of(body.find('\n') == BytesView::npos ? raw_ : body);
        if (part.encoding == TransferEncoding::identity && !lines_stay_short(content, edits)) {
            edits_.push_back(encoding_field_edit(raw_, part, line_end));
            edits_.push_back({.offset = part.body_begin,
                              .length = body.size(),
                              .text = in_quoted_printable(applied(content, edits), line_end)});
            return;
        }
        for (auto& edit : encoded_edits(body, part.encoding, edits, line_end)) {
            edit.offset += part.body_begin;
            edits_.push_back(std::move(edit));
        }
    }
    const std::vector<Edit>& edits() const { return edits_; }

  private:
    /// Empty where the content cannot be read.
    std::vector<Edit> content_edits(const Bytes& content, const std::string& charset, bool is_last) {
        if (reads_as_ascii(charset)) return html_.in(content, charset, is_last).value_or(std::vector<Edit>{});
        const auto text = to_utf8(content, charset);
        if (!text) return {};
        Rewritten before = report_;
        const auto edits = html_.in(*text, "utf-8", is_last);
        const auto changed = edits ? from_utf8(applied(*text, *edits), charset, content) : std::nullopt;
        if (changed) return difference(content, *changed);
        report_ = std::move(before);
        return {};
    }

    BytesView raw_;
    HtmlChanges html_;
    Rewritten& report_;
    std::vector<Edit> edits_;
};

bool is_own_html(BytesView raw, const MimePart& part) {
    return part.is("text", "html") && !part.in_attached_message && part.encoding != TransferEncoding::other &&
           !disposition_of(raw, part).is_attachment &&
           body_of(raw, part).find_first_not_of(" \t\r\n") != BytesView::npos;
}

}  // namespace

Result<Rewritten> rewrite_html(std::string_view html, const TokenSealer& sealer, const RewriteOptions& options) {
    if (is_switched_off(options)) return unchanged(html, "switched_off");
    Rewritten report;
    const auto edits = HtmlChanges{sealer, options, report}.in(html, "utf-8", true);
    if (!edits) return unchanged(html, "too_intricate");
    return finished(std::move(report), html, *edits);
}

Result<Rewritten> rewrite_mail(BytesView raw, const TokenSealer& sealer, const RewriteOptions& options) {
    const auto parts = TRY(parts_of(raw));
    if (is_switched_off(options)) return unchanged(raw, "switched_off");
    if (is_signed_or_encrypted(raw, parts)) return unchanged(raw, "signed_or_encrypted");
    std::vector<const MimePart*> own;
    for (const auto& part : parts)
        if (is_own_html(raw, part)) own.push_back(&part);
    if (own.empty()) return unchanged(raw, "no_html");
    Rewritten report;
    MailChanges changes{raw, sealer, options, report};
    for (const auto* part : own) changes.change(*part, part == own.back());
    return finished(std::move(report), raw, changes.edits());
}

}  // namespace inboxpro
