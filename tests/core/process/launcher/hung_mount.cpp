#include "tests/core/process/launcher/hung_mount.hpp"

#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kBufferBytes = 65536 + 4096;  // at least what INIT asks

constexpr std::uint64_t kOpenHangs = 2;  // node ids; 1 is the folder
constexpr std::uint64_t kReadHangs = 3;
constexpr std::uint64_t kForEver = 3600;  // seconds

template <typename Body>
void Reply(int device, const fuse_in_header& request, const Body& body) {
  struct {
    fuse_out_header header;
    Body body;
  } reply{};

  reply.header.len = sizeof(fuse_out_header) + sizeof(Body);
  reply.header.unique = request.unique;
  reply.body = body;
  static_cast<void>(::write(device, &reply, reply.header.len) > 0);
}

void Refuse(int device, const fuse_in_header& request) {
  fuse_out_header reply{};
  reply.len = sizeof reply;
  reply.unique = request.unique;
  reply.error = -ENOSYS;
  static_cast<void>(::write(device, &reply, sizeof reply) > 0);
}

fuse_attr AttributesOf(std::uint64_t node) {
  fuse_attr attributes{};
  attributes.ino = node;
  attributes.size = 1U << 20U;
  attributes.mode = S_IFREG | 0755U;
  attributes.nlink = 1;
  return attributes;
}

// Those that answer return whether they have.
bool AnswerLookup(int device, const fuse_in_header& request,
                  std::string_view name) {
  if (name != "open" && name != "read") {
    return false;
  }
  fuse_entry_out entry{};
  entry.nodeid = name == "open" ? kOpenHangs : kReadHangs;
  entry.entry_valid = kForEver;
  entry.attr_valid = kForEver;
  entry.attr = AttributesOf(entry.nodeid);
  Reply(device, request, entry);
  return true;
}

bool Answer(int device, const fuse_in_header& request, const char* rest) {
  if (request.opcode == FUSE_INIT) {
    fuse_init_out init{};
    init.major = FUSE_KERNEL_VERSION;
    init.minor = FUSE_KERNEL_MINOR_VERSION;
    init.max_write = 4096;
    Reply(device, request, init);
  } else if (request.opcode == FUSE_LOOKUP) {
    return AnswerLookup(device, request, rest);
  } else if (request.nodeid == FUSE_ROOT_ID || request.opcode == FUSE_READ ||
             (request.opcode == FUSE_OPEN && request.nodeid == kOpenHangs)) {
    return false;
  } else if (request.opcode == FUSE_OPEN) {
    Reply(device, request, fuse_open_out{});
  } else if (request.opcode == FUSE_GETATTR) {
    fuse_attr_out attributes{};
    attributes.attr_valid = kForEver;
    attributes.attr = AttributesOf(request.nodeid);
    Reply(device, request, attributes);
  } else if (request.opcode != FUSE_FORGET &&
             request.opcode != FUSE_BATCH_FORGET &&
             request.opcode != FUSE_INTERRUPT) {
    Refuse(device, request);
  }
  return true;
}

// Takes requests without end, so that they count as being processed: the kernel
// then waits for the answer in spite of any signal.
void Serve(int device, std::atomic<int>& hanging) {
  static std::array<char, kBufferBytes> buffer;
  for (;;) {
    if (::read(device, buffer.data(), buffer.size()) <= 0) {
      ::_exit(0);
    }
    fuse_in_header request{};
    std::memcpy(&request, buffer.data(), sizeof request);
    if (!Answer(device, request, buffer.data() + sizeof request)) {
      ++hanging;
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
  const std::string options =
      "fd=" + std::to_string(device.get()) +
      ",rootmode=40000,user_id=0,group_id=0,allow_other";
  if (::mount("hung", path_.c_str(), "fuse", MS_NOSUID | MS_NODEV,
              options.c_str()) != 0) {
    return;
  }
  void* const memory = ::mmap(nullptr, sizeof *hanging_, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return;
  }
  hanging_ = new (memory) std::atomic<int>{};
  server_ = ::fork();
  if (server_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    Serve(device.get(), *hanging_);
  }
}

HungMount::~HungMount() {
  Release();
  if (hanging_ != nullptr) {
    ::munmap(hanging_, sizeof *hanging_);
  }
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
