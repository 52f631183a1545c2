// JqRequest: what the nursery is asked for, one datagram with descriptors.
//
// The memory file of a request has a number that is set to 0 when it is taken,
// and that the evaluation keeps at the line of the text in hand; the program's
// expression, the names of its fields (their number before them) and, for an
// evaluation, the lines of the output.
//
// Thread safety: pure functions; a datagram is sent and received as a whole.
// sendmsg(2), cmsg(3).
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_REQUEST_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_REQUEST_HPP_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/unique_fd.hpp"
#include "core/base/wire.hpp"

namespace command_exporter {

struct JqRequest {
  enum class Kind : std::uint32_t {
    kPrepare,   // compile the program and keep it for one user more
    kForget,    // for one user less
    kEvaluate,  // of the kept one, which is compiled if it is not there
    kCheck,     // compile it in a process of its own: is it legal?
  };

  Kind kind{Kind::kPrepare};
  std::uint64_t most_bytes{};
  std::int64_t microseconds{};  // of time
  std::uint64_t most_items{};
};

// The descriptors that go with one.
struct JqRequestFiles {
  UniqueFd text{};     // the memory file
  UniqueFd records{};  // for JqRecordWriter; a pipe, as
  // What libjq says, then an exit status of wait(2); a pipe that nobody waits
  // for to have room.
  UniqueFd messages{};
};

// The memory file of a request; empty when there is no memory.
UniqueFd MakeJqText(std::string_view expression,
                    std::span<const std::string> names, std::string_view lines);

// A memory file as the receiver sees it.
class JqMapping {
 public:
  explicit JqMapping(int file);
  ~JqMapping();
  JqMapping(const JqMapping&) = delete;
  JqMapping& operator=(const JqMapping&) = delete;

  // False: it is no such file.
  bool ok() const { return ok_; }

  volatile std::uint32_t& begin() const;

  std::string_view expression() const { return expression_; }

  const std::vector<std::string>& names() const { return names_; }

  WireReader lines() const { return lines_; }

 private:
  bool Read();

  void* address_ = nullptr;
  std::size_t size_ = 0;
  bool ok_ = false;
  std::string_view expression_;
  std::vector<std::string> names_;
  WireReader lines_{{}};
};

// For the sender: the line of the text in hand, and whether it was taken.
std::uint32_t BeginOfText(int file);
bool WasTaken(int file);

// False: nobody takes it.
bool SendJqRequest(int socket, const JqRequest& request,
                   const JqRequestFiles& files);
// Waits for one. False: nobody will send any more.
bool ReceiveJqRequest(int socket, JqRequest& request, JqRequestFiles& files);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_REQUEST_HPP_
