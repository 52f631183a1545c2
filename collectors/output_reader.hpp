// OutputReader: converts the output of a command to families.
//
//   output -> line filters -> records -> format -> rows -> metric mappers
//   -> families
//
// This is the part of a collector that needs no process: it is compiled once
// for each instance and is the same for a live run, a recorded one and an
// example.
//
// Thread safety: immutable; Read may run on many threads.
#ifndef COMMAND_EXPORTER_COLLECTORS_OUTPUT_READER_HPP_
#define COMMAND_EXPORTER_COLLECTORS_OUTPUT_READER_HPP_

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/formats/format.hpp"
#include "collectors/formats/record_cutter.hpp"
#include "collectors/mapping/metric_mapper.hpp"
#include "core/base/reason.hpp"
#include "core/config/config.hpp"
#include "core/metrics/families.hpp"
#include "core/scrape/outcome.hpp"

namespace command_exporter {

class OutputReader {
 public:
  // `config` must outlive this. `jq`: MakeJqProgram's result for its format.
  OutputReader(const CollectorConfig& config, const Labels& matrix,
               std::shared_ptr<const JqProgram> jq);

  // Fills in the families, drops, samples and unmatched lines of `outcome`, or
  // its failure: kParse, kMissing, kDuplicate, kSampleLimit, kOutputLimit,
  // kTimeout.
  void Read(std::string_view out, int exit_code, Outcome& outcome,
            const EventFd* stop = nullptr) const;

 private:
  // All formats but prometheus.
  std::optional<Failure> ReadFormat(FormatInput input, Outcome& outcome) const;
  // `records` is null if the format has none.
  std::optional<Failure> ReadRows(const FormatInput& input,
                                  const RecordCutter* records,
                                  Outcome& outcome) const;
  std::optional<Failure> ReadPatterns(const FormatInput& input,
                                      const RecordCutter* records,
                                      Outcome& outcome) const;
  std::optional<Failure> ReadExposition(std::string_view out,
                                        Outcome& outcome) const;
  std::optional<Failure> MapRows(Rows& rows, const FormatInput& input,
                                 Outcome& outcome) const;

  std::size_t MaxSamples() const {
    return static_cast<std::size_t>(config_.max_samples);
  }

  const CollectorConfig& config_;
  Labels matrix_;
  std::shared_ptr<const JqProgram> jq_;  // null: not json
  std::vector<MetricMapper> mappers_;
  bool names_repeat_ = false;  // two metrics have one name
};

// Whether the collector's output has lines that may be unmatched.
bool CountsLines(const FormatConfig& config);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_OUTPUT_READER_HPP_
