#include "core/jq/jq_nursery.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/jq/jq_child.hpp"
#include "core/jq/jq_messages.hpp"
#include "core/jq/jq_request.hpp"
#include "core/jq/jq_state.hpp"

namespace command_exporter {
namespace {

struct Program {
  JqState state{};
  bool compiled{};
  int users{};  // 0 when it was compiled for who did not announce himself
};

struct Evaluation {
  pid_t process{};
  UniqueFd messages{};  // who asked has the other end
  bool killed{};
};

class Nursery {
 public:
  Nursery(int socket, UniqueFd signals)
      : socket_(socket),
        signals_(std::move(signals)) {}

  // Returns when nobody can ask any more.
  void Run() {
    while (true) {
      const std::vector<pollfd> waits = Wait();
      if (waits[1].revents != 0) {
        signalfd_siginfo info{};
        (void)!::read(signals_.get(), &info, sizeof info);
        Reap();
      } else if (waits[0].revents != 0) {
        if (!Serve()) {
          return;
        }
      } else if (!KillAbandoned(waits)) {
        CompileNext();
      }
    }
  }

 private:
  // Compiling what was announced has time until nothing else is to be done.
  std::vector<pollfd> Wait() {
    std::vector<pollfd> waits = {{socket_, POLLIN, 0},
                                 {signals_.get(), POLLIN, 0}};
    for (const Evaluation& evaluation : evaluations_) {
      waits.push_back(
          {evaluation.killed ? -1 : evaluation.messages.get(), 0, 0});
    }
    if (::poll(waits.data(), waits.size(), announced_.empty() ? -1 : 0) < 0) {
      for (pollfd& wait : waits) {
        wait.revents = 0;
      }
    }
    return waits;
  }

  bool Serve() {
    JqRequest request;
    JqRequestFiles files;
    if (!ReceiveJqRequest(socket_, request, files)) {
      return false;
    }
    const JqMapping text(files.text.get());
    if (!text.ok()) {
      return true;  // who asked sees the pipes close
    }
    const std::string expression(text.expression());
    switch (request.kind) {
      case JqRequest::Kind::kPrepare:
        ++programs_[expression].users;
        announced_.push_back(expression);
        break;
      case JqRequest::Kind::kForget:
        Forget(expression);
        break;
      case JqRequest::Kind::kEvaluate:
        Fork(request, files, text, &Compiled(expression));
        break;
      case JqRequest::Kind::kCheck:
        Fork(request, files, text, nullptr);
        break;
    }
    return true;
  }

  void Fork(const JqRequest& request, JqRequestFiles& files,
            const JqMapping& text, const JqState* program) {
    const pid_t self = ::getpid();
    const pid_t child = ::fork();
    if (child == 0) {
      RunJqChild(request, files, text, program, self);
    }
    if (child > 0) {
      evaluations_.push_back({child, std::move(files.messages)});
    } else {
      WriteJqMessage(files.messages.get(),
                     std::string("no process: ") + std::strerror(errno));
    }
  }

  const JqState& Compiled(const std::string& expression) {
    Program& program = programs_[expression];
    if (!std::exchange(program.compiled, true)) {
      program.state.Compile(expression);
    }
    return program.state;
  }

  void CompileNext() {
    if (!announced_.empty()) {
      const std::string expression = std::move(announced_.front());
      announced_.pop_front();
      if (programs_.count(expression) > 0) {
        Compiled(expression);
      }
    }
  }

  void Forget(const std::string& expression) {
    const auto found = programs_.find(expression);
    if (found != programs_.end() && --found->second.users <= 0) {
      programs_.erase(found);
    }
  }

  // False: there was none. `waits`: as from Wait.
  bool KillAbandoned(const std::vector<pollfd>& waits) {
    bool any = false;
    for (std::size_t i = 0; i < evaluations_.size(); ++i) {
      if (waits[i + 2].revents != 0) {
        ::kill(evaluations_[i].process, SIGKILL);  // not reaped yet
        evaluations_[i].killed = true;
        any = true;
      }
    }
    return any;
  }

  void Reap() {
    int status = 0;
    for (pid_t child = 0; (child = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto found = std::find_if(
          evaluations_.begin(), evaluations_.end(),
          [child](const Evaluation& each) { return each.process == child; });
      if (found != evaluations_.end()) {
        WriteJqStatus(found->messages.get(), status);
        evaluations_.erase(found);
      }
    }
  }

  int socket_;
  UniqueFd signals_;
  std::unordered_map<std::string, Program> programs_;  // by expression
  std::deque<std::string> announced_;                  // to be compiled
  std::vector<Evaluation> evaluations_;
};

// A child ends as the kernel ends it, whatever its ancestors do about that.
void TakeNoFaults() {
  for (const int fault : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV}) {
    std::signal(fault, SIG_DFL);
  }
}

}  // namespace

UniqueFd WatchChildren() {
  sigset_t children;
  ::sigemptyset(&children);
  ::sigaddset(&children, SIGCHLD);
  std::signal(SIGCHLD, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  ::sigprocmask(SIG_SETMASK, &children, nullptr);
  return UniqueFd(::signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK));
}

void RunJqNursery(const UniqueFd& socket) {
  ::prctl(PR_SET_NAME, "ce-jq");
  // What a configuration means must not hang on who starts the exporter:
  // before each program libjq 1.6 compiles ~/.jq.
  ::setenv("HOME", "/dev/null", 1);
  TakeNoFaults();
  UniqueFd signals = WatchChildren();
  if (signals) {
    Nursery(socket.get(), std::move(signals)).Run();
  }
  ::_exit(0);
}

}  // namespace command_exporter
