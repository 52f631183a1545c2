#include "core/process/launcher/run_watch.hpp"

#include <sys/epoll.h>

namespace command_exporter {

void RunWatch::Add(int fd, std::uint32_t events, const Run& run) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = event_base_ + run.serial;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void RunWatch::Remove(int fd) const {
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
}

void RunWatch::AddPipes(Run& run) const {
  run.watched = true;
  for (const UniqueFd* const fd : {&run.out, &run.err}) {
    Add(fd->get(), EPOLLONESHOT, run);  // a hang-up is always reported
  }
}

void RunWatch::ClosePipes(Run& run) const {
  for (UniqueFd* const fd : {&run.out, &run.err}) {
    if (run.watched && *fd) {
      Remove(fd->get());
    }
    fd->Reset();
  }
  run.watched = false;
}

void RunWatch::AddCgroup(const Run& run) const {
  if (!run.cgroup->watched() && run.cgroup->Watch() >= 0) {
    Add(run.cgroup->Watch(), EPOLLPRI | EPOLLET, run);
  }
}

void RunWatch::RemoveCgroup(const Run& run) const {
  if (run.cgroup->watched()) {
    Remove(run.cgroup->Watch());
  }
}

}  // namespace command_exporter
