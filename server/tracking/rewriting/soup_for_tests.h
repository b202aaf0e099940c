#pragma once
#include <random>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace inboxpro::testing {

inline const std::vector<std::string> kPieces = {"<a href=\"http://a.example/\">",
                                                 "<a href='http://b.example'",
                                                 "<A HREF=http://c.example/?x=1&amp;y",
                                                 "</a>",
                                                 "<p>",
                                                 "</p>",
                                                 "<div>",
                                                 "</div>",
                                                 "<table>",
                                                 "<tr>",
                                                 "<td>",
                                                 "</table>",
                                                 "<b>",
                                                 "</b>",
                                                 "<i>",
                                                 "<svg>",
                                                 "</svg>",
                                                 "<math>",
                                                 "<template>",
                                                 "</template>",
                                                 "<select>",
                                                 "</select>",
                                                 "<!--",
                                                 "-->",
                                                 "<!",
                                                 "<?",
                                                 "<![CDATA[",
                                                 "]]>",
                                                 "<style>",
                                                 "</style>",
                                                 "<script>",
                                                 "</script>",
                                                 "<title>",
                                                 "</title>",
                                                 "<textarea>",
                                                 "</textarea>",
                                                 "<body>",
                                                 "</body>",
                                                 "</html>",
                                                 "<head>",
                                                 "<frameset>",
                                                 "<",
                                                 ">",
                                                 "\"",
                                                 "'",
                                                 "=",
                                                 "/",
                                                 "&",
                                                 "&#0;",
                                                 "&#x110000;",
                                                 "&lt",
                                                 " href=",
                                                 "href",
                                                 "\r\n",
                                                 "\r",
                                                 "\n",
                                                 "\t",
                                                 "\f",
                                                 std::string(1, '\0'),
                                                 "\xff",
                                                 "\xc3\xbc",
                                                 "\xe6\xbc",
                                                 "text",
                                                 "<area href='http://d.example'>",
                                                 "<img src='https://t.example/o/x.gif'>",
                                                 "<plaintext>",
                                                 "<iframe>",
                                                 "<form>",
                                                 "</form>",
                                                 "<a",
                                                 "<foreignObject>",
                                                 "http://e.example",
                                                 "<isindex>",
                                                 "<image src=x>"};

/// Pieces of HTML in any order.
inline std::string soup_of(std::mt19937_64& random) {
    std::string soup;
    for (auto count = random() % 60; count > 0; --count) soup += kPieces[random() % kPieces.size()];
    return soup;
}

/// The text with some bytes changed, cut out, put in or repeated.
inline Bytes mutated(Bytes text, std::mt19937_64& random) {
    for (auto count = random() % 8 + 1; count > 0 && !text.empty(); --count) {
        const auto at = random() % text.size();
        switch (random() % 4) {
            case 0: text[at] = static_cast<char>(random()); break;
            case 1: text.erase(at, random() % 20); break;
            case 2: text.insert(at, kPieces[random() % kPieces.size()]); break;
            default: text.insert(at, text.substr(random() % text.size(), 50));
        }
    }
    return text;
}

}  // namespace inboxpro::testing
