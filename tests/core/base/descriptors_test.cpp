// Descriptors: events that wake a thread, descriptors in a message, and those
// that a forked process closes.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/close_files.hpp"
#include "core/base/event_fd.hpp"
#include "core/base/fd_message.hpp"
#include "core/base/system_error.hpp"
#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

bool IsReadable(int fd) {
  pollfd wait{fd, POLLIN, 0};
  return ::poll(&wait, 1, 0) == 1;
}

struct Ends {
  UniqueFd near{};
  UniqueFd far{};
};

Ends MakeEnds() {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
                       ends.data()) == 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

bool IsOpen(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

}  // namespace

TEST_CASE("an event stays raised until it is cleared") {
  EventFd event;
  CHECK_FALSE(event.IsRaised());
  CHECK_FALSE(IsReadable(event.fd()));
  event.Raise();
  event.Raise();
  CHECK(event.IsRaised());
  CHECK(IsReadable(event.fd()));
  event.Clear();
  CHECK_FALSE(event.IsRaised());
  CHECK_FALSE(IsReadable(event.fd()));
  event.Raise();
  CHECK(IsReadable(event.fd()));
}

TEST_CASE("descriptors travel with a message and stay the sender's") {
  const Ends ends = MakeEnds();
  const Ends files = MakeEnds();
  std::array<char, 4> word{'f', 'o', 'u', 'r'};
  FdMessage<2> out(word.data(), word.size());
  const std::array<int, 2> fds{files.near.get(), files.far.get()};
  REQUIRE(out.Send(ends.near.get(), fds, 0) == 4);
  CHECK(IsOpen(files.near.get()));

  std::array<char, 8> room{};
  FdMessage<2> in(room.data(), room.size());
  std::vector<UniqueFd> got;
  REQUIRE(in.Receive(ends.far.get(), got) == 4);
  CHECK(std::string_view(room.data(), 4) == "four");
  CHECK_FALSE(in.IsCut());
  CHECK_FALSE(in.LacksDescriptors());
  REQUIRE(got.size() == 2);
  for (const UniqueFd& fd : got) {
    CHECK(::fcntl(fd.get(), F_GETFD) == FD_CLOEXEC);
  }
  // They are the same two ends.
  REQUIRE(::send(got[0].get(), "x", 1, 0) == 1);
  CHECK(IsReadable(files.far.get()));

  SECTION("what came before is overwritten") {
    REQUIRE(out.Send(ends.near.get(), {}, 0) == 4);
    REQUIRE(in.Receive(ends.far.get(), got) == 4);
    CHECK(got.empty());
  }
}

TEST_CASE("a message says what of it did not arrive") {
  const Ends ends = MakeEnds();
  std::array<char, 4> word{'f', 'o', 'u', 'r'};
  FdMessage<2> out(word.data(), word.size());
  const std::array<int, 2> fds{ends.near.get(), ends.far.get()};
  std::vector<UniqueFd> got;
  SECTION("bytes beyond the room") {
    REQUIRE(out.Send(ends.near.get(), {}, 0) == 4);
    std::array<char, 2> room{};
    FdMessage<1> in(room.data(), room.size());
    CHECK(in.Receive(ends.far.get(), got) == 2);
    CHECK(in.IsCut());
  }
  SECTION("descriptors beyond the room") {
    REQUIRE(out.Send(ends.near.get(), fds, 0) == 4);
    std::array<char, 4> room{};
    FdMessage<0> in(room.data(), room.size());
    CHECK(in.Receive(ends.far.get(), got) == 4);
    CHECK(in.LacksDescriptors());
    CHECK(got.empty());
  }
  SECTION("nothing, from a peer that is gone") {
    FdMessage<1> in(word.data(), word.size());
    Ends gone = MakeEnds();
    gone.near.Reset();
    CHECK(in.Receive(gone.far.get(), got) == 0);
    CHECK(out.Send(gone.far.get(), {}, 0) == -1);
    CHECK(errno == EPIPE);
  }
}

TEST_CASE("a failed system call is named with the reason") {
  errno = ENOENT;
  CHECK(SystemError("open").message == "open: No such file or directory");
}

TEST_CASE("a forked process keeps the one descriptor that it needs") {
  const Ends ends = MakeEnds();
  const Ends others = MakeEnds();
  const pid_t child = ::fork();
  if (child == 0) {
    const bool closed = CloseAllBut(ends.far.get());
    ::_exit(closed && IsOpen(ends.far.get()) && IsOpen(STDERR_FILENO) &&
                    !IsOpen(ends.near.get()) && !IsOpen(others.near.get()) &&
                    !IsOpen(others.far.get())
                ? 0
                : 1);
  }
  REQUIRE(child > 0);
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

}  // namespace command_exporter
