// The hand-over of configuration text between processes: a byte string of
// counts and length-prefixed texts, for the same program on the same machine.
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "core/config/load.hpp"

namespace command_exporter {

namespace {

constexpr std::string_view kMagic = "command_exporter config 2\n";

void AppendCount(std::string& out, std::size_t count) {
  const std::uint64_t number = count;
  std::array<char, sizeof(number)> bytes{};
  std::memcpy(bytes.data(), &number, sizeof(number));
  out.append(bytes.data(), bytes.size());
}

void AppendText(std::string& out, std::string_view text) {
  AppendCount(out, text.size());
  out += text;
}

class Decoder {
 public:
  explicit Decoder(std::string_view rest) : rest_(rest) {}

  bool AtEnd() const { return rest_.empty(); }

  std::optional<std::uint64_t> Number() {
    std::uint64_t number = 0;
    if (rest_.size() < sizeof(number)) {
      return std::nullopt;
    }
    std::memcpy(&number, rest_.data(), sizeof(number));
    rest_.remove_prefix(sizeof(number));
    return number;
  }

  // A number of things of at least `size` bytes each that are still there.
  std::optional<std::uint64_t> Count(std::uint64_t size) {
    const auto number = Number();
    return number && *number <= rest_.size() / size ? number : std::nullopt;
  }

  std::optional<std::string> Text() {
    const auto size = Count(1);
    if (!size) {
      return std::nullopt;
    }
    std::string text(rest_.substr(0, *size));
    rest_.remove_prefix(*size);
    return text;
  }

 private:
  std::string_view rest_;
};

bool DecodeFiles(Decoder& decoder, std::vector<ConfigFile>& files) {
  const auto count = decoder.Count(2 * sizeof(std::uint64_t));
  for (std::uint64_t i = 0; i < count.value_or(0); ++i) {
    auto path = decoder.Text();
    auto text = decoder.Text();
    if (!path || !text) {
      return false;
    }
    files.push_back({std::move(*path), std::move(*text)});
  }
  return count.has_value();
}

bool DecodeWarnings(Decoder& decoder, std::vector<std::string>& warnings) {
  const auto count = decoder.Count(sizeof(std::uint64_t));
  for (std::uint64_t i = 0; i < count.value_or(0); ++i) {
    auto warning = decoder.Text();
    if (!warning) {
      return false;
    }
    warnings.push_back(std::move(*warning));
  }
  return count.has_value();
}

bool DecodeInsecure(Decoder& decoder, bool& insecure) {
  const auto number = decoder.Number();
  insecure = number == 1;
  return number && *number <= 1;
}

}  // namespace

std::string EncodeConfigText(const ConfigText& text) {
  std::string out(kMagic);
  AppendCount(out, text.files.size());
  for (const ConfigFile& file : text.files) {
    AppendText(out, file.path);
    AppendText(out, file.text);
  }
  AppendCount(out, text.warnings.size());
  for (const std::string& warning : text.warnings) {
    AppendText(out, warning);
  }
  AppendCount(out, text.insecure ? 1 : 0);
  return out;
}

Result<ConfigText> DecodeConfigText(std::string_view bytes) {
  const Error bad{"the configuration handed over is damaged"};
  if (bytes.substr(0, kMagic.size()) != kMagic) {
    return bad;
  }
  Decoder decoder(bytes.substr(kMagic.size()));
  ConfigText text;
  if (!DecodeFiles(decoder, text.files) ||
      !DecodeWarnings(decoder, text.warnings) ||
      !DecodeInsecure(decoder, text.insecure) || !decoder.AtEnd()) {
    return bad;
  }
  return text;
}

}  // namespace command_exporter
