#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "base/clock.h"
#include "http/server/networks.h"

namespace inboxpro::http {

class Listener;

/// One client's connection. All of it happens on its listener's loop.
class Connection {
  public:
    virtual ~Connection() = default;
    virtual void start() = 0;
    /// Called often: ends the wait whose time is up.
    virtual void check_deadline(SteadyPoint now) = 0;
    /// The server stops: closes if no request is running, otherwise after its answer. Ends a stream. A client that has
    /// asked nothing yet may be about to: it has until the second call.
    virtual void end_gently() = 0;
    virtual void close() = 0;
};

std::shared_ptr<Connection> make_connection(boost::asio::ip::tcp::socket socket, Origin peer,
                                            std::shared_ptr<Listener> listener);

}  // namespace inboxpro::http
