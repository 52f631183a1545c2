#include "core/web/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>

namespace command_exporter {
namespace {

constexpr int kLevel = 1;
// The largest window; 16 selects a gzip header instead of zlib's own.
constexpr int kWindowBits = 15 + 16;
constexpr int kMemoryLevel = 8;  // zlib's default
// The output grows by this many bytes at a time.
constexpr std::size_t kStep = 65536;

}  // namespace

std::optional<std::string> Gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kWindowBits, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  // Its memory goes even when there is none for the output.
  const std::unique_ptr<z_stream, decltype(&deflateEnd)> ended(&stream,
                                                               &deflateEnd);
  std::string out;
  int result = Z_OK;
  while (result == Z_OK) {
    // zlib's sizes have 32 bits.
    const std::size_t chunk =
        std::min<std::size_t>(text.size(), std::numeric_limits<uInt>::max());
    // zlib only reads, but its interface lacks const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(chunk);
    const std::size_t size = out.size();
    out.resize(size + kStep);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + size);
    stream.avail_out = static_cast<uInt>(kStep);
    result = deflate(&stream, chunk == text.size() ? Z_FINISH : Z_NO_FLUSH);
    out.resize(size + kStep - stream.avail_out);
    text.remove_prefix(chunk - stream.avail_in);
  }
  if (result != Z_STREAM_END) {
    return std::nullopt;
  }
  return out;
}

}  // namespace command_exporter
