#include "core/web/server.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/deadline.hpp"
#include "core/web/server_ports.hpp"
#include "tests/core/web/client.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kLargeBody = std::size_t{20} << 20U;

Response Echo(const Request& request) {
  if (request.path == "/large") {
    return PlainText(200, std::string(kLargeBody, 'x'));
  }
  if (request.path == "/slow") {
    std::this_thread::sleep_for(milliseconds{300});
  }
  if (request.path == "/throw") {
    throw std::runtime_error("as a test");
  }
  return PlainText(200, request.method + " " + request.path + " ?" +
                            request.query + " " +
                            std::string(request.Header("x-test")) + "\n");
}

ListenAddress At(const std::string& text) {
  const Result<ListenAddress> address = ParseListenAddress(text);
  REQUIRE(address);
  return *address;
}

ServerOptions Options() {
  ServerOptions options;
  options.handler = &Echo;
  options.workers = 16;
  options.request_timeout = seconds{1};
  options.answer_timeout = seconds{1};
  return options;
}

std::unique_ptr<Server> StartServer(
    const std::vector<std::string>& texts = {"127.0.0.1:0"},
    ServerOptions options = Options()) {
  std::vector<ListenAddress> addresses;
  for (const std::string& text : texts) {
    addresses.push_back(At(text));
  }
  Result<std::unique_ptr<Server>> server =
      Server::Start(addresses, std::move(options));
  INFO((server ? "" : server.error().message));
  REQUIRE(server);
  return *std::move(server);
}

std::uint16_t FirstPort(const Server& server) {
  return PortOf(server.addresses().front());
}

TEST_CASE("requests of every shape are answered as HTTP wants it") {
  std::atomic<int> refused{0};
  ServerOptions options = Options();
  options.refused = [&refused](int status) { refused = status; };
  const auto server = StartServer({"127.0.0.1:0"}, options);
  const std::uint16_t port = FirstPort(*server);

  SECTION("GET, with its query and headers") {
    const std::string answer =
        Exchange(port,
                 "GET /a%20b?c=%64 HTTP/1.1\r\nHost: x\r\nX-Test: hello\r\n"
                 "Connection: close\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\nDate: "));
    CHECK_THAT(answer, Catch::Contains("\r\nContent-Length: 22\r\n"));
    CHECK(
        answer.ends_with("\r\nConnection: close\r\n\r\n"
                         "GET /a b ?c=%64 hello\n"));
  }
  SECTION("HEAD has the length but not the body") {
    const std::string answer = Exchange(
        port, "HEAD /abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK_THAT(answer, Catch::Contains("\r\nContent-Length: 13\r\n"));
    CHECK(answer.ends_with("\r\n\r\n"));
  }
  SECTION("HEAD has no body either when it is refused") {
    const std::string answer =
        Exchange(port, "HEAD /%zz HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 400 Bad Request"));
    CHECK(answer.ends_with("\r\n\r\n"));
  }
  SECTION("HTTP/1.0 ends with its answer") {
    CHECK(Exchange(port, "GET /x HTTP/1.0\r\n\r\n").ends_with("GET /x ? \n"));
  }
  SECTION("Pipelined requests are answered in order") {
    const std::string answer =
        Exchange(port,
                 "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
                 "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
                 "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(Count(answer, "HTTP/1.1 200 OK") == 3);
    CHECK(answer.find("GET /1") < answer.find("GET /2"));
    CHECK(answer.find("GET /2") < answer.find("GET /3"));
  }
  SECTION("A request with a body is answered and the connection ended") {
    const std::string answer =
        Exchange(port,
                 "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                 "\r\nabcGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(Count(answer, "HTTP/1.1 ") == 1);
    CHECK_THAT(answer, Catch::Contains("Connection: close"));
    CHECK(answer.ends_with("POST /x ? \n"));
  }
  SECTION("Two lengths for one body are refused") {
    CHECK_THAT(Exchange(port,
                        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
               Catch::StartsWith("HTTP/1.1 400 Bad Request"));
    CHECK(refused == 400);
  }
  SECTION("A path with NUL or a broken escape is refused") {
    CHECK_THAT(Exchange(port, "GET /info%00x HTTP/1.1\r\nHost: x\r\n\r\n"),
               Catch::StartsWith("HTTP/1.1 400 Bad Request"));
    CHECK_THAT(Exchange(port, "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
               Catch::StartsWith("HTTP/1.1 400 Bad Request"));
  }
  SECTION("What is not HTTP is refused with a length") {
    const std::string answer = Exchange(port, "\x16\x03\x01 hello\r\n\r\n");
    CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 400 Bad Request"));
    CHECK_THAT(answer, Catch::Contains("\r\nContent-Length: "));
    CHECK(refused == 400);
  }
  SECTION("Too many and too long headers are refused") {
    std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 100; ++i) {
      many += "X-" + std::to_string(i) + ": 1\r\n";
    }
    CHECK_THAT(Exchange(port, many + "\r\n"),
               Catch::StartsWith("HTTP/1.1 431 "));
    CHECK_THAT(Exchange(port, "GET /" + std::string(20000, 'a') +
                                  " HTTP/1.1\r\nHost: x\r\n\r\n"),
               Catch::StartsWith("HTTP/1.1 400 "));
  }
  SECTION("A handler that throws costs that request only") {
    CHECK(Exchange(port, "GET /throw HTTP/1.1\r\nHost: x\r\n\r\n").empty());
    CHECK_THAT(Exchange(port, "GET / HTTP/1.0\r\n\r\n"),
               Catch::StartsWith("HTTP/1.1 200 OK"));
  }
}

TEST_CASE("a large answer arrives whole") {
  ServerOptions options = Options();
  options.answer_timeout = seconds{60};  // a busy machine may take seconds
  options.request_timeout = seconds{60};
  const auto server = StartServer({"127.0.0.1:0"}, options);
  const std::string answer =
      Exchange(FirstPort(*server), "GET /large HTTP/1.0\r\n\r\n");
  const std::size_t head = answer.find("\r\n\r\n");
  REQUIRE(head != std::string::npos);
  CHECK(answer.size() - head - 4 == kLargeBody);
}

TEST_CASE("slow clients do not keep the others from being answered") {
  const auto server = StartServer();
  const std::uint16_t port = FirstPort(*server);
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 16; ++i) {
    slow.push_back(std::make_unique<Client>(port));
    if (i % 4 == 1) {
      slow.back()->Send("GET /drip HTTP/1.1\r\nX-");
    } else if (i % 4 == 2) {
      slow.back()->Send(
          "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na");
    } else if (i % 4 == 3) {
      slow.back()->Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    }
  }
  const Clock::time_point start = Clock::now();
  CHECK_THAT(Exchange(port, "GET / HTTP/1.0\r\n\r\n"),
             Catch::StartsWith("HTTP/1.1 200 OK"));
  CHECK(Clock::now() - start < seconds{9});
}

TEST_CASE("IPv4 and IPv6 are served together, or IPv6 is refused") {
  NEEDS(ipv6);
  if (!HasIpv6()) {
    const auto server = Server::Start({At("[::1]:0")}, Options());
    REQUIRE_FALSE(server);
    CHECK_THAT(server.error().message,
               Catch::StartsWith("cannot listen on [::1]:0: ") &&
                   Catch::Contains(" no IPv6. Use an IPv4 address"));
    CHECK(StartServer({":0"})->addresses().front().starts_with("0.0.0.0:"));
    return;
  }
  const auto both = StartServer({":0"});
  REQUIRE(both->addresses().front().starts_with("[::]:"));
  for (const bool ipv6 : {false, true}) {
    const Client client(FirstPort(*both), ipv6);
    client.Send("GET /x HTTP/1.0\r\n\r\n");
    CHECK_THAT(client.Receive(), Catch::EndsWith("GET /x ? \n"));
  }
  const auto two = StartServer({"127.0.0.1:0", "[::1]:0"});
  REQUIRE(two->addresses().size() == 2);
  CHECK(two->addresses()[0].starts_with("127.0.0.1:"));
  CHECK(two->addresses()[1].starts_with("[::1]:"));
  const Client v6(PortOf(two->addresses()[1]), true);
  v6.Send("GET /6 HTTP/1.0\r\n\r\n");
  CHECK_THAT(v6.Receive(), Catch::EndsWith("GET /6 ? \n"));
  CHECK_FALSE(Client(PortOf(two->addresses()[1]), false).connected());
}

TEST_CASE("a port in use is explained") {
  const auto server = StartServer();
  const std::string address = server->addresses().front();
  const auto second = Server::Start({At(address)}, Options());
  REQUIRE_FALSE(second);
  CHECK(second.error().message ==
        "cannot listen on " + address +
            ": Address already in use. Another program listens there: \"ss "
            "-ltnp 'sport = :" +
            std::to_string(PortOf(address)) +
            "'\" shows which (9101, the default, also belongs to HAProxy's "
            "exporter and to the Bacula Director). Stop it, or choose another "
            "port with --web.listen-address, for example "
            "--web.listen-address=:9201");
}

TEST_CASE("a port that two flags want is not another program's") {
  const std::string port =
      std::to_string(PortOf(StartServer()->addresses().front()));
  const auto twice = Server::Start(
      {At("0.0.0.0:" + port), At("127.0.0.1:" + port)}, Options());
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message ==
        "cannot listen on 127.0.0.1:" + port +
            ": --web.listen-address=0.0.0.0:" + port +
            " has that port already. Leave one of the two away");
}

TEST_CASE("an address of another machine is explained") {
  const auto server = Server::Start({At("192.0.2.1:9101")}, Options());
  REQUIRE_FALSE(server);
  CHECK(server.error().message ==
        "cannot listen on 192.0.2.1:9101: Cannot assign requested address. No "
        "interface of this machine has that address (\"ip address\" shows "
        "them): correct --web.listen-address");
}

TEST_CASE("stop finishes what is in progress and is quick otherwise") {
  ServerOptions options = Options();
  options.request_timeout = seconds{60};  // the limit for idle connections
  auto server = StartServer({"127.0.0.1:0"}, options);
  const std::uint16_t port = FirstPort(*server);
  const Client idle(port);
  const Client kept(port);
  kept.Send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(kept.Receive(200), Catch::EndsWith("[still open]"));
  const Client busy(port);
  busy.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(milliseconds{100});
  const Clock::time_point start = Clock::now();
  server->Stop();
  CHECK(Clock::now() - start < seconds{10});
  CHECK_THAT(busy.Receive(), Catch::Contains("GET /slow"));
  CHECK(kept.Receive().empty());
  CHECK(idle.Receive().empty());
  CHECK_FALSE(Client(port).connected());
}

TEST_CASE("drain says when a request takes longer than it may") {
  ServerOptions options = Options();
  options.stop_timeout = milliseconds{20};
  auto server = StartServer({"127.0.0.1:0"}, options);
  const Client busy(FirstPort(*server));
  busy.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(milliseconds{100});
  CHECK_FALSE(server->Drain());
  CHECK_THAT(Exchange(FirstPort(*server), "GET / HTTP/1.0\r\n\r\n"),
             Catch::StartsWith("HTTP/1.1 503 "));
  // The answer must not keep the connection open, because the next request
  // would fail.
  CHECK_THAT(busy.Receive(200), Catch::Contains("Connection: close"));
  server->Stop();
}

TEST_CASE("a server that gets no thread to accept with does not start") {
  const pid_t child = fork();
  if (child == 0) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    _exit(7);  // sanitizers need the address space denied here
#endif
    // Room for the stacks of some workers, not of all: then the thread that
    // accepts is missing, too.
    const rlimit limit{rlim_t{512} << 20U, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &limit);
    ServerOptions options = Options();
    options.workers = 256;
    const auto server = Server::Start({At("127.0.0.1:0")}, options);
    const bool told =
        !server && server.error().message.find("LimitAS=") != std::string::npos;
    _exit(told ? 7 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("the library's abilities are named") {
  CHECK_THAT(CivetWebDescription(), Catch::Matches("1\\.[0-9]+ \\(.*IPv6, .*"
                                                   "TLS, .*unix sockets\\)"));
}

}  // namespace
}  // namespace command_exporter
