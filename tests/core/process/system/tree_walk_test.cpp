// A walk through the processes below this one.
#include "core/process/system/tree_walk.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <set>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/deadline.hpp"
#include "core/process/system/child_list.hpp"
#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using Verdict = TreeWalk::Verdict;

// Unless the test is killed, of course.
[[noreturn]] void PauseForEver() {
  constexpr unsigned kLongerThanATest = 170;
  ::alarm(kLongerThanATest);
  for (;;) {
    ::pause();
  }
}

// A chain of processes, each in a session of its own and the parent of the
// next. It ends with the first test that forgets it.
class Chain {
 public:
  explicit Chain(std::size_t length) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
      for (std::size_t i = 1; i < length; ++i) {
        ::setsid();
        if (::fork() != 0) {
          PauseForEver();
        }
      }
      PauseForEver();
    }
    pids_.push_back(pid);
    const Deadline enough = Deadline::After(60s);
    while (pids_.size() < length && !enough.Passed()) {
      std::vector<pid_t> children;
      ReadChildrenOf(pids_.back(), children);
      pids_.insert(pids_.end(), children.begin(), children.end());
    }
    REQUIRE(pids_.size() == length);
  }

  ~Chain() {
    for (const pid_t pid : pids_) {
      ::kill(pid, SIGKILL);
    }
    // The deeper ones come to us when those above them die.
    while (::waitpid(-1, nullptr, 0) > 0) {
    }
  }

  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  pid_t operator[](std::size_t i) const { return pids_[i]; }

  bool IsAlive(std::size_t i) const {
    const auto facts = FactsOf(pids_[i]);
    return facts && facts->state != 'Z';
  }

  // Not by their parents' hand: SIGKILL takes a moment.
  bool IsGone(std::size_t i) const {
    const Deadline enough = Deadline::After(60s);
    while (IsAlive(i) && !enough.Passed()) {
      std::this_thread::sleep_for(1ms);
    }
    return !IsAlive(i);
  }

 private:
  std::vector<pid_t> pids_{};
};

TEST_CASE("a walk meets parents first and asks about each once") {
  const Chain chain(4);
  std::vector<pid_t> met;
  TreeWalk walk;
  walk.Begin({chain[0]});
  CHECK(walk.Continue(Deadline(), [&](const TreeWalk::Process& process) {
    CHECK(process.is_child == (process.pid == chain[0]));
    met.push_back(process.pid);
    return Verdict::kSpare;
  }));
  CHECK(met == std::vector{chain[0], chain[1], chain[2], chain[3]});
  CHECK_FALSE(walk.FoundMore());
  CHECK_FALSE(walk.IsGoingOn());
}

TEST_CASE("a walk in slices goes on where it ended") {
  const Chain chain(4);
  TreeWalk walk;
  walk.Begin({chain[0]});
  int slices = 0;
  std::set<pid_t> met;
  do {
    ++slices;
    REQUIRE(slices < 10);
  } while (!walk.Continue(Deadline::After(0s), [&](const auto& process) {
    met.insert(process.pid);
    return Verdict::kSpare;
  }));
  CHECK(met.size() == 4);
  CHECK(slices >= 4);
}

// As a caller does: a child that is dead before its children are looked at has
// made them ours.
void WalkOn(TreeWalk& walk, const TreeWalk::Judge& judge) {
  for (int i = 0; i < 100 && walk.FoundMore(); ++i) {
    std::vector<pid_t> children;
    ChildList().Read(children);
    walk.Begin(children);
    CHECK(walk.Continue(Deadline(), judge));
  }
}

TEST_CASE("what a verdict says is done, to one or to all below") {
  const Chain chain(3);
  TreeWalk walk;
  const auto give = [&](Verdict first, Verdict others) {
    walk.Begin({chain[0]});
    CHECK(walk.Continue(Deadline(), [&](const TreeWalk::Process& process) {
      return process.is_child ? first : others;
    }));
  };
  SECTION("leave") {
    give(Verdict::kLeave, Verdict::kKill);
    CHECK(chain.IsAlive(0));
    CHECK(chain.IsAlive(2));
  }
  SECTION("spare the first, kill what is below it") {
    give(Verdict::kSpare, Verdict::kKill);
    CHECK(chain.IsGone(1));
    CHECK(walk.FoundMore());
    WalkOn(walk, [&](const TreeWalk::Process& process) {
      return process.pid == chain[0] ? Verdict::kSpare : Verdict::kKill;
    });
    CHECK(chain.IsGone(2));
    CHECK(chain.IsAlive(0));
  }
  SECTION("kill the first and spare the others") {
    give(Verdict::kKill, Verdict::kSpare);
    CHECK(chain.IsGone(0));
    CHECK(chain.IsAlive(1));
    CHECK(chain.IsAlive(2));
  }
  SECTION("kill the tree, without a question about the others") {
    give(Verdict::kKillTree, Verdict::kLeave);
    CHECK(chain.IsGone(0));
    WalkOn(walk, [](const TreeWalk::Process&) { return Verdict::kKillTree; });
    CHECK(chain.IsGone(1));
    CHECK(chain.IsGone(2));
  }
}

// SIGSTOP keeps a process from nothing that SIGKILL does; a parent in state D
// cannot be had without privilege, one that is not killed stands in for it.
TEST_CASE("walks find nothing more when all that can die has been killed") {
  const Chain chain(3);
  TreeWalk walk;
  const TreeWalk::Judge judge = [&](const TreeWalk::Process& process) {
    return process.pid == chain[0] ? Verdict::kSpare : Verdict::kKill;
  };
  walk.Begin({chain[0]});
  CHECK(walk.Continue(Deadline(), judge));
  CHECK(walk.FoundMore());
  CHECK(chain.IsGone(1));
  WalkOn(walk, judge);
  CHECK(chain.IsGone(2));
  // A zombie that its parent does not bury is nothing new.
  bool found_more = true;
  for (int i = 0; i < 3 && found_more; ++i) {
    walk.Begin({chain[0]});
    CHECK(walk.Continue(Deadline(), judge));
    found_more = walk.FoundMore();
  }
  CHECK_FALSE(found_more);
}

TEST_CASE("a pid in the list that is no child of ours is not touched") {
  const Chain chain(2);
  TreeWalk walk;
  // The second is a child of the first, and process 1 is nobody's.
  walk.Begin({chain[1], 1, ::getppid()});
  CHECK(walk.Continue(Deadline(), [](const TreeWalk::Process&) {
    FAIL_CHECK("asked about a stranger");
    return Verdict::kKillTree;
  }));
  CHECK(chain.IsAlive(1));
}

TEST_CASE("children of a second thread are found") {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  const pid_t parent = ::fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    std::thread([] {
      if (::fork() == 0) {
        PauseForEver();
      }
      PauseForEver();
    }).join();
  }
  std::vector<pid_t> children;
  const Deadline enough = Deadline::After(60s);
  while (children.empty() && !enough.Passed()) {
    ReadChildrenOf(parent, children);
  }
  REQUIRE(children.size() == 1);
  // A thread that ends while the walk reads gives its children to another one,
  // or to us: the next walk finds them.
  TreeWalk walk;
  ChildList list;
  bool found_more = true;
  for (int i = 0; i < 100 && found_more; ++i) {
    std::vector<pid_t> ours;
    CHECK(list.Read(ours));
    walk.Begin(ours);
    CHECK(walk.Continue(Deadline(), [](const TreeWalk::Process&) {
      return Verdict::kKillTree;
    }));
    found_more = walk.FoundMore();
  }
  CHECK(::waitpid(parent, nullptr, 0) == parent);
  while (::waitpid(-1, nullptr, 0) > 0) {
  }
  CHECK(::kill(children[0], 0) != 0);
}

TEST_CASE("a chain deeper than a walk goes is gone after a few walks") {
  const Chain chain(230);
  TreeWalk walk;
  // The deepest become our children only when those above them have died.
  const Deadline enough = Deadline::After(60s);
  while (chain.IsAlive(229) && !enough.Passed()) {
    ChildList list;
    std::vector<pid_t> children;
    list.Read(children);
    walk.Begin(children);
    CHECK(walk.Continue(Deadline(), [](const TreeWalk::Process&) {
      return Verdict::kKillTree;
    }));
  }
  CHECK(chain.IsGone(229));
}

}  // namespace
}  // namespace command_exporter
