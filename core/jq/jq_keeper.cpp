#include "core/jq/jq_keeper.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <span>
#include <utility>
#include <vector>

#include "core/base/close_files.hpp"
#include "core/base/fd_message.hpp"
#include "core/jq/jq_nursery.hpp"

namespace command_exporter {
namespace {

// How long the keeper may take to end its nursery and itself.
constexpr int kEndMilliseconds = 3000;

// Runs in the child: ends with its parent, and has nothing of its files but
// `socket`, since connections must not outlive the parent here.
void FollowParent(const UniqueFd& socket, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) {
    ::_exit(0);
  }
  if (!CloseAllBut(socket.get())) {
    ::_exit(1);
  }
}

// What the keeper does.
class KeeperLoop {
 public:
  KeeperLoop(const UniqueFd& socket, UniqueFd signals)
      : socket_(socket),
        signals_(std::move(signals)) {}

  // Returns when nobody can ask any more.
  void Run() {
    for (bool asked = true; asked;) {
      std::array<pollfd, 2> waits = {
          {{signals_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}}};
      if (::poll(waits.data(), waits.size(), -1) < 0) {
        continue;
      }
      if (waits[0].revents != 0) {
        signalfd_siginfo info{};
        (void)!::read(signals_.get(), &info, sizeof info);
        Reap(WNOHANG);
      } else {
        asked = Serve();
      }
    }
    Kill();
  }

 private:
  bool Serve() {
    char word = 0;
    FdMessage<1> message(&word, sizeof word);
    std::vector<UniqueFd> fds;
    const ssize_t size = message.Receive(socket_.get(), fds);
    if (size > 0) {
      Kill();
    }
    if (size > 0 && !fds.empty()) {
      Fork(fds.front());
    }
    return size > 0 || (size < 0 && errno == EINTR);
  }

  void Fork(const UniqueFd& nursery_socket) {
    const pid_t keeper = ::getpid();
    nursery_ = ::fork();
    if (nursery_ == 0) {
      FollowParent(nursery_socket, keeper);
      ::tzset();  // an evaluation can open no file
      RunJqNursery(nursery_socket);
    }
    if (nursery_ < 0) {
      const int error = errno;
      nursery_ = 0;
      ::send(socket_.get(), &error, sizeof error, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  }

  void Kill() {
    if (nursery_ > 0) {
      ::kill(nursery_, SIGKILL);  // not reaped yet
      Reap(0);
    }
  }

  void Reap(int options) {
    if (nursery_ > 0 && ::waitpid(nursery_, nullptr, options) != 0) {
      nursery_ = 0;
    }
  }

  const UniqueFd& socket_;
  UniqueFd signals_;
  pid_t nursery_ = 0;  // 0: none
};

[[noreturn]] void RunKeeper(const UniqueFd& socket, pid_t parent) {
  ::prctl(PR_SET_NAME, "ce-jq-keeper");
  FollowParent(socket, parent);
  UniqueFd signals = WatchChildren();
  if (signals) {
    KeeperLoop(socket, std::move(signals)).Run();
  }
  ::_exit(0);
}

}  // namespace

JqKeeper::~JqKeeper() {
  Stop();
}

bool JqKeeper::Fork() {
  if (std::exchange(tried_, true)) {
    return pid_ > 0;
  }
  std::array<int, 2> ends{};
  pid_t child = -1;
  const pid_t parent = ::getpid();
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) ==
      0) {
    const UniqueFd theirs(ends[1]);
    socket_.Reset(ends[0]);
    child = ::fork();
    if (child == 0) {
      RunKeeper(theirs, parent);
    }
  }
  if (child < 0) {
    trouble_ = std::strerror(errno);
    return false;
  }
  pid_ = child;
  process_.Reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0U)));
  return true;
}

void JqKeeper::Stop() {
  if (pid_ <= 0) {
    return;
  }
  // It sees that, and we see its end.
  ::shutdown(socket_.get(), SHUT_WR);
  pollfd wait{socket_.get(), 0, 0};
  while (::poll(&wait, 1, kEndMilliseconds) < 0 && errno == EINTR) {
  }
  // One that is stopped. Not by its number, where it can be helped: it may be
  // another's by now where the kernel reaps children.
  if (process_) {
    ::syscall(SYS_pidfd_send_signal, process_.get(), SIGKILL, nullptr, 0U);
  } else {
    ::kill(pid_, SIGKILL);
  }
  ::waitpid(std::exchange(pid_, 0), nullptr, 0);
}

bool JqKeeper::Replace(const UniqueFd& socket) {
  if (pid_ > 0) {
    Trouble();  // what was said about the one before
    trouble_.clear();
  }
  return Send(&socket);
}

void JqKeeper::KillNursery() {
  Send(nullptr);
}

bool JqKeeper::Send(const UniqueFd* socket) {
  char word = 0;
  const int fd = socket == nullptr ? -1 : socket->get();
  FdMessage<1> message(&word, sizeof word);
  const auto fds = std::span(&fd, socket == nullptr ? 0 : 1);
  return pid_ > 0 && message.Send(socket_.get(), fds, MSG_DONTWAIT) > 0;
}

const std::string& JqKeeper::Trouble() {
  int error = 0;
  ssize_t size = 1;
  while (pid_ > 0 && size > 0) {
    size = ::recv(socket_.get(), &error, sizeof error, MSG_DONTWAIT);
    if (size > 0) {
      trouble_ = std::strerror(error);
    } else if (size == 0 || errno == ECONNRESET) {
      trouble_ =
          "the process that starts it was killed, so restart the exporter";
    }
  }
  return trouble_;
}

}  // namespace command_exporter
