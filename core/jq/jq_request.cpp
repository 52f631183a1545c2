#include "core/jq/jq_request.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <limits>
#include <utility>

#include "core/base/fd_message.hpp"
#include "core/base/write_all.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kFiles = 3;

// Stands in place of a line number while the request is not taken.
constexpr std::uint32_t kNotTaken = std::numeric_limits<std::uint32_t>::max();

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
      // Shows the sender that the request was taken, see WasTaken.
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
  FdMessage<kFiles> message(&copy, sizeof copy);
  std::array<int, kFiles> fds{};
  std::size_t count = 0;
  for (const UniqueFd* file : {&files.text, &files.records, &files.messages}) {
    if (*file) {
      fds[count++] = file->get();
    }
  }
  ssize_t sent = 0;
  do {
    sent = message.Send(socket, std::span(fds).first(count), 0);
  } while (sent < 0 && errno == EINTR);
  return sent == sizeof copy;
}

bool ReceiveJqRequest(int socket, JqRequest& request, JqRequestFiles& files) {
  FdMessage<kFiles> message(&request, sizeof request);
  std::vector<UniqueFd> fds;
  ssize_t size = 0;
  do {
    size = message.Receive(socket, fds);
  } while (size < 0 && errno == EINTR);
  if (fds.size() > kFiles || message.LacksDescriptors()) {
    fds.clear();  // it makes no sense; without a text nobody looks further
  }
  fds.resize(kFiles);
  files.text = std::move(fds[0]);
  files.records = std::move(fds[1]);
  files.messages = std::move(fds[2]);
  return size == sizeof request;
}

}  // namespace command_exporter
