// FakeLauncher: the launcher's end of pair A, played by the test itself.
//
// It sends a launcher's messages in the order that the test chooses, with real
// pipes.
//
// Thread safety: none; the test's thread.
#ifndef COMMAND_EXPORTER_TESTS_FAKES_FAKE_LAUNCHER_HPP_
#define COMMAND_EXPORTER_TESTS_FAKES_FAKE_LAUNCHER_HPP_

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

class FakeLauncher {
 public:
  // How long a run had its process, as Ended reports it.
  static constexpr Duration kRan = std::chrono::milliseconds{20};

  // The write ends of a run's pipes, and the duplicates of the read ends that a
  // launcher keeps.
  struct Writers {
    UniqueFd out{};
    UniqueFd err{};
    UniqueFd out_reader{};
    UniqueFd err_reader{};
  };

  // A launcher and the socket for the client.
  static std::pair<FakeLauncher, UniqueFd> Make() {
    auto pair = MakeChannelPair();
    FakeLauncher launcher{Channel(std::move(pair->first))};
    launcher.Send(HelloMessage{});
    return {std::move(launcher), std::move(pair->second)};
  }

  // As Expect, but None after 300 ms.
  template <typename T>
  std::optional<T> Poll(MessageKind kind) {
    constexpr int kMilliseconds = 300;
    return Expect<T>(kind, kMilliseconds);
  }

  // Returns the next message of this kind and drops others before it. None
  // after five seconds without any.
  template <typename T>
  std::optional<T> Expect(MessageKind kind, int milliseconds = kPatience) {
    Packet packet;
    for (;;) {
      const ReceiveState state = channel_.Receive(packet);
      if (state == ReceiveState::kClosed) {
        return std::nullopt;
      }
      if (state == ReceiveState::kPacket) {
        if (packet.kind() == kind) {
          return packet.As<T>();
        }
        continue;
      }
      if (!Wait(milliseconds)) {
        return std::nullopt;
      }
    }
  }

  // True when the client has closed its end.
  bool ExpectClosed() {
    Packet packet;
    for (;;) {
      switch (channel_.Receive(packet)) {
        case ReceiveState::kClosed:
          return true;
        case ReceiveState::kPacket:
          break;
        case ReceiveState::kEmpty:
          if (!Wait()) {
            return false;
          }
      }
    }
  }

  Writers Started(std::uint64_t job) {
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0 ||
        ::pipe2(err.data(), O_CLOEXEC) != 0) {
      return {};
    }
    Writers writers{UniqueFd{out[1]}, UniqueFd{err[1]}, UniqueFd{::dup(out[0])},
                    UniqueFd{::dup(err[0])}};
    std::vector<UniqueFd> readers;
    readers.emplace_back(out[0]);
    readers.emplace_back(err[0]);
    Send(JobMessage{MessageKind::kStarted, 1, job}, std::move(readers));
    return writers;
  }

  void StartedWithoutPipes(std::uint64_t job) {
    Send(JobMessage{MessageKind::kStarted, 1, job});
  }

  void TimedOut(std::uint64_t job) {
    Send(JobMessage{MessageKind::kTimedOut, 1, job});
  }

  void Released(std::uint64_t job) {
    Send(JobMessage{MessageKind::kReleased, 1, job});
  }

  void Ended(std::uint64_t job, Ending ending, int code = 0) {
    DoneMessage message;
    message.ending = ending;
    message.job = job;
    message.code = code;
    message.wall_ns = kRan.count();
    Send(message);
  }

  void Stats(std::uint64_t orphans_killed) {
    StatsMessage message;
    message.orphans_killed = orphans_killed;
    Send(message);
  }

  void Die() { channel_.Close(); }

 private:
  explicit FakeLauncher(Channel channel) : channel_(std::move(channel)) {}

  static constexpr int kPatience = 5000;

  // Waits until the client has room: what stayed in the queue would never
  // arrive, because nobody else sends it.
  template <typename T>
  void Send(const T& message, std::vector<UniqueFd> fds = {}) {
    channel_.Send(message, std::move(fds));
    while (channel_.WantsWrite() && !channel_.IsBroken()) {
      pollfd fd{channel_.fd(), POLLOUT, 0};
      if (::poll(&fd, 1, kPatience) != 1) {
        return;
      }
      channel_.Flush();
    }
  }

  bool Wait(int milliseconds = kPatience) {
    pollfd fd{channel_.fd(), POLLIN, 0};
    return ::poll(&fd, 1, milliseconds) == 1;
  }

  Channel channel_;
};

// Writes all of `text`; the pipe must have a reader that drains it.
inline void WriteAll(const UniqueFd& pipe, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(pipe.get(), text.data(), text.size());
    if (written <= 0) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_FAKES_FAKE_LAUNCHER_HPP_
