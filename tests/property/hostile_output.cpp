#include "tests/property/hostile_output.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace command_exporter {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kNames = {"a"sv,
                               "jobs"sv,
                               "jobs_total"sv,
                               "jobs_created"sv,
                               "jobs_sum"sv,
                               "jobs_count"sv,
                               "jobs_bucket"sv,
                               "jobs_info"sv,
                               "took_seconds"sv,
                               "took_seconds_bucket"sv,
                               "up"sv,
                               "scrape_duration_seconds"sv,
                               "process_open_fds"sv,
                               "command_exporter_collector_up"sv,
                               "command_exporter_http_requests_total"sv,
                               "memory_total_bytes"sv,
                               "__name__"sv,
                               "1st"sv,
                               "with-dash"sv,
                               "with space"sv,
                               "größe"sv,
                               "a:b"sv,
                               "\"\""sv,
                               ""sv,
                               "\xff"sv,
                               "nul\0here"sv};

// The first of them is legal; many become one of the names above, or equal to
// each other, without quotes.
constexpr std::array kQuotedNames = {"disk.free"sv,
                                     "jobs.x_total"sv,
                                     "jobs x.total"sv,
                                     "jobs.total"sv,
                                     "jobs created"sv,
                                     "jobs.sum"sv,
                                     "took/seconds"sv,
                                     "took.seconds_bucket"sv,
                                     "gr\xc3\xb6\xc3\x9f"
                                     "e"sv,
                                     "a\\\"} 1 # \\n\\\\"sv,
                                     "a:b"sv,
                                     "plain"sv,
                                     "up "sv,
                                     "up"sv,
                                     "scrape.x"sv,
                                     "command.exporter_collector_up"sv,
                                     ".name"sv,
                                     "1st"sv,
                                     "\xe7\xa3\x81"sv,
                                     "__name__"sv,
                                     "a\\tb"sv,
                                     "a\0b"sv,
                                     "\xed\xa0\x80"sv,
                                     ""sv};

constexpr std::array kTypes = {
    "gauge"sv,          "counter"sv, "histogram"sv,     "summary"sv,
    "untyped"sv,        "unknown"sv, "info"sv,          "stateset"sv,
    "gaugehistogram"sv, "Gauge"sv,   "gauge counter"sv, ""sv};

constexpr std::array kNumbers = {
    "0"sv,     "1"sv,      "-1"sv,   "12.5"sv,
    "NaN"sv,   "+Inf"sv,   "-Inf"sv, "inf"sv,
    "1e400"sv, "5e-324"sv, "0x10"sv, "1_000"sv,
    "1,5"sv,   "+3"sv,     ".5"sv,   "5."sv,
    "-0"sv,    "1e5"sv,    "١"sv,    ""sv,
    "1 1"sv,   "1 1e99"sv, "nan"sv,  "1.7976931348623157e308"sv};

constexpr std::array kLabels = {
    "a"sv,        "b"sv,   "le"sv,  "quantile"sv, "jobs"sv, "collector"sv,
    "__name__"sv, "__a"sv, "a-b"sv, "ä"sv,        ""sv,     "a"sv};

// Used beside the first three of kLabels, so that labels collide.
constexpr std::array kQuotedLabels = {
    "a"sv,  "a.b"sv, "a b"sv, "a_b"sv,      "\xc3\xb6\\n"sv, "l\\\"\xc3\xb6"sv,
    "le"sv, ".e"sv,  "le."sv, "quantile"sv, "..name__"sv,    "__a"sv,
    "1"sv,  ""sv,    "\xc3"sv};

constexpr std::array kLabelValues = {
    "x"sv,     ""sv,    "+Inf"sv,     "1"sv,
    "1.0"sv,   "0.5"sv, "\\\""sv,     "\\\\"sv,
    "\\n"sv,   "\\q"sv, "\\"sv,       "} 1"sv,
    " # {}"sv, "ä"sv,   "\xc3"sv,     "\xed\xa0\x80"sv,
    "a\0b"sv,  "\r"sv,  "\x1b[31m"sv, "\xf0\x9f\x92\xa9"sv};

// Inserted at any place of any text.
constexpr std::array kTokens = {"\n"sv,
                                "\r\n"sv,
                                "\0"sv,
                                "\xef\xbb\xbf"sv,
                                "\xff\xfe"sv,
                                "{"sv,
                                "}"sv,
                                "\""sv,
                                "\\"sv,
                                "# EOF\n"sv,
                                "# TYPE up gauge\n"sv,
                                "up 1\n"sv,
                                "NaN"sv,
                                "1e999"sv,
                                "-"sv,
                                "="sv,
                                ","sv,
                                ":"sv,
                                "\t"sv,
                                "# HELP a \\n\\x\n"sv,
                                " # {a=\"b\"} 1"sv,
                                "command_exporter_fake 1\n"sv,
                                "a{a=\"1\",a=\"1\"} 1\n"sv,
                                "%"sv,
                                "["sv,
                                "null"sv,
                                "é"sv};

constexpr std::size_t kLongText = 10000;

std::string Quoted(std::string_view name) {
  return '"' + std::string(name) + '"';
}

// Adds a suffix; a quoted name ends in a quote.
std::string WithSuffix(std::string name, std::string_view suffix) {
  const bool quoted = name.size() > 1 && name.ends_with('"');
  name.insert(name.size() - (quoted ? 1 : 0), suffix);
  return name;
}

// The head of a sample: `NAME{LABELS}` or `{"NAME",LABELS}`.
std::string Head(const std::string& name, const std::string& labels) {
  if (name.starts_with('"')) {
    return '{' + name + (labels.empty() ? "" : "," + labels) + '}';
  }
  return labels.empty() ? name : name + '{' + labels + '}';
}

// A sample that is equal for a client that does not accept quoted names, if its
// labels have another spelling; else empty.
std::string Respelled(std::string sample) {
  for (const auto& [from, to] :
       {std::pair(" b\"="sv, "/b\"="sv), std::pair(".b\"="sv, " b\"="sv),
        std::pair("\"a_b\"="sv, "\"a.b\"="sv)}) {
    const std::size_t at = sample.find(from);
    if (at != std::string::npos) {
      return sample.replace(at, from.size(), to);
    }
  }
  return {};
}

}  // namespace

std::string HostileOutput::Mangled(std::string text) {
  if (OneIn(4)) {
    return text;
  }
  if (OneIn(8)) {
    text += corpus_[Below(corpus_.size())];
  }
  for (std::size_t left = Below(4) + 1; left > 0; --left) {
    if (OneIn(3)) {
      MangleLines(text);
    } else {
      Mangle(text);
    }
  }
  return text;
}

void HostileOutput::Mangle(std::string& text) {
  const std::size_t place = Below(text.size() + 1);
  switch (Below(6)) {
    case 0:
      text.insert(place, Pick(kTokens));
      break;
    case 1:
      text.resize(place);
      break;
    case 2:
      text.erase(place, Below(20));
      break;
    case 3:
      if (place < text.size()) {
        text[place] = static_cast<char>(Below(256));
      }
      break;
    case 4:
      text.insert(place, Pick(kNumbers));
      break;
    default:
      text.insert(place, Below(kLongText), static_cast<char>('a' + Below(4)));
      break;
  }
}

void HostileOutput::MangleLines(std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1);
    lines.push_back(text.substr(start, end + 1 - start));
    start = end + 1;
  }
  if (lines.empty()) {
    return;
  }
  const std::size_t one = Below(lines.size());
  const std::size_t other = Below(lines.size());
  switch (Below(3)) {
    case 0:
      std::swap(lines[one], lines[other]);
      break;
    case 1:
      lines.push_back(lines[one]);
      break;
    default:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(one));
      break;
  }
  text.clear();
  for (const std::string& line : lines) {
    text += line;
  }
}

std::string HostileOutput::Name() {
  // Mostly good ones, because otherwise only errors would result.
  constexpr std::size_t kGood = 10;
  if (OneIn(4)) {
    return Quoted(
        kQuotedNames[Bad(6) ? Below(kQuotedNames.size()) : Below(kGood)]);
  }
  return std::string(kNames[Bad(12) ? Below(kNames.size()) : Below(kGood)]);
}

std::string HostileOutput::LabelName(std::size_t place) {
  constexpr std::size_t kGood = 5;
  if (OneIn(8)) {
    return Quoted(
        kQuotedLabels[Bad(6) ? Below(kQuotedLabels.size()) : Below(kGood)]);
  }
  return std::string(kLabels[Bad(12) ? Below(kLabels.size()) : place]);
}

std::string HostileOutput::LabelValue() {
  constexpr std::size_t kGood = 9;
  return std::string(
      kLabelValues[Bad(12) ? Below(kLabelValues.size()) : Below(kGood)]);
}

std::string HostileOutput::LabelSet() {
  std::string text;
  const std::size_t count = Below(4);
  for (std::size_t i = 0; i < count; ++i) {
    text += i > 0 ? "," : "";
    text += LabelName(i) + "=\"" + LabelValue() + "\"";
  }
  return text + (count > 0 && OneIn(10) ? "," : "");
}

std::string HostileOutput::Sample(const std::string& name) {
  constexpr std::size_t kGood = 7;
  std::string text = Head(name, LabelSet()) + " ";
  text += kNumbers[Bad(12) ? Below(kNumbers.size()) : Below(kGood)];
  if (Bad(30)) {
    text += " 1700000000000";
  }
  if (OneIn(40)) {
    text += " # {trace=\"x\"} 1";
  }
  return text + (OneIn(40) ? "\r\n" : "\n");
}

std::string HostileOutput::Histogram(const std::string& name) {
  std::string text = "# TYPE " + name + " histogram\n";
  const std::string label =
      OneIn(3) ? LabelName(0) + "=\"" + LabelValue() + "\"" : "";
  const std::string before = label.empty() ? "" : label + ",";
  std::size_t count = 0;
  for (const char* bound : {"0.1", "1", "10", "+Inf"}) {
    count = Bad(15) ? Below(9) : count + Below(3);
    if (!Bad(20)) {
      text +=
          Head(WithSuffix(name, "_bucket"), before + "le=\"" + bound + "\"") +
          " " + std::to_string(count) + "\n";
    }
  }
  if (!Bad(6)) {
    text += Head(WithSuffix(name, "_sum"), label) + " " +
            std::string(Bad(4) ? Pick(kNumbers) : "12.5") + "\n";
  }
  if (!Bad(6)) {
    text += Head(WithSuffix(name, "_count"), label) + " " +
            std::to_string(Bad(6) ? Below(9) : count) + "\n";
  }
  return text;
}

std::string HostileOutput::Exposition() {
  tame_ = OneIn(2);
  std::string text;
  for (std::size_t left = Below(5) + 1; left > 0; --left) {
    const std::string name = Name();
    if (OneIn(3)) {
      text +=
          "# HELP " + name + " Words with \\\\ and \\n " + LabelValue() + "\n";
    }
    if (OneIn(5)) {
      text += Histogram(name);
      continue;
    }
    if (!OneIn(3)) {
      constexpr std::size_t kGood = 2;
      text += "# TYPE " + name + " ";
      text += kTypes[Bad(3) ? Below(kTypes.size()) : Below(kGood)];
      text += "\n";
    }
    for (std::size_t samples = Below(4); samples > 0; --samples) {
      const std::string sample = Sample(Bad(8) ? Name() : name);
      text += sample + (OneIn(3) ? Respelled(sample) : "");
    }
  }
  if (OneIn(6)) {
    text += "# EOF\n";
  }
  return Bad(4) ? Mangled(std::move(text)) : text;
}

}  // namespace command_exporter
