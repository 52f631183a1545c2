#include "core/jq/jq_request.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

#include "core/base/write_all.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kFiles = 3;

// In place of a line: nobody has looked at the file.
constexpr std::uint32_t kNotTaken = std::numeric_limits<std::uint32_t>::max();

// The bytes of a message that carries so many descriptors.
struct alignas(cmsghdr) ControlBuffer {
  std::array<char, CMSG_SPACE(sizeof(int) * kFiles)> bytes{};
};

msghdr MessageOf(iovec& bytes, ControlBuffer& control) {
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  return message;
}

}  // namespace

UniqueFd MakeJqText(std::string_view expression,
                    std::span<const std::string> names,
                    std::string_view lines) {
  std::string head;
  WireWriter out(head);
  out.Number(kNotTaken);
  out.Text(expression);
  out.Texts(names);
  UniqueFd file(::memfd_create("ce-jq", MFD_CLOEXEC));
  if (!file || !WriteAll(file.get(), head) || !WriteAll(file.get(), lines)) {
    return {};
  }
  return file;
}

JqMapping::JqMapping(int file) {
  struct stat status {};

  if (::fstat(file, &status) != 0 || status.st_size <= 0) {
    return;
  }
  size_ = static_cast<std::size_t>(status.st_size);
  void* const address =
      ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (address != MAP_FAILED) {
    address_ = address;
    ok_ = Read();
    if (ok_) {
      begin() = 0;
    }
  }
}

JqMapping::~JqMapping() {
  if (address_ != nullptr) {
    ::munmap(address_, size_);
  }
}

bool JqMapping::Read() {
  lines_ = WireReader({static_cast<const char*>(address_), size_});
  lines_.Number<std::uint32_t>();  // see begin
  expression_ = lines_.View();
  names_ = lines_.Texts();
  return lines_.Ok();
}

volatile std::uint32_t& JqMapping::begin() const {
  return *static_cast<volatile std::uint32_t*>(address_);
}

std::uint32_t BeginOfText(int file) {
  std::uint32_t begin = 0;
  const ssize_t read = ::pread(file, &begin, sizeof begin, 0);
  return read == sizeof begin && begin != kNotTaken ? begin : 0;
}

bool WasTaken(int file) {
  std::uint32_t begin = 0;
  const ssize_t read = ::pread(file, &begin, sizeof begin, 0);
  return read == sizeof begin && begin != kNotTaken;
}

bool SendJqRequest(int socket, const JqRequest& request,
                   const JqRequestFiles& files) {
  JqRequest copy = request;
  iovec bytes{&copy, sizeof copy};
  ControlBuffer control;
  msghdr message = MessageOf(bytes, control);
  std::array<int, kFiles> fds{};
  std::size_t count = 0;
  for (const UniqueFd* file : {&files.text, &files.records, &files.messages}) {
    if (*file) {
      fds[count++] = file->get();
    }
  }
  message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
  cmsghdr* const head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int) * count);
  std::memcpy(CMSG_DATA(head), fds.data(), sizeof(int) * count);
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == sizeof copy;
}

bool ReceiveJqRequest(int socket, JqRequest& request, JqRequestFiles& files) {
  iovec bytes{&request, sizeof request};
  ControlBuffer control;
  msghdr message = MessageOf(bytes, control);
  ssize_t size = 0;
  do {
    size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  const std::array<UniqueFd*, kFiles> homes = {&files.text, &files.records,
                                               &files.messages};
  for (UniqueFd* const home : homes) {
    home->Reset();
  }
  const cmsghdr* const head = size < 0 ? nullptr : CMSG_FIRSTHDR(&message);
  if (head != nullptr && head->cmsg_type == SCM_RIGHTS) {
    const std::size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    std::array<int, kFiles> fds{};
    std::memcpy(fds.data(), CMSG_DATA(head), sizeof(int) * count);
    for (std::size_t i = 0; i < count; ++i) {
      homes[i]->Reset(fds[i]);
    }
  }
  return size == sizeof request;
}

}  // namespace command_exporter
