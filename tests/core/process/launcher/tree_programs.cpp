#include "tests/core/process/launcher/tree_programs.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string_view>

#include "tests/core/process/launcher/tree_parts.hpp"

namespace command_exporter {
namespace {

using Body = std::function<void()>;

constexpr auto kNothing = TreeProgram::Needs::kNothing;
constexpr auto kMount = TreeProgram::Needs::kMount;
constexpr auto kRootAndMount = TreeProgram::Needs::kRootAndMount;

// `body`, until so many have settled.
void Await(const Body& body, int settled) {
  body();
  AwaitSettled(settled);
  SayReady();
}

// The same, and then it hangs.
void HangAbove(const Body& body, int settled) {
  Await(body, settled);
  Hang();
}

TreeProgram Hangs(const char* name, Body body, int settled) {
  return {name, kMount, "D",
          [body = std::move(body), settled] { HangAbove(body, settled); }};
}

// The same, with `body` in a child in a session of its own.
TreeProgram HangsAbove(const char* name, const Body& body, int settled) {
  return Hangs(
      name, [body] { InSession(body); }, settled);
}

void LetADaemonHang(const Body& below, int settled) {
  InSession([&] { HangAbove(below, settled); });
  AwaitSettled(settled);
  ::usleep(100'000);
  ::_exit(0);
}

void BeTracedByOneThatHangs() {
  const pid_t leader = ::getpid();
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  InSession([leader] {
    Trace(leader);
    HangAbove([] { Chain(1); }, 2);
  });
}

void HangOnAllLevels() {
  HangAbove(
      [] {
        InSession([] {
          InSession([] {
            Chain(1);
            Settle();
            Hang();
          });
          Settle();
          Hang();
        });
      },
      3);
}

std::vector<TreeProgram> WithoutMount() {
  return {
      {"its child traces it", kNothing, "",
       [] { Await([] { TraceUpwards(1); }, 1); }},
      {"a chain of tracers", kNothing, "",
       [] { Await([] { TraceUpwards(5); }, 5); }},
      {"it waits in vfork", kNothing, "", [] { HoldByVfork(SayReady); }},
      {"a vfork holder below a tracer", kNothing, "",
       [] {
         Await(
             [] {
               TraceUpwards(1);
               InSession([] { HoldByVfork(Settle); });
             },
             2);
       }},
      {"a forker without end below what is traced", kNothing, "",
       [] {
         Await(
             [] {
               TraceUpwards(1);
               InSession(ForkOn);
             },
             20);
       }},
  };
}

std::vector<TreeProgram> WithMount() {
  return {
      Hangs(
          "it hangs, a child", [] { Chain(1); }, 1),
      HangsAbove(
          "it hangs, a stopped child",
          [] {
            Settle();
            ::raise(SIGSTOP);
          },
          1),
      Hangs(
          "it hangs, three levels", [] { Chain(3); }, 3),
      Hangs(
          "it hangs, eighty levels", [] { Chain(80); }, 80),
      Hangs(
          "it hangs, many branches", [] { Bush(4); }, 340),
      {"the third of five hangs", kMount, "D",
       [] {
         InSession([] { InSession([] { HangAbove([] { Chain(2); }, 2); }); });
       }},
      {"all levels but the last hang", kMount, "DDD", HangOnAllLevels},
      HangsAbove(
          "it hangs, a vfork holder", [] { HoldByVfork(Settle); }, 1),
      HangsAbove(
          "it hangs, a chain of tracers", [] { TraceUpwards(3); }, 3),
      {"its tracer hangs", kMount, "Dt", BeTracedByOneThatHangs},
      HangsAbove("it hangs, a pid namespace", EnterPidNamespace, 2),
      HangsAbove("it hangs, a forker without end", ForkOn, 20),
      HangsAbove(
          "it hangs, a subreaper with a hopper",
          [] {
            ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
            InSession(Hop);
          },
          20),
      Hangs(
          "it hangs and is a subreaper, a hopper",
          [] {
            ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
            InSession(Hop);
          },
          20),
      HangsAbove("it hangs, a subreaper with daemons", LeaveDaemons, 5),
      {"it hangs, a child of a second thread", kMount, "D",
       HangWithChildOfSecondThread},
      {"a second thread hangs, the first has ended", kMount, "Z",
       HangInSecondThread},
      HangsAbove(
          "it hangs, one without a tag", [] { SetTag(1000); }, 1),
      {"it hangs, one with another run's tag", kMount, "D",
       [] {
         const pid_t launcher = ::getppid();
         HangAbove([=] { InSession([=] { TakeOthersTag(launcher); }); }, 1);
       }},
      HangsAbove(
          "it hangs, a misleading name",
          [] {
            ::prctl(PR_SET_NAME, ") Z 1 1 (");
            Chain(1);
          },
          1),
      HangsAbove(
          "it hangs, none may look into its child",
          [] {
            ::prctl(PR_SET_DUMPABLE, 0);
            Chain(1);
          },
          1),
      {"a daemon hangs, its run has ended", kMount, "D",
       [] { LetADaemonHang([] { Chain(2); }, 2); }},
      {"it hangs on its own descendant", kRootAndMount, "", HangOnOwnServer},
  };
}

void PlayPart() {
  const char* const name = std::getenv("HOSTILE");
  if (name == nullptr) {
    return;
  }
  std::vector<TreeProgram> programs = TreePrograms();
  programs.push_back(BorrowerProgram());
  for (const TreeProgram& program : programs) {
    if (std::string_view(name) == program.name) {
      BeginProgram();
      program.play();
      Rest();
    }
  }
}

// Before the tests' own main.
[[maybe_unused]] const bool kPlayed = (PlayPart(), true);

}  // namespace

const std::vector<TreeProgram>& TreePrograms() {
  static const std::vector<TreeProgram> programs = [] {
    std::vector<TreeProgram> all = WithoutMount();
    const std::vector<TreeProgram> others = WithMount();
    all.insert(all.end(), others.begin(), others.end());
    return all;
  }();
  return programs;
}

const TreeProgram& BorrowerProgram() {
  static const TreeProgram program{
      "a daemon hangs, one with another run's tag", kMount, "DS", [] {
        const pid_t launcher = ::getppid();
        LetADaemonHang([=] { InSession([=] { TakeOthersTag(launcher); }); }, 1);
      }};
  return program;
}

}  // namespace command_exporter
