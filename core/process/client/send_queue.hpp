// SendQueue: the runs that wait in the web side until the launcher has room for
// them, and which of them is sent next.
//
// A scrape may request any number of runs at once; 50,000 were tried. If all of
// them were sent, the queues of the sockets would fill, and a peer that is only
// busy would look dead. The launcher looks at each waiting run many times, too.
// Therefore at most kWindow runs are sent and not yet started; the others wait
// here, where one costs memory and no time.
//
// Collectors take turns, as in the launcher's queue. Those of which nothing is
// with the launcher come first, and kReserved places beyond the window are
// theirs: a matrix whose runs cannot start keeps no other collector waiting.
// The runs of one collector are sent in the order in which they were added.
//
// Thread safety: none; the client's thread owns it. Times are arguments, so
// tests need no clock.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_CLIENT_SEND_QUEUE_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_CLIENT_SEND_QUEUE_HPP_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/process/command/command_runner.hpp"

namespace command_exporter {

class SendQueue {
 public:
  // More than may run at once by default, since a run whose predecessor is
  // being killed has a place in the window, too.
  static constexpr std::size_t kWindow = 512;
  static constexpr std::size_t kReserved = 512;

  // `start_by`: the run is late after it.
  void Add(RunId run, std::uint32_t collector, Deadline start_by);
  // A run that does not wait is ignored.
  void Extend(RunId run, Deadline start_by);
  // The run ends here. False: it does not wait.
  bool Remove(RunId run);

  // The next run to be sent; none, when nothing waits or the window is full.
  std::optional<RunId> Take();
  // A run was sent without waiting here.
  void Sent(std::uint32_t collector);
  // A run that was sent has started, or ended without a start.
  void Left(std::uint32_t collector);
  // The launcher is lost, and all that was sent with it.
  void ForgetSent();

  // Takes out the runs whose start_by has passed.
  std::vector<RunId> TakeLate(Clock::time_point now);
  // The earliest start_by; never, when nothing waits.
  Deadline NextStartBy() const;

  std::size_t waiting() const { return start_by_.size(); }

 private:
  // A collector with runs that wait, or that were sent and have not started.
  struct Lane {
    std::deque<RunId> runs{};  // some may have been removed meanwhile
    std::size_t sent{};
    // Its place in `list`, which is idle_ or busy_; null without runs.
    std::list<std::uint32_t>* list{};
    std::list<std::uint32_t>::iterator turn{};
  };

  // Puts the lane to the end of the list where it belongs, or forgets it.
  void Place(std::uint32_t collector, Lane& lane);
  // The next run of the lane that still waits. Takes away the lane's turn when
  // there is none.
  std::optional<RunId> TakeFrom(std::uint32_t collector);

  std::unordered_map<std::uint32_t, Lane> lanes_;
  // Collectors with runs that wait, the next one first: those of which nothing
  // was sent, and the others.
  std::list<std::uint32_t> idle_;
  std::list<std::uint32_t> busy_;
  std::size_t sent_{};
  std::unordered_map<RunId, Deadline> start_by_;  // of each that waits
  std::set<std::pair<Deadline, RunId>> by_time_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_SEND_QUEUE_HPP_
