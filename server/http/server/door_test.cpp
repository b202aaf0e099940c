#include "http/server/door.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace inboxpro::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

TEST(Door, LetsNobodyInOnceItIsShutAndCutsNobodyOff) {
    asio::io_context loop;
    tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
    tcp::socket early(loop), late(loop);
    early.connect(acceptor.local_endpoint());
    shut_door(acceptor);

    bool is_in = false;
    late.async_connect(acceptor.local_endpoint(), [&](boost::system::error_code error) { is_in = !error; });
    loop.run_for(300ms);
    EXPECT_FALSE(is_in);

    auto accepted = acceptor.accept();
    acceptor.non_blocking(true);
    boost::system::error_code error;
    acceptor.accept(error);
    EXPECT_EQ(error, asio::error::would_block) << "only one was in";
    acceptor.close();
    asio::write(early, asio::buffer("a", 1));
    char heard = 0;
    asio::read(accepted, asio::buffer(&heard, 1));
    EXPECT_EQ(heard, 'a');
}

}  // namespace
}  // namespace inboxpro::http
