// SendQueue: which run is sent next, and how many are.
#include "core/process/client/send_queue.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

using Ids = std::vector<RunId>;

constexpr std::size_t kBoth = SendQueue::kWindow + SendQueue::kReserved;

Deadline At(int nanoseconds) {
  return Deadline::FromNanoseconds(nanoseconds);
}

Ids TakeAll(SendQueue& queue) {
  Ids ids;
  while (const auto id = queue.Take()) {
    ids.push_back(*id);
  }
  return ids;
}

TEST_CASE("the send queue lets collectors take turns") {
  SendQueue queue;
  for (const RunId id : Ids{11, 12, 13}) {
    queue.Add(id, 1, {});
  }
  queue.Add(21, 2, {});
  queue.Add(31, 3, {});
  queue.Add(32, 3, {});
  // Each of which nothing was sent first, then in turn.
  CHECK(TakeAll(queue) == Ids{11, 21, 31, 12, 32, 13});
  CHECK(queue.waiting() == 0);
}

TEST_CASE("a full window takes a run for each that was started") {
  SendQueue queue;
  for (RunId id = 1; id <= 5000; ++id) {
    queue.Add(id, 1, {});
  }
  CHECK(TakeAll(queue).size() == SendQueue::kWindow);
  queue.Left(1);
  queue.Left(1);
  CHECK(TakeAll(queue) == Ids{SendQueue::kWindow + 1, SendQueue::kWindow + 2});
  queue.ForgetSent();
  CHECK(TakeAll(queue).size() == SendQueue::kWindow);
}

TEST_CASE("a full window keeps places for collectors with none in it") {
  SendQueue queue;
  for (RunId id = 1; id <= 5000; ++id) {
    queue.Add(id, static_cast<std::uint32_t>(id % 5), {});
  }
  CHECK(TakeAll(queue).size() == SendQueue::kWindow);
  queue.Add(6001, 77, {});
  queue.Add(6002, 77, {});
  CHECK(TakeAll(queue) == Ids{6001});
  queue.Left(77);
  CHECK(TakeAll(queue) == Ids{6002});
  // Those places are bounded, too.
  for (RunId id = 7000; id < 9000; ++id) {
    queue.Add(id, static_cast<std::uint32_t>(id), {});
  }
  CHECK(TakeAll(queue).size() == kBoth - SendQueue::kWindow - 1);
}

TEST_CASE("runs that were sent ahead count") {
  SendQueue queue;
  queue.Sent(1);
  queue.Left(1);
  queue.Left(1);  // unknown by now
  for (RunId id = 1; id <= 5000; ++id) {
    queue.Add(id, 1, {});
  }
  queue.Sent(1);
  CHECK(TakeAll(queue).size() == SendQueue::kWindow - 1);
}

TEST_CASE("what was removed is not sent, and late runs come in order") {
  SendQueue queue;
  queue.Add(1, 1, At(30));
  queue.Add(2, 1, At(10));
  queue.Add(3, 1, At(20));
  queue.Add(4, 1, {});
  CHECK(queue.NextStartBy() == At(10));
  CHECK(queue.Remove(3));
  CHECK_FALSE(queue.Remove(3));
  queue.Extend(2, At(40));
  queue.Extend(3, At(50));
  CHECK(queue.NextStartBy() == At(30));
  CHECK(queue.TakeLate(At(29).at()).empty());
  CHECK(queue.TakeLate(At(40).at()) == Ids{1, 2});
  CHECK(TakeAll(queue) == Ids{4});
  CHECK(queue.NextStartBy().IsNever());
}

}  // namespace
}  // namespace command_exporter
