// Channel, sealed memory files and users: the means of passing data between
// roles.
#include "core/process/ipc/channel.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "core/base/fd_message.hpp"
#include "core/process/ipc/sealed_file.hpp"
#include "core/process/system/user.hpp"
#include "tests/support/nothing_left.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

struct Ends {
  Channel near;
  Channel far;
};

Ends MakeEnds() {
  auto pair = MakeChannelPair();
  REQUIRE(pair);
  return {Channel(std::move(pair->first)), Channel(std::move(pair->second))};
}

JobMessage Job(std::uint64_t job) {
  return JobMessage{MessageKind::kReleased, 0, job};
}

TEST_CASE("a channel carries messages whole and in order") {
  Ends ends = MakeEnds();
  ends.near.Send(HelloMessage{});
  ends.near.Send(Job(7));
  Packet packet;
  REQUIRE(ends.far.Receive(packet) == ReceiveState::kPacket);
  REQUIRE(packet.kind() == MessageKind::kHello);
  REQUIRE(packet.As<HelloMessage>()->version == kProtocolVersion);
  CHECK_FALSE(packet.As<JobMessage>());
  REQUIRE(ends.far.Receive(packet) == ReceiveState::kPacket);
  REQUIRE(packet.As<JobMessage>()->job == 7);
  CHECK(ends.far.Receive(packet) == ReceiveState::kEmpty);
}

TEST_CASE("a channel queues what the socket does not take, and keeps order") {
  Ends ends = MakeEnds();
  constexpr std::uint64_t kCount = 5000;  // far above the socket's buffer
  for (std::uint64_t i = 0; i < kCount; ++i) {
    ends.near.Send(Job(i));
  }
  REQUIRE(ends.near.WantsWrite());
  Packet packet;
  std::uint64_t next = 0;
  while (next < kCount) {
    ends.near.Flush();
    while (ends.far.Receive(packet) == ReceiveState::kPacket) {
      REQUIRE(packet.As<JobMessage>()->job == next);
      ++next;
    }
  }
  CHECK_FALSE(ends.near.WantsWrite());
}

TEST_CASE("a channel counts a peer that reads nothing as lost") {
  Ends ends = MakeEnds();
  for (std::uint64_t i = 0; i < 40000; ++i) {
    ends.near.Send(Job(i));
  }
  Packet packet;
  CHECK(ends.near.Receive(packet) == ReceiveState::kClosed);
}

TEST_CASE("descriptors arrive usable and closed on exec, queued ones too") {
  Ends ends = MakeEnds();
  for (int i = 0; i < 2000; ++i) {  // fills the socket
    ends.near.Send(Job(1));
  }
  REQUIRE(ends.near.WantsWrite());
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
  UniqueFd writer{pipe[1]};
  std::vector<UniqueFd> fds;
  fds.emplace_back(pipe[0]);
  ends.near.Send(Job(2), std::move(fds));
  REQUIRE(::write(writer.get(), "x", 1) == 1);

  Packet packet;
  do {
    ends.near.Flush();
    REQUIRE(ends.far.Receive(packet) == ReceiveState::kPacket);
  } while (packet.As<JobMessage>()->job != 2);
  REQUIRE(packet.fds.size() == 1);
  CHECK((::fcntl(packet.fds[0].get(), F_GETFD) & FD_CLOEXEC) != 0);
  char byte = 0;
  CHECK(::read(packet.fds[0].get(), &byte, 1) == 1);
  CHECK(byte == 'x');
  // Our end was closed once sent: without the received one there is no reader.
  packet.fds.clear();
  CHECK(::fcntl(pipe[0], F_GETFD) == -1);
}

TEST_CASE("a message whose descriptors find no place arrives without them") {
  Ends ends = MakeEnds();
  std::vector<UniqueFd> fds;
  fds.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ends.near.Send(Job(3), std::move(fds));
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 3;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  Packet packet;
  const ReceiveState state = ends.far.Receive(packet);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE(state == ReceiveState::kPacket);
  CHECK(packet.As<JobMessage>()->job == 3);
  CHECK(packet.fds.empty());
}

// A sanitizer would find a byte that is written outside of the receiver's room.
TEST_CASE("of more descriptors than a message may have none stays open") {
  Ends ends = MakeEnds();
  const auto before = OpenDescriptors(::getpid()).size();
  for (std::size_t count = 0; count <= 12; ++count) {
    CAPTURE(count);
    JobMessage message = Job(count);
    const std::vector<int> fds(count, STDIN_FILENO);
    REQUIRE(
        FdMessage<12>(&message, sizeof message).Send(ends.near.fd(), fds, 0) >
        0);
    Packet packet;
    REQUIRE(ends.far.Receive(packet) == ReceiveState::kPacket);
    CHECK(packet.As<JobMessage>()->job == count);
    CHECK(packet.fds.size() == (count <= kMaxMessageFds ? count : 0));
    packet.fds.clear();
    CHECK(OpenDescriptors(::getpid()).size() == before);
  }
}

TEST_CASE("the last words of a peer that closed are still read") {
  Ends ends = MakeEnds();
  ends.near.Send(Job(1));  // never read: the close becomes a reset
  ends.far.Send(Job(2));
  ends.far.Close();
  ends.near.Send(Job(3));  // EPIPE
  Packet packet;
  REQUIRE(ends.near.Receive(packet) == ReceiveState::kPacket);
  CHECK(packet.As<JobMessage>()->job == 2);
  CHECK(ends.near.Receive(packet) == ReceiveState::kClosed);
  CHECK_FALSE(ends.near.WantsWrite());
}

TEST_CASE("a datagram that is no message ends the channel") {
  auto pair = MakeChannelPair();
  REQUIRE(pair);
  Channel channel(std::move(pair->first));
  Packet packet;
  SECTION("too short for a kind") {
    REQUIRE(::send(pair->second.get(), "ab", 2, 0) == 2);
  }
  SECTION("longer than any message") {
    const std::string large(kMaxMessage + 1, 'x');
    REQUIRE(::send(pair->second.get(), large.data(), large.size(), 0) > 0);
  }
  CHECK(channel.Receive(packet) == ReceiveState::kClosed);
}

TEST_CASE("a channel without a socket is closed and sends nowhere") {
  Channel channel;
  channel.Send(HelloMessage{});
  Packet packet;
  CHECK(channel.Receive(packet) == ReceiveState::kClosed);
  CHECK_FALSE(channel.WantsWrite());
}

TEST_CASE("sealed text comes back byte for byte and can change no more") {
  const std::string text{"a\0b\n", 4};
  auto file = SealText("test", text);
  REQUIRE(file);
  CHECK(::write(file->get(), "x", 1) == -1);
  CHECK(::ftruncate(file->get(), 0) == -1);
  for (int i = 0; i < 2; ++i) {  // the offset does not matter
    const auto read = ReadSealedText(file->get());
    REQUIRE(read);
    CHECK(*read == text);
  }
  auto empty = SealText("test", "");
  REQUIRE(empty);
  CHECK(ReadSealedText(empty->get())->empty());
}

TEST_CASE("what is not sealed is refused") {
  const UniqueFd open{::memfd_create("test", MFD_ALLOW_SEALING | MFD_CLOEXEC)};
  CHECK_FALSE(ReadSealedText(open.get()));
  const UniqueFd null{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  CHECK_FALSE(ReadSealedText(null.get()));
  CHECK_FALSE(ReadSealedText(-1));
}

TEST_CASE("users are found by name and by number") {
  const auto by_name = LookUpUser("root");
  REQUIRE(by_name);
  CHECK(by_name->uid == 0);
  CHECK(by_name->home == "/root");
  const auto by_number = LookUpUser("0");
  REQUIRE(by_number);
  CHECK(by_number->name == "root");
  CHECK(by_number->groups == by_name->groups);
  const auto unknown = LookUpUser("no-such-user");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message == "there is no user \"no-such-user\"");
  CHECK_FALSE(LookUpUser("99999999999"));
  CHECK_FALSE(LookUpUser(""));
}

TEST_CASE("the current user is the one of this process") {
  const UserIds user = CurrentUser();
  CHECK(user.uid == ::geteuid());
  CHECK(user.gid == ::getegid());
  CHECK_FALSE(user.name.empty());
  CHECK_FALSE(user.home.empty());
}

// Runs in a child of its own, because the change is permanent.
int BecomeNobody() {
  const auto nobody = LookUpUser("nobody");
  if (!nobody || !BecomeUser(*nobody) || ::getuid() != nobody->uid ||
      ::setuid(0) == 0) {
    return 1;
  }
  // The second time the process is already that user.
  return BecomeUser(*nobody) && !BecomeUser(*LookUpUser("root")) ? 0 : 1;
}

TEST_CASE("a user is taken for good") {
  NEEDS(root);
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(BecomeNobody());
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

}  // namespace
}  // namespace command_exporter
