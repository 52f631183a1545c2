// What core/jq receives from another process: a request with its text, on the
// nursery's side; records and messages, on the web side. The first byte says
// which.
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/base/fd_message.hpp"
#include "core/jq/jq_messages.hpp"
#include "core/jq/jq_record_reader.hpp"
#include "core/jq/jq_request.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace command_exporter {
namespace {

class TextSink : public JqSink {
 public:
  void StartItem(std::size_t line) override {
    text += std::to_string(line) + ":";
  }

  void Field(std::string_view name, std::string value) override {
    text += std::string(name) + "=" + value + ";";
  }

  void NotFinite(std::string_view name, std::string value) override {
    text += std::string(name) + "!=" + value + ";";
  }

  std::string text{};
};

UniqueFd FileOf(std::string_view bytes) {
  UniqueFd file(::memfd_create("fuzz", MFD_CLOEXEC));
  Require(::write(file.get(), bytes.data(), bytes.size()) ==
              static_cast<ssize_t>(bytes.size()),
          "a file can be written");
  return file;
}

void ReadText(std::string_view bytes) {
  const UniqueFd file = FileOf(bytes);
  const JqMapping text(file.get());
  if (!text.ok()) {
    return;
  }
  std::size_t size = text.expression().size() + text.lines().rest().size();
  for (const std::string& name : text.names()) {
    size += name.size();
  }
  Require(size < bytes.size(), "no more is read than there is");
  Require(text.begin() == 0, "it is seen that it was taken");
}

// One byte says how many descriptors come with the rest.
void ReceiveRequest(std::string_view bytes) {
  constexpr std::size_t kMost = 7;
  std::array<int, 2> ends{};
  Require(
      ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0,
      "there are sockets");
  const UniqueFd near(ends[0]);
  const UniqueFd far(ends[1]);
  const std::size_t count =
      bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]) % (kMost + 1);
  const UniqueFd file = FileOf(bytes);
  const std::vector<int> fds(count, file.get());
  std::string datagram(bytes.substr(std::min<std::size_t>(1, bytes.size())));
  datagram.resize(std::min<std::size_t>(datagram.size(), 4096));
  Require(FdMessage<kMost>(datagram.data(), datagram.size())
                  .Send(near.get(), fds, 0) >= 0,
          "it is sent");
  JqRequest request;
  JqRequestFiles files;
  if (ReceiveJqRequest(far.get(), request, files)) {
    Require(datagram.size() >= sizeof request, "a request is whole");
    Require(static_cast<bool>(files.text) == (count > 0 && count <= 3),
            "descriptors are those of a request or none");
    static_cast<void>(JqMapping(files.text.get()).ok());
  }
}

struct Outcome {
  std::string items{};
  bool ended{};
  std::string failure{};

  bool operator==(const Outcome&) const = default;
};

Outcome ReadRecords(std::string_view bytes, std::size_t piece) {
  TextSink sink;
  JqRecordReader reader(sink, std::uint64_t{1} << 20U, 100);
  while (!bytes.empty() && reader.Take(bytes.substr(0, piece))) {
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return {sink.text, reader.ended(),
          reader.failure() ? reader.failure()->message : ""};
}

void ReadMessages(std::string_view bytes) {
  std::string kept;
  AppendJqMessages(kept, bytes);
  const JqMessages messages = ReadJqMessages(kept);
  Require(messages.text.size() + (messages.status ? 11 : 0) == kept.size(),
          "messages are the text and what tells the status");
  Require(kept.starts_with(messages.text), "the text is as it came");
}

}  // namespace
}  // namespace command_exporter

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace command_exporter;
  const std::string_view bytes = AsText(data, size);
  if (bytes.empty()) {
    return 0;
  }
  const std::string_view rest = bytes.substr(1);
  switch (static_cast<unsigned char>(bytes[0]) % 4) {
    case 0:
      ReadText(rest);
      break;
    case 1:
      ReceiveRequest(rest);
      break;
    case 2:
      Require(ReadRecords(rest, rest.size()) == ReadRecords(rest, 1),
              "records are read whatever their pieces are");
      break;
    default:
      ReadMessages(rest);
      break;
  }
  return 0;
}
