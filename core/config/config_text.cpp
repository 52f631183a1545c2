// Encodes configuration text for another process: see core/base/wire.hpp.
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/wire.hpp"
#include "core/config/load.hpp"

namespace command_exporter {

namespace {

constexpr std::string_view kMagic = "command_exporter config 5\n";

}  // namespace

std::string EncodeConfigText(const ConfigText& text) {
  std::string bytes(kMagic);
  WireWriter out(bytes);
  out.Count(text.files.size());
  for (const ConfigFile& file : text.files) {
    out.Text(file.path);
    out.Text(file.text);
  }
  out.Texts(text.warnings);
  out.Texts(text.without_bash);
  out.Texts(text.absent);
  out.Number(static_cast<std::uint8_t>(text.insecure ? 1 : 0));
  return bytes;
}

Result<ConfigText> DecodeConfigText(std::string_view bytes) {
  const Error bad{"the configuration handed over is damaged"};
  if (!bytes.starts_with(kMagic)) {
    return bad;
  }
  WireReader in(bytes.substr(kMagic.size()));
  ConfigText text;
  text.files.resize(in.Count(2 * sizeof(std::uint32_t)));
  for (ConfigFile& file : text.files) {
    file.path = in.Text();
    file.text = in.Text();
  }
  text.warnings = in.Texts();
  text.without_bash = in.Texts();
  text.absent = in.Texts();
  text.insecure = in.Flag();
  if (!in.AtEnd()) {
    return bad;
  }
  return text;
}

}  // namespace command_exporter
