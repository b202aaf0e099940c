#pragma once
#include <string>
#include <vector>

namespace inboxpro::http {

/// One file of tests/data/http: bytes that some client sends at once, and what it must see.
///
///     name
///     expect 200 400, then close
///
///     GET / HTTP/1.1\r\n
///     A: \(b*20000)\r\n
///
/// The lines below the empty one are joined; \r \n \t \0 \xHH and \\ stand for bytes, \(text*N) for N times the text.
/// "then open" promises that the connection takes another request.
struct CorpusCase {
    std::string name;
    std::vector<int> statuses;
    bool stays_open = false;
    std::string bytes;
};

std::vector<CorpusCase> read_corpus();

}  // namespace inboxpro::http
