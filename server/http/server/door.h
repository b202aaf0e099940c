#pragma once
#include <boost/asio/ip/tcp.hpp>

namespace inboxpro::http {

/// From now on the system lets nobody in any more, so that all who are in can be accepted before the acceptor closes;
/// closing it would cut them off. Who comes meanwhile is not refused: their system asks again within a second, and by
/// then another process may listen. Where the system cannot do this (it needs Linux) the door stays open.
void shut_door(boost::asio::ip::tcp::acceptor& acceptor);

}  // namespace inboxpro::http
