// JqKeeper: the small process that forks nurseries (jq_nursery.hpp), as the
// process sees it that uses them.
//
// A fork has all the memory of the process that called it. The web side comes
// to hold keys and the output of every command, and a nursery shares its memory
// with a library of known defects. So the keeper is forked first, before there
// is anything to hide, and a nursery that takes another's place is a fork of
// the keeper. Nor are there threads in it, whose locks a fork would find taken.
//
// A request is one datagram. With a socket it is for a new nursery, which
// serves that socket, without one for none; the nursery before is killed and
// reaped first. The keeper speaks only when it could not fork: it sends errno,
// and then closes the socket that it got. So nobody waits for it.
//
// It has one thread, and nothing open but its socket. It ends, and its nursery
// with it, when the other end of the socket is closed or the process that
// forked it dies. There is no second one: the process that could fork it has
// secrets by then.
//
// Thread safety: none; one thread at a time. Fork is called in a process of one
// thread, or by one that lives as long as this: the kernel ends the keeper with
// the thread that forked it (PR_SET_PDEATHSIG).
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_KEEPER_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_KEEPER_HPP_

#include <sys/types.h>

#include <string>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

class JqKeeper {
 public:
  JqKeeper() = default;
  // As Stop.
  ~JqKeeper();
  JqKeeper(const JqKeeper&) = delete;
  JqKeeper& operator=(const JqKeeper&) = delete;

  // The first time; afterwards it does nothing. False: the system gave no
  // process; errno and Trouble say why.
  bool Fork();
  // Its nursery and their evaluations go with it, and are gone afterwards.
  void Stop();

  // Asks for a nursery that serves `socket`, in the place of the one before.
  // False: the request could not be sent.
  bool Replace(const UniqueFd& socket);
  // Asks for the end of the nursery.
  void KillNursery();

  // Why there is no nursery, as far as the keeper knows: empty, the system's
  // words about the last request, or that the keeper is gone.
  const std::string& Trouble();

 private:
  bool Send(const UniqueFd* socket);

  UniqueFd socket_;
  UniqueFd process_;  // a pidfd: a pid may be another's by now
  pid_t pid_ = 0;
  bool tried_ = false;
  std::string trouble_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_KEEPER_HPP_
