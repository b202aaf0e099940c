#include "app/console.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <iostream>

namespace inboxpro::app {
namespace {

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

}  // namespace

int refuse(const Error& error) {
    std::cerr << "inboxpro: " << error.detail << '\n';
    return 1;
}

void start_log(const std::string& level) {
    auto log = spdlog::stderr_logger_mt("inboxpro");
    log->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    log->set_level(spdlog::level::from_str(level));
    log->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(log));
}

void hold_stop_signals() {
    const sigset_t signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void wait_for_stop() {
    const sigset_t signals = stop_signals();
    int signal = 0;
    sigwait(&signals, &signal);
}

}  // namespace inboxpro::app
