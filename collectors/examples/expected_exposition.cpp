#include "collectors/examples/expected_exposition.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/base/text.hpp"
#include "core/metrics/reading/exposition_line_reader.hpp"
#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/writing/text_writer.hpp"

namespace command_exporter {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view kHelp = "# HELP ";
constexpr std::string_view kType = "# TYPE ";

bool IsComment(std::string_view subject) {
  return subject.starts_with('#');
}

// One spelling for each series: labels sorted by name, empty ones removed.
void Normalise(std::vector<Label>& labels) {
  std::erase_if(labels, [](const Label& label) { return label.value.empty(); });
  std::ranges::sort(labels, {}, &Label::name);
}

// The end of the name, which may be in quotes, at the start of `text`.
std::size_t NameEnd(std::string_view text) {
  if (!text.starts_with('"')) {
    return text.find(' ');
  }
  std::size_t end = 1;
  while (text[end] != '"') {
    end += text[end] == '\\' ? 2U : 1U;
  }
  return end + 1;
}

// Where the value begins in a line of our writer: behind the name for HELP, at
// the end (which has no blank) for a sample.
std::size_t ValueAt(std::string_view line) {
  return IsComment(line) ? kHelp.size() + NameEnd(line.substr(kHelp.size())) + 1
                         : line.rfind(' ') + 1;
}

// The names that have a TYPE line. Only the type "untyped" may lack one, and
// OpenMetrics adds suffixes only to names of other types.
std::set<std::string, std::less<>> TypedNames(std::string_view text) {
  std::set<std::string, std::less<>> names;
  ExpositionLineReader reader(ExpositionFormat::kText, false);
  std::string_view line;
  while (NextLine(text, line)) {
    if (reader.Read(line) && reader.line().kind == LineKind::kType) {
      names.emplace(reader.line().name);
    }
  }
  return names;
}

}  // namespace

// Compares one expectation with one answer.
class ExpectedExposition::Comparison {
 public:
  explicit Comparison(const MetricFamilies& given) {
    for (const MetricFamily& family : given) {
      given_.push_back(MakeFamily(family));
    }
    for (const Family& family : given_) {
      for (const Fact& fact : family.facts) {
        values_.emplace(fact.subject, &fact.value);
        homes_.emplace(fact.subject, &family);
      }
    }
  }

  std::vector<std::string> Run(const std::vector<Family>& expected) {
    for (const Family& family : expected) {
      for (const Fact& fact : family.facts) {
        expected_.insert(fact.subject);
      }
    }
    for (const Family& family : expected) {
      for (const Fact& fact : family.facts) {
        Compare(fact);
      }
      for (const Fact& fact : family.facts) {
        if (const auto home = homes_.find(fact.subject); home != homes_.end()) {
          AddSurplus(*home->second);
        }
      }
    }
    for (const Family& family : given_) {
      AddSurplus(family);
    }
    return std::move(lines_);
  }

 private:
  void Compare(const Fact& fact) {
    const auto found = values_.find(fact.subject);
    if (found != values_.end() && *found->second == fact.value) {
      return;
    }
    lines_.push_back("- " + Line(fact));
    if (found != values_.end()) {
      lines_.push_back("+ " + Line({fact.subject, *found->second}));
    }
  }

  bool IsExpected(const Fact& fact) const {
    return expected_.count(fact.subject) > 0;
  }

  // Adds the unexpected samples, once for each family; if the whole family is
  // unexpected, also its TYPE.
  void AddSurplus(const Family& family) {
    if (!told_.insert(&family).second) {
      return;
    }
    const bool known = std::ranges::any_of(
        family.facts, [this](const Fact& fact) { return IsExpected(fact); });
    for (const Fact& fact : family.facts) {
      const bool wanted = IsComment(fact.subject)
                              ? !known && fact.subject.starts_with(kType)
                              : !IsExpected(fact);
      if (wanted) {
        lines_.push_back("+ " + Line(fact));
      }
    }
  }

  std::vector<Family> given_;
  std::unordered_map<std::string_view, const std::string*> values_;
  std::unordered_map<std::string_view, const Family*> homes_;
  std::set<std::string_view> expected_;
  std::set<const Family*> told_;
  std::vector<std::string> lines_;
};

std::string ExpectedExposition::Line(const Fact& fact) {
  return fact.subject + ' ' + fact.value;
}

ExpectedExposition::Family ExpectedExposition::MakeFamily(MetricFamily family) {
  for (ClientMetric& metric : family.metric) {
    Normalise(metric.label);
  }
  Family made{.name = family.name, .facts = {}};
  std::string text;
  TextWriter::Append({std::move(family)}, text, NameScheme::kAllowUtf8);
  std::string_view rest = text;
  std::string_view line;
  while (NextLine(rest, line)) {
    const std::size_t at = ValueAt(line);
    made.facts.push_back(
        {std::string(line.substr(0, at - 1)), std::string(line.substr(at))});
  }
  return made;
}

Result<ExpectedExposition, Failure> ExpectedExposition::Parse(
    std::string_view text) {
  auto parsed = ParseExposition(text);
  if (!parsed) {
    return parsed.error();
  }
  for (const std::string& dropped : parsed->drops.first) {
    if (!dropped.empty()) {
      return Failure{Reason::kParse, dropped};
    }
  }
  const auto typed = TypedNames(text);
  ExpectedExposition expected;
  for (MetricFamily& family : parsed->families) {
    const bool has_type = family.type != MetricType::Untyped ||
                          typed.find(family.name) != typed.end();
    Family made = MakeFamily(std::move(family));
    if (!has_type) {
      std::erase_if(made.facts, [](const Fact& fact) {
        return fact.subject.starts_with(kType);
      });
    }
    expected.families_.push_back(std::move(made));
  }
  return expected;
}

std::vector<std::string> ExpectedExposition::Difference(
    const MetricFamilies& given) const {
  return Comparison(given).Run(families_);
}

}  // namespace command_exporter
