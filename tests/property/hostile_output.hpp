// HostileOutput: the possible output of a bad command, from a seed.
//
// Half of it is the output of real programs (the golden cases), cut, spliced
// and mangled. The other half comes from a grammar of the Prometheus format
// with everything that breaks scrapes: names of others, quoted names that
// become others without quotes, clashing types, duplicate labels, broken UTF-8,
// numbers at the limits, inconsistent histograms. The same seed gives the same
// text on every machine (no standard distribution is used, because their
// results differ between libraries).
//
// Thread safety: none; one thread owns it.
#ifndef COMMAND_EXPORTER_TESTS_PROPERTY_HOSTILE_OUTPUT_HPP_
#define COMMAND_EXPORTER_TESTS_PROPERTY_HOSTILE_OUTPUT_HPP_

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace command_exporter {

class HostileOutput {
 public:
  // `corpus` must outlive it and not be empty.
  HostileOutput(std::uint64_t seed, std::span<const std::string> corpus)
      : random_(seed),
        corpus_(corpus) {}

  // 0 <= result < limit. Requires: limit > 0.
  std::size_t Below(std::size_t limit) { return random_() % limit; }

  bool OneIn(std::size_t n) { return Below(n) == 0; }

  // `text` unchanged or mangled.
  std::string Mangled(std::string text);

  // Roughly in the Prometheus format.
  std::string Exposition();

 private:
  std::string_view Pick(std::span<const std::string_view> words) {
    return words[Below(words.size())];
  }

  void Mangle(std::string& text);
  void MangleLines(std::string& text);
  // As in a TYPE line, perhaps in quotes.
  std::string Name();
  std::string LabelName(std::size_t place);
  std::string LabelValue();
  // The text between the braces; may be empty.
  std::string LabelSet();
  std::string Sample(const std::string& name);
  std::string Histogram(const std::string& name);

  // True once in n times if the output may be broken; a tame one only clashes
  // with the output of others.
  bool Bad(std::size_t n) { return !tame_ && OneIn(n); }

  bool tame_{};
  std::mt19937_64 random_;
  std::span<const std::string> corpus_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_PROPERTY_HOSTILE_OUTPUT_HPP_
