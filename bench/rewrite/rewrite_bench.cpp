// Rewrites every mail and HTML text of a folder for some seconds of processor time (so that other work on the machine
// does not count) and prints how many megabytes a second that makes.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/clock.h"
#include "tracking/rewriting/rewrite.h"

namespace {

using namespace inboxpro;
using Seconds = std::chrono::duration<double>;

struct Letter {
    bool is_html = false;
    Bytes content;
};

std::vector<Letter> letters_in(const std::filesystem::path& folder) {
    std::vector<Letter> letters;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        const auto kind = entry.path().extension();
        if (kind != ".html" && kind != ".eml") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream content;
        content << file.rdbuf();
        letters.push_back({.is_html = kind == ".html", .content = std::move(content).str()});
    }
    return letters;
}

struct Round {
    std::size_t bytes = 0;
    int links = 0;
    int pixels = 0;
};

Round one_round(const std::vector<Letter>& letters, bool html, const TokenSealer& sealer,
                const RewriteOptions& options) {
    Round round;
    for (const auto& letter : letters) {
        if (letter.is_html != html) continue;
        const auto rewritten =
            html ? rewrite_html(letter.content, sealer, options) : rewrite_mail(letter.content, sealer, options);
        if (!rewritten) continue;
        round.bytes += letter.content.size();
        round.links += rewritten->links;
        round.pixels += rewritten->pixel ? 1 : 0;
    }
    return round;
}

void measure(const char* name, const std::vector<Letter>& letters, bool html, Seconds time, const TokenSealer& sealer,
             const RewriteOptions& options) {
    const Round first = one_round(letters, html, sealer, options);
    const auto begin = std::clock();
    Seconds passed{};
    int rounds = 0;
    for (; passed < time; ++rounds) {
        one_round(letters, html, sealer, options);
        passed = Seconds{static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC};
    }
    fmt::print("{} bytes={} links={} pixels={} mb_per_s={:.2f}\n", name, first.bytes, first.links, first.pixels,
               static_cast<double>(first.bytes) * rounds / passed.count() / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "usage: rewrite_bench FOLDER SECONDS\n");
        return 2;
    }
    SystemRandom random;
    const TokenSealer sealer{KeyFile::in_memory(random).keys(KeyPurpose::token)};
    RewriteOptions options;
    options.origin = "https://t.example";
    options.account = AccountId::make(SystemClock{}.now(), random);
    options.message = MessageId::make(SystemClock{}.now(), random);
    const auto letters = letters_in(argv[1]);
    const Seconds time{std::atof(argv[2])};
    measure("html", letters, true, time, sealer, options);
    measure("mail", letters, false, time, sealer, options);
}
