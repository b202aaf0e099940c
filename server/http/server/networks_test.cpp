#include "http/server/networks.h"

#include <gtest/gtest.h>

#include "http/server/peer_counts.h"
#include "http/server/test_server.h"

namespace inboxpro::http {
namespace {

using boost::asio::ip::make_address;

std::string client_of(std::vector<HeadField> fields, std::string_view peer = "10.0.0.1") {
    RequestHead head;
    head.fields = std::move(fields);
    const auto proxies = Networks::parse({"10.0.0.0/8", "2001:db8::/32", "192.0.2.7"});
    return origin_of(head, Origin{make_address(peer)}, *proxies).client.to_string();
}

TEST(Networks, HoldAddressesAndBlocks) {
    const auto networks = Networks::parse({"10.1.0.0/16", "192.0.2.7", "2001:db8::/32", "::1"});
    ASSERT_TRUE(networks);
    for (const auto* inside : {"10.1.0.0", "10.1.255.255", "192.0.2.7", "2001:db8:ffff::1", "::1"})
        EXPECT_TRUE(networks->contains(make_address(inside))) << inside;
    for (const auto* outside : {"10.2.0.0", "10.0.255.255", "192.0.2.8", "2001:db9::", "::2"})
        EXPECT_FALSE(networks->contains(make_address(outside))) << outside;
    for (const auto* bad : {"", "x", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1"})
        EXPECT_FALSE(Networks::parse({bad})) << bad;
}

TEST(Origin, BelievesOnlyProxies) {
    EXPECT_EQ(client_of({{"X-Forwarded-For", "203.0.113.9"}}, "198.51.100.1"), "198.51.100.1");
    EXPECT_EQ(client_of({{"X-Forwarded-For", "203.0.113.9"}}), "203.0.113.9");
    EXPECT_EQ(client_of({{"x-forwarded-for", "203.0.113.9"}}, "2001:db8::5"), "203.0.113.9");
    EXPECT_EQ(client_of({}), "10.0.0.1");
}

TEST(Origin, IsTheLastAddressThatIsNoProxy) {
    EXPECT_EQ(client_of({{"X-Forwarded-For", "1.1.1.1, 203.0.113.9, 10.2.3.4, 192.0.2.7"}}), "203.0.113.9");
    EXPECT_EQ(client_of({{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "203.0.113.9, 10.2.3.4"}}), "203.0.113.9");
    EXPECT_EQ(client_of({{"X-Forwarded-For", "10.2.3.4"}}), "10.2.3.4");
    EXPECT_EQ(client_of({{"X-Forwarded-For", "1.1.1.1, nonsense, 10.2.3.4"}}), "10.2.3.4");
    EXPECT_EQ(client_of({{"X-Forwarded-For", "203.0.113.9:4711"}}), "203.0.113.9");
    EXPECT_EQ(client_of({{"X-Forwarded-For", "[2001:db9::1]:4711"}}), "2001:db9::1");
    EXPECT_EQ(client_of({{"X-Forwarded-For", "::ffff:203.0.113.9"}}), "203.0.113.9");
    EXPECT_EQ(client_of({{"X-Forwarded-For", ", ,"}}), "10.0.0.1");
    EXPECT_EQ(client_of({{"X-Forwarded-For", "["}}), "10.0.0.1");
}

TEST(Origin, OfARealRequest) {
    for (const bool trusted : {false, true}) {
        TestServer test;
        if (trusted) test.options.trusted_proxies = {"127.0.0.0/8"};
        test.router.add(Method::get, "/", [](Request request) -> Task<Response> {
            co_return Response::text(200, request.client_ip + (request.secure ? " secure" : " clear"));
        });
        TestClient client(test.begin());
        const auto answer =
            client.ask("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n");
        EXPECT_EQ(answer.body, trusted ? "203.0.113.9 secure" : "127.0.0.1 clear");
        EXPECT_EQ(answer.header("Strict-Transport-Security").empty(), !trusted);
        EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").body, "127.0.0.1 clear");
    }
}

TEST(PeerCounts, BoundEachAddressAlone) {
    testing::SeededRandom random;
    PeerCounts counts(random);
    const auto one = make_address("192.0.2.1"), other = make_address("192.0.2.2");
    EXPECT_TRUE(counts.enter(one, 2));
    EXPECT_TRUE(counts.enter(one, 2));
    EXPECT_FALSE(counts.enter(one, 2));
    EXPECT_TRUE(counts.enter(other, 2));
    counts.leave(one);
    EXPECT_TRUE(counts.enter(one, 2));
    const auto here = make_address("2001:db8::1"), neighbour = make_address("2001:db8::2");
    EXPECT_TRUE(counts.enter(here, 1));
    EXPECT_FALSE(counts.enter(neighbour, 1));
    EXPECT_TRUE(counts.enter(make_address("2001:db8:0:1::1"), 1));
}

}  // namespace
}  // namespace inboxpro::http
