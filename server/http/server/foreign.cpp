// The sources of Asio's TLS and of Beast, compiled once for all rooms (Asio's own stand in base).
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
