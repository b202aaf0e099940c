// Classifies the cases of a file one after another, each as if its request had just come, for some seconds of
// processor time on one thread; prints how many a second.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <vector>

#include "tracking/classify/classify.h"
#include "tracking/classify/facts_json.h"

namespace {

using namespace inboxpro;

double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "usage: classify_bench FILE SECONDS\n");
        return 2;
    }
    std::ifstream file(argv[1]);
    std::vector<boost::json::value> cases;
    for (std::string line; std::getline(file, line);) cases.push_back(boost::json::parse(line));
    std::vector<Facts> all;
    for (const auto& one : cases) all.push_back(facts_from_json(one).value());
    std::uint64_t done = 0;
    std::uint64_t people = 0;
    const double seconds = std::atof(argv[2]);
    const double begun = processor_seconds();
    while (processor_seconds() - begun < seconds)
        for (const auto& facts : all) {
            people += classify(facts).counted() ? 1 : 0;
            ++done;
        }
    const double took = processor_seconds() - begun;
    fmt::print("classified={} counted_as_people={} cases={}\n", done, people, all.size());
    fmt::print("classifications_per_second={:.0f}\n", static_cast<double>(done) / took);
    return 0;
}
