#include "http/server/door.h"

#include <linux/filter.h>
#include <sys/socket.h>

namespace inboxpro::http {

void shut_door(boost::asio::ip::tcp::acceptor& acceptor) {
    constexpr std::uint32_t kFlags = 13;  // Where RFC 9293 3.1 has the flags of a segment.
    constexpr std::uint32_t kSyn = 0x02;
    constexpr std::uint32_t kDrop = 0, kAll = 0xffffffff;
    sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kFlags),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kSyn, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, kDrop),
        BPF_STMT(BPF_RET | BPF_K, kAll),
    };
    const sock_fprog program{.len = std::size(steps), .filter = steps};
    ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

}  // namespace inboxpro::http
