#include "tests/core/process/launcher/hung_mount.hpp"

#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kBufferBytes = 65536 + 4096;  // at least what INIT asks

void Reply(int device, const fuse_in_header& request) {
  struct {
    fuse_out_header header;
    fuse_init_out init;
  } reply{};

  reply.header.len = sizeof reply;
  reply.header.unique = request.unique;
  reply.init.major = FUSE_KERNEL_VERSION;
  reply.init.minor = FUSE_KERNEL_MINOR_VERSION;
  reply.init.max_write = 4096;
  static_cast<void>(::write(device, &reply, sizeof reply) > 0);
}

// Takes requests for ever, so that they count as being worked on: the kernel
// then waits for the answer whatever signal comes.
void ServeNothing(int device) {
  static std::array<char, kBufferBytes> buffer;
  for (;;) {
    if (::read(device, buffer.data(), buffer.size()) <= 0) {
      ::_exit(0);
    }
    fuse_in_header request{};
    std::memcpy(&request, buffer.data(), sizeof request);
    if (request.opcode == FUSE_INIT) {
      Reply(device, request);
    }
  }
}

}  // namespace

HungMount::HungMount() {
  std::string folder = "/tmp/launcher_test_hung_XXXXXX";
  const UniqueFd device(::open("/dev/fuse", O_RDWR | O_CLOEXEC));
  if (!device || ::mkdtemp(folder.data()) == nullptr) {
    return;
  }
  path_ = folder;
  const std::string options = "fd=" + std::to_string(device.get()) +
                              ",rootmode=40000,user_id=0,group_id=0";
  if (::mount("hung", path_.c_str(), "fuse", MS_NOSUID | MS_NODEV,
              options.c_str()) != 0) {
    return;
  }
  server_ = ::fork();
  if (server_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ServeNothing(device.get());
  }
}

HungMount::~HungMount() {
  Release();
  if (!path_.empty()) {
    ::umount2(path_.c_str(), MNT_DETACH);
    ::rmdir(path_.c_str());
  }
}

void HungMount::Release() {
  const pid_t server = std::exchange(server_, 0);
  if (server > 0) {
    ::kill(server, SIGKILL);
    ::waitpid(server, nullptr, 0);
  }
}

}  // namespace command_exporter
