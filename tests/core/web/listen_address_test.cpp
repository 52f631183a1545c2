#include "core/web/listen_address.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

constexpr const char* kRight =
    R"( (right: ":9101", "127.0.0.1:9101", "[::1]:9101"))";

std::string ErrorOf(const std::string& text) {
  const Result<ListenAddress> address = ParseListenAddress(text);
  REQUIRE_FALSE(address);
  const std::string& message = address.error().message;
  REQUIRE(message.ends_with(kRight));
  return message.substr(0, message.size() - std::string(kRight).size());
}

TEST_CASE("go's spellings of a listen address are understood") {
  struct Case {
    std::string text{};
    std::string host{};
    bool ipv6{};
    int port{};
  };

  const Case given = GENERATE(Case{":9101", "", false, 9101},
                              Case{"127.0.0.1:9101", "127.0.0.1", false, 9101},
                              Case{"0.0.0.0:1", "0.0.0.0", false, 1},
                              Case{"[::1]:9101", "::1", true, 9101},
                              Case{"[::]:65535", "::", true, 65535},
                              Case{"[2001:DB8::0:1]:9", "2001:db8::1", true, 9},
                              Case{"localhost:80", "127.0.0.1", false, 80},
                              Case{"127.0.0.1:0", "127.0.0.1", false, 0});
  const Result<ListenAddress> address = ParseListenAddress(given.text);
  REQUIRE(address);
  CHECK(address->text == given.text);
  CHECK(address->host == given.host);
  CHECK(address->ipv6 == given.ipv6);
  CHECK(address->port == given.port);
}

TEST_CASE("a bad listen address is refused with what is wrong about it") {
  CHECK(ErrorOf("9101") ==
        R"("9101" is not a listen address: it has no ":" before the port)");
  CHECK(ErrorOf("") ==
        R"("" is not a listen address: it has no ":" before the port)");
  CHECK(
      ErrorOf("::1:9101") ==
      R"("::1:9101" is not a listen address: an IPv6 address needs brackets)");
  CHECK(
      ErrorOf("[::1]9101") ==
      R"("[::1]9101" is not a listen address: no "]:" behind the IPv6 address)");
  CHECK(ErrorOf("[::g]:1") ==
        R"("[::g]:1" is not a listen address: "::g" is not an IPv6 address)");
  CHECK(ErrorOf("[]:1") ==
        R"("[]:1" is not a listen address: "" is not an IPv6 address)");
  CHECK(
      ErrorOf(":65536") ==
      R"(":65536" is not a listen address: "65536" is not a port from 0 to 65535)");
  CHECK(ErrorOf(":") ==
        R"(":" is not a listen address: "" is not a port from 0 to 65535)");
  CHECK(ErrorOf(":-1") ==
        R"(":-1" is not a listen address: "-1" is not a port from 0 to 65535)");
  CHECK(
      ErrorOf(":http") ==
      R"(":http" is not a listen address: "http" is not a port from 0 to 65535)");
  CHECK(ErrorOf("no.such.name.invalid:1")
            .starts_with(R"("no.such.name.invalid:1" is not a listen address: )"
                         R"(the host name "no.such.name.invalid" cannot be )"
                         R"(resolved: )"));
}

TEST_CASE("host and port are joined as they are written") {
  CHECK(JoinHostPort("127.0.0.1", false, 9101) == "127.0.0.1:9101");
  CHECK(JoinHostPort("::1", true, 9101) == "[::1]:9101");
}

}  // namespace
}  // namespace command_exporter
