#pragma once
#include <string>
#include <string_view>

namespace inboxpro {

/// HTML as plain text for programs that show no HTML: paragraphs between empty lines, links as "text (url)", list items
/// behind "- " or their number, images by their alternative text. Lines end with LF and are not broken. Empty when the
/// HTML is too intricate to be read.
std::string text_of_html(std::string_view html);

}  // namespace inboxpro
