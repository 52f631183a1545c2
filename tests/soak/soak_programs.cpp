#include "tests/soak/soak_programs.hpp"

#include <unistd.h>

#include <csignal>
#include <utility>

#include "tests/core/process/launcher/command_specs.hpp"
#include "tests/core/process/launcher/hostile_programs.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kAmple = 20s;
constexpr Duration kShort = 150ms;

SoakProgram Right(CommandSpec spec, std::string out) {
  SoakProgram program{std::move(spec), kAmple, {Ending::kExited}};
  program.code = 0;
  program.out = std::move(out);
  return program;
}

SoakProgram Fails(const std::string& script, Ending ending, int code) {
  SoakProgram program{Shell(script), kAmple, {ending}};
  program.code = code;
  return program;
}

SoakProgram TimesOut(CommandSpec spec) {
  return {std::move(spec), kShort, {Ending::kTimedOut}};
}

SoakProgram Floods(const std::string& script) {
  return {Shell(script), kAmple, {Ending::kOutputLimit}};
}

void AddHealthy(std::vector<SoakProgram>& all) {
  all.push_back(Right(Program({"/bin/true"}), ""));
  all.push_back(Right(Shell("echo right"), "right\n"));
  all.push_back(Right(Shell("sleep .1; echo slept"), "slept\n"));
  all.push_back(Right(Program({"/usr/bin/head", "-c", "200000", "/dev/zero"}),
                      std::string(200'000, '\0')));
  all.push_back(Fails("exit 3", Ending::kExited, 3));
  all.push_back(Fails("kill -SEGV $$", Ending::kSignaled, SIGSEGV));
  all.push_back(Fails("kill -9 $$", Ending::kSignaled, SIGKILL));
  // No other run's end kills its helper in a session of its own.
  all.push_back(Right(Shell("setsid sleep .3 & wait $!; echo $?"), "0\n"));
  // Nor an orphan without a mark, while the run that waits for it lives.
  all.push_back(Right(Shell("(env -i /usr/bin/setsid /bin/sh -c"
                            " '/bin/sleep .3; echo late' &) | cat"),
                      "late\n"));
  all.push_back({Program({"/nonexistent/x"}), kAmple, {Ending::kNotStarted}});
}

void AddSlow(std::vector<SoakProgram>& all) {
  all.push_back(TimesOut(Program({"/bin/sleep", "31"})));
  all.push_back(TimesOut(Shell("sleep 31; true")));
  all.push_back(TimesOut(Shell("trap '' TERM; sleep 31; sleep 31")));
  all.push_back(TimesOut(Shell("trap 'exit 0' TERM; sleep 31 & wait")));
  all.push_back(TimesOut(Shell("kill -STOP $$; sleep 31")));
  all.push_back(TimesOut(Shell("exec >&- 2>&-; sleep 31")));
  all.push_back(
      TimesOut(Shell("trap '(setsid sleep 31 &)' TERM;"
                     "sleep 31 & wait; sleep 31")));
  all.push_back(
      TimesOut(Shell("yes >/dev/null & setsid yes >/dev/null & wait")));
  CommandSpec graceless = Shell("trap '' TERM; sleep 31; sleep 31");
  graceless.grace = 0ms;
  all.push_back(TimesOut(graceless));
}

void AddDaemons(std::vector<SoakProgram>& all) {
  all.push_back(Right(Shell("sleep 31 & echo hi"), "hi\n"));
  all.push_back(
      Right(Shell("(setsid sleep 31 >/dev/null 2>&1 </dev/null &); echo hi"),
            "hi\n"));
  SoakProgram nameless =
      Right(Shell("(env -i /usr/bin/setsid /bin/sleep 31"
                  " >/dev/null 2>&1 </dev/null &); sleep .05; echo hi"),
            "hi\n");
  nameless.marked = false;
  all.push_back(nameless);
  all.push_back(
      Right(Shell("i=0; while [ $i -lt 20 ]; do i=$((i+1));"
                  "(setsid sleep 31 >/dev/null 2>&1 &); done; echo hi"),
            "hi\n"));
  all.push_back(TimesOut(
      Shell("(setsid sh -c '(setsid sleep 31 &); sleep 32' >/dev/null 2>&1 &);"
            "sleep 31")));
}

void AddHostile(std::vector<SoakProgram>& all) {
  all.push_back(Floods("yes"));
  all.push_back(Floods("trap '' TERM PIPE; yes >&2"));
  for (const char* const name : {"tree", "bush", "nest", "storm"}) {
    all.push_back(TimesOut(Hostile(name)));
  }
  // Those of tree_programs.hpp that need no mount and multiply by little.
  for (const char* const name :
       {"its child traces it", "a chain of tracers", "it waits in vfork",
        "a vfork holder below a tracer"}) {
    all.push_back(TimesOut(Hostile(name)));
  }
  // The hopper's first process ends at once.
  all.push_back({Hostile("hop"), kShort, {Ending::kExited, Ending::kTimedOut}});
}

}  // namespace

std::string SoakMark(std::size_t index) {
  return "SOAK_PROGRAM=" + std::to_string(::getpid()) + "." +
         std::to_string(index) + ".";
}

std::vector<SoakProgram> SoakPrograms() {
  std::vector<SoakProgram> all;
  // The healthy ones three times, because they must not be affected.
  for (int i = 0; i < 3; ++i) {
    AddHealthy(all);
  }
  AddSlow(all);
  AddDaemons(all);
  AddHostile(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].spec.name = "soak" + std::to_string(i);
    all[i].spec.environment.push_back(SoakMark(i));
  }
  return all;
}

}  // namespace command_exporter
