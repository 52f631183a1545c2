#include "core/jq/jq_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

#include "core/base/close_files.hpp"
#include "core/base/unique_fd.hpp"
#include "core/jq/jq_nursery.hpp"
#include "core/jq/jq_patience.hpp"
#include "core/jq/jq_records.hpp"

namespace command_exporter {
namespace {

// Runs in the child. What belongs to the parent is closed: connections must
// not outlive it here.
[[noreturn]] void BecomeNursery(const UniqueFd& socket, pid_t parent) {
  // It comes with the end of the thread that forked: of the main one, or of one
  // of a pool, which ends not long before.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) {
    ::_exit(0);
  }
  if (!CloseAllBut(socket.get())) {
    ::_exit(1);
  }
  RunJqNursery(socket);
}

void SetSendTimeout(int socket) {
  const timeval most{kJqPatience.count(), 0};
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
}

// Reads what is there. False: it has ended.
bool Drain(int fd, std::string& bytes) {
  std::array<char, 65536> buffer;
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  if (size > 0) {
    bytes.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN));
}

// The reading ends of an evaluation's pipes.
struct JqPipes {
  UniqueFd records{};
  UniqueFd messages{};

  // The other ends go to `files`.
  bool Open(JqRequestFiles& files) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
      return false;
    }
    records.Reset(pipe[0]);
    files.records.Reset(pipe[1]);
    if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      return false;
    }
    messages.Reset(pipe[0]);
    files.messages.Reset(pipe[1]);
    return true;
  }
};

bool DrainMessages(int fd, std::string& messages) {
  std::string bytes;
  const bool more = Drain(fd, bytes);
  AppendJqMessages(messages, bytes);
  return more;
}

// Until the last record, or both pipes have ended, or nobody waits any more, or
// it is too late.
void ReadAnswer(JqPipes& pipes, JqPatience& patience, const EventFd* stop,
                JqRecordReader& reader, JqAnswer& answer) {
  std::string bytes;
  std::string messages;
  const int stopping = stop == nullptr ? -1 : stop->fd();
  while (pipes.records || pipes.messages) {
    std::array<pollfd, 3> waits = {{{pipes.records.get(), POLLIN, 0},
                                    {pipes.messages.get(), POLLIN, 0},
                                    {stopping, POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), MillisecondsUntil(patience.Until()));
    answer.stopped = waits[2].revents != 0;
    answer.late = !patience.Go(waits[0].revents != 0 || waits[1].revents != 0);
    if (answer.late || answer.stopped) {
      return;
    }
    if (waits[0].revents != 0) {
      bytes.clear();
      if (!Drain(pipes.records.get(), bytes)) {
        pipes.records.Reset();
      }
      if (!reader.Take(bytes)) {
        return;
      }
    }
    if (waits[1].revents != 0 &&
        !DrainMessages(pipes.messages.get(), messages)) {
      pipes.messages.Reset();
    }
  }
  answer.messages = ReadJqMessages(std::move(messages));
}

// The other end is gone or hangs, so that another may do better.
bool IsLost(int error) {
  return error == EPIPE || error == ECONNRESET || error == ENOTCONN ||
         error == EAGAIN;
}

}  // namespace

// The process, which ends with this.
class JqProcess::Nursery {
 public:
  // Null: the system gives no process.
  static std::shared_ptr<Nursery> Fork() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) !=
        0) {
      return nullptr;
    }
    auto nursery = std::make_shared<Nursery>();
    nursery->socket_.Reset(ends[0]);
    const UniqueFd theirs(ends[1]);
    const pid_t parent = ::getpid();
    ::tzset();  // an evaluation can open no file
    nursery->pid_ = ::fork();
    if (nursery->pid_ == 0) {
      BecomeNursery(theirs, parent);
    }
    if (nursery->pid_ < 0) {
      return nullptr;
    }
    nursery->process_.Reset(
        static_cast<int>(::syscall(SYS_pidfd_open, nursery->pid_, 0U)));
    SetSendTimeout(ends[0]);
    return nursery;
  }

  Nursery() = default;

  ~Nursery() { Kill(); }

  Nursery(const Nursery&) = delete;
  Nursery& operator=(const Nursery&) = delete;

  int socket() const { return socket_.get(); }

  JqSignOfLife& sign() { return sign_; }

  // Waits until it is gone. May be called twice.
  void Kill() {
    if (pid_ <= 0 || killed_.exchange(true)) {
      return;
    }
    // Not by its number, where it can be helped: it may be another's by now
    // where the kernel reaps children.
    if (process_) {
      ::syscall(SYS_pidfd_send_signal, process_.get(), SIGKILL, nullptr, 0U);
    } else {
      ::kill(pid_, SIGKILL);
    }
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  UniqueFd socket_;
  UniqueFd process_;  // a pidfd: a pid may be another's by now
  pid_t pid_ = 0;
  std::atomic<bool> killed_ = false;
  JqSignOfLife sign_;
};

JqProcess::~JqProcess() {
  Stop();
}

bool JqProcess::Start() {
  return Get() != nullptr;
}

void JqProcess::Stop() {
  std::shared_ptr<Nursery> last;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    last = std::move(nursery_);
  }
  if (last) {
    last->Kill();
  }
}

std::shared_ptr<JqProcess::Nursery> JqProcess::Get() {
  const std::lock_guard lock(mutex_);
  if (!nursery_ && !stopped_) {
    nursery_ = Nursery::Fork();
  }
  return nursery_;
}

void JqProcess::Discard(const std::shared_ptr<Nursery>& nursery) {
  {
    const std::lock_guard lock(mutex_);
    if (nursery_ == nursery) {
      nursery_.reset();
    }
  }
  nursery->Kill();
}

std::shared_ptr<JqProcess::Nursery> JqProcess::Send(
    const JqRequest& request, const JqRequestFiles& files) {
  // The second time it is new.
  for (int attempt = 0; attempt < 2; ++attempt) {
    std::shared_ptr<Nursery> nursery = Get();
    if (!nursery) {
      return nullptr;
    }
    if (SendJqRequest(nursery->socket(), request, files)) {
      return nursery;
    }
    if (!IsLost(errno)) {
      return nullptr;
    }
    Discard(nursery);
    errno = EPIPE;
  }
  return nullptr;
}

void JqProcess::Tell(JqRequest::Kind kind, std::string_view expression) {
  JqRequestFiles files;
  files.text = MakeJqText(expression, {}, {});
  if (files.text) {
    Send({.kind = kind}, files);
  }
}

JqAnswer JqProcess::Ask(const JqRequest& request, const JqQuestion& question,
                        JqSink& sink) {
  JqAnswer answer;
  if (question.stop != nullptr && question.stop->IsRaised()) {
    answer.stopped = true;
    return answer;
  }
  JqRequestFiles files;
  JqPipes pipes;
  files.text = MakeJqText(question.expression, question.names, question.lines);
  const std::shared_ptr<Nursery> nursery =
      files.text && pipes.Open(files) ? Send(request, files) : nullptr;
  if (!nursery) {
    answer.trouble = std::strerror(errno);
    return answer;
  }
  files.records.Reset();
  files.messages.Reset();
  JqRecordReader reader(sink, request.most_bytes, request.most_items);
  JqPatience patience(files.text.get(),
                      std::chrono::microseconds(request.microseconds),
                      nursery->sign());
  ReadAnswer(pipes, patience, question.stop, reader, answer);
  answer.ended = reader.ended();
  answer.failure = reader.failure();
  answer.begin = BeginOfText(files.text.get());
  // An evaluation that hangs ends with its pipes; others go on.
  if (answer.late && !patience.taken()) {
    Discard(nursery);
  }
  return answer;
}

}  // namespace command_exporter
