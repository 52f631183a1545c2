#include "core/jq/jq_child.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

#include "core/base/close_files.hpp"
#include "core/base/reason.hpp"
#include "core/jq/jq_evaluator.hpp"
#include "core/jq/jq_record_writer.hpp"

namespace command_exporter {
namespace {

// The present size of this process's address space, in bytes. If it is unknown,
// a number that is certainly enough.
rlim_t AddressSpace() {
  unsigned long pages = 0;
  if (std::FILE* const file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%lu", &pages) != 1) {
      pages = 0;
    }
    std::fclose(file);
  }
  constexpr rlim_t kEnough = rlim_t{1} << 30U;
  return pages == 0 ? kEnough
                    : pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

void Limit(__rlimit_resource_t resource, rlim_t most) {
  const rlimit limit{most, most};
  ::setrlimit(resource, &limit);
}

// The timer's signal ends the process in any state.
void EndAfter(std::int64_t microseconds) {
  constexpr std::int64_t kSecond = 1'000'000;
  const itimerval timer{{0, 0},
                        {microseconds / kSecond, microseconds % kSecond}};
  std::signal(SIGALRM, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

// libjq crashes when memory is short. The handler then finds the error of the
// allocation in errno; for any other error, the signal has its default effect.
// (With an exhausted stack there is no room for the handler: the kernel ends
// the process.)
void OnFault(int signal) {
  if (errno == ENOMEM) {
    constexpr std::string_view kMessage = "cannot allocate memory\n";
    (void)!::write(STDERR_FILENO, kMessage.data(), kMessage.size());
    ::_exit(1);
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void TellLackOfMemory() {
  errno = 0;
  for (const int fault : {SIGABRT, SIGBUS, SIGSEGV}) {
    std::signal(fault, &OnFault);
  }
}

// Leaves only the output descriptors open; no other file can be opened.
void KeepFiles(const JqRequestFiles& files) {
  if (::dup2(files.records.get(), STDOUT_FILENO) < 0 ||
      ::dup2(files.messages.get(), STDERR_FILENO) < 0 ||
      !CloseAllBut(STDERR_FILENO)) {
    ::_exit(1);
  }
  ::close(STDIN_FILENO);
  Limit(RLIMIT_NOFILE, 0);
}

void Check(std::string_view expression, JqRecordWriter& records) {
  JqState program;
  program.Compile(std::string(expression));
  if (program.fault().empty()) {
    records.End();
  } else {
    records.Fail({Reason::kParse, program.fault()});
  }
}

}  // namespace

void RunJqChild(const JqRequest& request, const JqRequestFiles& files,
                const JqMapping& text, const JqState* program, pid_t nursery) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != nursery) {  // the nursery died before the prctl
    ::_exit(1);
  }
  // Read before KeepFiles, because no file can be opened after it.
  const rlim_t space = AddressSpace();
  KeepFiles(files);
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_NPROC, 0);  // it needs no process; root could start some
  Limit(RLIMIT_AS, space + request.most_bytes);
  EndAfter(request.microseconds);
  TellLackOfMemory();
  JqRecordWriter records(STDOUT_FILENO);
  if (program == nullptr) {
    Check(text.expression(), records);
  } else if (!program->fault().empty()) {
    records.Fail(
        {Reason::kParse,
         "jq does not take items and fields together: " + program->fault()});
  } else {
    JqEvaluator(*program, text, request.most_items, records).Run();
  }
  ::_exit(0);
}

}  // namespace command_exporter
