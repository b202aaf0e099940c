#pragma once
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "http/server/head.h"

namespace inboxpro::http {

/// An IPv4 address that came in IPv6 clothes ("::ffff:10.0.0.1") as IPv4.
boost::asio::ip::address plain(const boost::asio::ip::address& address);

/// A set of addresses, said as addresses and CIDR blocks of both families.
class Networks {
  public:
    static Result<Networks> parse(const std::vector<std::string>& blocks);
    bool contains(const boost::asio::ip::address& address) const;

  private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

/// Who asks, and how.
struct Origin {
    boost::asio::ip::address client;
    bool secure = false;
};

/// What X-Forwarded-For and X-Forwarded-Proto say, when `peer` is one of `proxies`: the last address that no proxy of
/// ours has, and the last scheme. From anybody else they are ignored.
Origin origin_of(const RequestHead& head, const Origin& peer, const Networks& proxies);

}  // namespace inboxpro::http
