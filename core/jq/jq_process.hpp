// JqProcess: the process in which jq programs are evaluated, as others see it.
//
// libjq cannot be interrupted, ends its process when memory is short and where
// it finds itself wrong, and version 1.6 overflows its stack or leaves its
// memory with some programs and outputs. The output of a command must do none
// of that to the exporter. So no part of libjq runs here: the nursery
// (jq_nursery.hpp) compiles, and a child of it evaluates, once. Whatever
// becomes of the child is a reason of the run that asked.
//
// A keeper (jq_keeper.hpp), forked by Start or by the first use, forks the
// nursery when it is needed, and another one when it is found dead. A keeper
// that died leaves nobody who could: every evaluation fails from then on.
//
// Thread safety: may be used by many threads, which evaluate side by side. The
// one that forks the keeper lives as long as this; a process with secrets or
// threads calls Start before it has them.
// Invariants: when the process ends, so do keeper and nursery, and with them
// all evaluations.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_PROCESS_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_PROCESS_HPP_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/event_fd.hpp"
#include "core/base/reason.hpp"
#include "core/jq/jq_keeper.hpp"
#include "core/jq/jq_messages.hpp"
#include "core/jq/jq_request.hpp"
#include "core/jq/jq_sink.hpp"

namespace command_exporter {

// How an evaluation, or a check, ended.
struct JqAnswer {
  bool ended{};  // by itself; then `failure` is its outcome
  std::optional<Failure> failure{};
  // Else:
  std::string trouble{};  // why no process could begin it
  bool stopped{};         // it was not waited for
  bool late{};            // it was not taken in time, or hangs
  JqMessages messages{};  // without a status: the nursery died
  std::uint32_t begin{};  // line of the text in hand; 0: none
};

// What is asked about: see jq_request.hpp.
struct JqQuestion {
  std::string_view expression{};
  std::span<const std::string> names{};
  std::string_view lines{};
  const EventFd* stop{};
};

class JqProcess {
 public:
  JqProcess() = default;
  // As Stop.
  ~JqProcess();
  JqProcess(const JqProcess&) = delete;
  JqProcess& operator=(const JqProcess&) = delete;

  // Forks the keeper. False: there is none, and will be none; errno says why.
  bool Start();
  // For good. Evaluations under way end, as if the nursery had died.
  void Stop();

  // What needs no answer.
  void Tell(JqRequest::Kind kind, std::string_view expression);
  // Waits for the answer.
  JqAnswer Ask(const JqRequest& request, const JqQuestion& question,
               JqSink& sink);

 private:
  struct Nursery;

  // Null: there is none.
  std::shared_ptr<Nursery> Get();
  // It does not do what it should: the next user gets another.
  void Discard(const std::shared_ptr<Nursery>& nursery);
  // Null: nobody took it; errno says why.
  std::shared_ptr<Nursery> Send(const JqRequest& request,
                                const JqRequestFiles& files);

  // Why the nursery could not be used; empty: nobody knows.
  std::string Trouble();

  std::mutex mutex_;
  JqKeeper keeper_;                   // guarded by mutex_
  std::shared_ptr<Nursery> nursery_;  // guarded by mutex_
  bool stopped_ = false;              // guarded by mutex_
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_PROCESS_HPP_
