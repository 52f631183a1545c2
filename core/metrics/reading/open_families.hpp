// OpenFamilies: the families of an output while its lines arrive in any order.
//
// The owner of a sample depends on the declared types: `jobs_sum` belongs to
// the summary `jobs` if there is one, and is a metric of its own otherwise.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_OPEN_FAMILIES_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_OPEN_FAMILIES_HPP_

#include <prometheus/metric_family.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/metrics/reading/distribution.hpp"
#include "core/metrics/reading/exposition_types.hpp"

namespace command_exporter {

struct OpenFamily {
  std::string name{};  // as in the metadata
  // Has the name of the samples: `jobs_total` for the counter `jobs`.
  prometheus::MetricFamily family{};
  FamilyKind kind{};
  std::unique_ptr<Distribution> distribution{};  // of histogram and summary
  bool has_type{};
  bool has_help{};
  bool has_unit{};
  bool has_samples{};
};

// For a message: "histogram jobs_seconds".
std::string DescribeFamily(const OpenFamily& open);

// The family that a sample belongs to, and its part there.
struct FamilyPlace {
  std::size_t family{};
  Part part{};
};

class OpenFamilies {
 public:
  explicit OpenFamilies(ExpositionFormat format) : format_(format) {}

  OpenFamily& operator[](std::size_t family) { return families_[family]; }

  std::vector<OpenFamily>& all() { return families_; }

  // Null when there is none.
  const OpenFamily* Find(const std::string& name) const;
  // The reference is valid until the next family is added.
  OpenFamily& FindOrAdd(std::string_view name);
  // The family that a name with a suffix belongs to.
  std::optional<FamilyPlace> FindOwner(std::string_view name) const;
  // The owner, or a new or existing family of that name.
  FamilyPlace FindPlace(std::string_view name);

 private:
  const ExpositionFormat format_;
  std::vector<OpenFamily> families_;
  std::unordered_map<std::string, std::size_t> index_;  // name -> families_
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_OPEN_FAMILIES_HPP_
