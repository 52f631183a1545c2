// What the nursery is asked for arrives whole, or as nothing.
#include "core/jq/jq_request.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/fd_message.hpp"
#include "tests/support/nothing_left.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kMostSent = 12;

std::pair<UniqueFd, UniqueFd> MakeSockets() {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
                       ends.data()) == 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

TEST_CASE("a request arrives with its three files") {
  const auto [near, far] = MakeSockets();
  const std::vector<std::string> names{"used", "free"};
  JqRequestFiles sent{MakeJqText(".[]", names, "lines"),
                      UniqueFd(::open("/dev/null", O_WRONLY | O_CLOEXEC)),
                      UniqueFd(::open("/dev/null", O_WRONLY | O_CLOEXEC))};
  REQUIRE(SendJqRequest(near.get(), {JqRequest::Kind::kCheck, 1, 2, 3}, sent));
  CHECK_FALSE(WasTaken(sent.text.get()));
  JqRequest request;
  JqRequestFiles files;
  REQUIRE(ReceiveJqRequest(far.get(), request, files));
  CHECK(request.kind == JqRequest::Kind::kCheck);
  CHECK(request.most_items == 3);
  CHECK(files.records);
  CHECK(files.messages);
  const JqMapping text(files.text.get());
  REQUIRE(text.ok());
  CHECK(text.expression() == ".[]");
  CHECK(text.names() == names);
  CHECK(text.lines().rest() == "lines");
  CHECK(WasTaken(sent.text.get()));
}

// A sanitizer would find a byte that is written outside of the receiver's room.
TEST_CASE("a request with too many descriptors has none, and leaves none") {
  const auto [near, far] = MakeSockets();
  const auto before = OpenDescriptors(::getpid()).size();
  const UniqueFd text = MakeJqText(".", {}, "");
  for (std::size_t count = 0; count <= kMostSent; ++count) {
    CAPTURE(count);
    JqRequest sent;
    const std::vector<int> fds(count, text.get());
    REQUIRE(FdMessage<kMostSent>(&sent, sizeof sent).Send(near.get(), fds, 0) >
            0);
    JqRequest request;
    JqRequestFiles files;
    CHECK(ReceiveJqRequest(far.get(), request, files));
    CHECK(static_cast<bool>(files.text) == (count >= 1 && count <= 3));
    CHECK(static_cast<bool>(files.messages) == (count == 3));
    CHECK(JqMapping(files.text.get()).ok() == static_cast<bool>(files.text));
    files = {};
    CHECK(OpenDescriptors(::getpid()).size() == before + 1);
  }
}

TEST_CASE("a request that is too short ends the conversation") {
  const auto [near, far] = MakeSockets();
  REQUIRE(::send(near.get(), "x", 1, 0) == 1);
  JqRequest request;
  JqRequestFiles files;
  CHECK_FALSE(ReceiveJqRequest(far.get(), request, files));
}

TEST_CASE("what is no text of a request is none") {
  std::string whole;
  {
    const std::vector<std::string> names{"a", "b"};
    const UniqueFd file = MakeJqText("expression", names, "");
    std::array<char, 200> bytes{};
    const ssize_t size = ::pread(file.get(), bytes.data(), bytes.size(), 0);
    REQUIRE(size > 0);
    whole.assign(bytes.data(), static_cast<std::size_t>(size));
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const UniqueFd file(::memfd_create("test", MFD_CLOEXEC));
    REQUIRE(::write(file.get(), whole.data(), size) ==
            static_cast<ssize_t>(size));
    CHECK_FALSE(JqMapping(file.get()).ok());
  }
  CHECK_FALSE(JqMapping(-1).ok());
}

}  // namespace
}  // namespace command_exporter
