#include "core/jq/jq_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "core/base/unique_fd.hpp"
#include "core/jq/jq_patience.hpp"
#include "core/jq/jq_record_reader.hpp"

namespace command_exporter {
namespace {

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

// Our end of its socket; it ends when nobody has that any more.
struct JqProcess::Nursery {
  UniqueFd socket{};
  JqSignOfLife sign{};
};

JqProcess::~JqProcess() {
  Stop();
}

bool JqProcess::Start() {
  const std::lock_guard lock(mutex_);
  return !stopped_ && keeper_.Fork();
}

void JqProcess::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  nursery_.reset();
  keeper_.Stop();
}

std::shared_ptr<JqProcess::Nursery> JqProcess::Get() {
  const std::lock_guard lock(mutex_);
  std::array<int, 2> ends{};
  if (!nursery_ && !stopped_ && keeper_.Fork() &&
      ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) ==
          0) {
    auto nursery = std::make_shared<Nursery>();
    nursery->socket.Reset(ends[0]);
    const UniqueFd theirs(ends[1]);
    SetSendTimeout(ends[0]);
    if (keeper_.Replace(theirs)) {
      nursery_ = std::move(nursery);
    }
  }
  return nursery_;
}

void JqProcess::Discard(const std::shared_ptr<Nursery>& nursery) {
  const std::lock_guard lock(mutex_);
  if (nursery_ == nursery) {
    nursery_.reset();
    keeper_.KillNursery();
  }
}

std::string JqProcess::Trouble() {
  const std::lock_guard lock(mutex_);
  return keeper_.Trouble();
}

std::shared_ptr<JqProcess::Nursery> JqProcess::Send(
    const JqRequest& request, const JqRequestFiles& files) {
  // The second time it is new.
  for (int attempt = 0; attempt < 2; ++attempt) {
    std::shared_ptr<Nursery> nursery = Get();
    if (!nursery) {
      return nullptr;
    }
    if (SendJqRequest(nursery->socket.get(), request, files)) {
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
    if (std::string known = Trouble(); !known.empty()) {
      answer.trouble = std::move(known);
    }
    return answer;
  }
  files.records.Reset();
  files.messages.Reset();
  JqRecordReader reader(sink, request.most_bytes, request.most_items);
  JqPatience patience(files.text.get(),
                      std::chrono::microseconds(request.microseconds),
                      nursery->sign);
  ReadAnswer(pipes, patience, question.stop, reader, answer);
  answer.ended = reader.ended();
  answer.failure = reader.failure();
  answer.begin = BeginOfText(files.text.get());
  if (!answer.ended && !answer.messages.status) {
    answer.trouble = Trouble();  // the nursery may never have been there
  }
  // An evaluation that hangs ends with its pipes; others go on.
  if (answer.late && !patience.taken()) {
    Discard(nursery);
  }
  return answer;
}

}  // namespace command_exporter
