// Mutator: a peer that breaks the protocol, from a seed.
//
// It sends the messages of a real peer (complete, with their descriptors), but
// damages some of them: bytes, numbers at their bounds, sizes, kinds, order,
// repetitions and omissions, descriptors that are missing, too many or of
// another kind. The same seed gives the same messages.
//
// COMMAND_EXPORTER_MUTATIONS=N makes every test do N times as many rounds.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_MUTATOR_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_MUTATOR_HPP_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

// One datagram; the descriptors are borrowed.
struct Spoken {
  std::string bytes{};
  std::vector<int> fds{};
};

template <typename T>
Spoken Say(const T& message, std::vector<int> fds = {}) {
  return {std::string(reinterpret_cast<const char*>(&message), sizeof message),
          std::move(fds)};
}

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed);

  // Sends the script, with one damaged message in `one_in`. Never waits longer
  // than a second for a peer that does not read.
  void Speak(int socket, std::vector<Spoken> script, std::uint32_t one_in = 8);

  // 0 to `bound` - 1.
  std::uint32_t Below(std::uint32_t bound);

 private:
  void Spoil(Spoken& message);
  void SpoilNumber(std::string& bytes);
  void SpoilDescriptors(std::vector<int>& fds);

  std::mt19937 random_;
  std::vector<UniqueFd> strangers_;  // descriptors of unexpected kinds
};

// Sends it unchanged, waiting at most a second. False: no receiver.
bool SendRaw(int socket, const Spoken& message);

// The number of rounds of a test.
std::uint32_t Rounds(std::uint32_t usual);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_MUTATOR_HPP_
