// JqRequest: a request to the nursery, one datagram with descriptors.
//
// The memory file of a request holds: a number, which the receiver sets to 0
// when it takes the request, and which the evaluation keeps at the line of the
// current text; the program's expression; the names of its fields (preceded by
// their number); and, for an evaluation, the lines of the output.
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
    kPrepare,   // compile the program and keep it for one more user
    kForget,    // for one user less
    kEvaluate,  // by the kept program; compiles it if it is missing
    kCheck,     // compile in a process of its own: is it legal?
  };

  Kind kind{Kind::kPrepare};
  std::uint64_t most_bytes{};
  std::int64_t microseconds{};  // limit of time
  std::uint64_t most_items{};
};

// The descriptors of a request.
struct JqRequestFiles {
  UniqueFd text{};     // the memory file
  UniqueFd records{};  // for JqRecordWriter; a pipe
  // libjq's messages, then an exit status of wait(2); a pipe whose writers
  // never wait for room.
  UniqueFd messages{};
};

// The memory file of a request; empty when there is no memory.
UniqueFd MakeJqText(std::string_view expression,
                    std::span<const std::string> names, std::string_view lines);

// The receiver's view of a memory file.
class JqMapping {
 public:
  explicit JqMapping(int file);
  ~JqMapping();
  JqMapping(const JqMapping&) = delete;
  JqMapping& operator=(const JqMapping&) = delete;

  // False: not such a file.
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

// For the sender: the line of the current text, and whether the request was
// taken.
std::uint32_t BeginOfText(int file);
bool WasTaken(int file);

// False: nobody receives it.
bool SendJqRequest(int socket, const JqRequest& request,
                   const JqRequestFiles& files);
// Waits for a request. False: no more will come.
bool ReceiveJqRequest(int socket, JqRequest& request, JqRequestFiles& files);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_REQUEST_HPP_
