// soak_launcher [--seconds N] [--seed N]: the soak of the launcher alone, at
// the highest rate; soak.py has the whole program. Ends with 1 after any
// violation.
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>

#include "tests/soak/launcher_soak.hpp"

namespace command_exporter {
namespace {

int Main(int argc, char** argv) {
  std::uint64_t seconds = 30;
  std::uint64_t seed = std::random_device{}();
  for (int i = 1; i + 1 < argc; i += 2) {
    constexpr int kDecimal = 10;
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, kDecimal);
    if (std::string_view(argv[i]) == "--seconds") {
      seconds = value;
    } else if (std::string_view(argv[i]) == "--seed") {
      seed = value;
    } else {
      std::fprintf(stderr, "unknown: %s\n", argv[i]);
      return 2;
    }
  }
  std::printf("launcher: seed %" PRIu64 ", %" PRIu64 " s\n", seed, seconds);
  std::fflush(stdout);
  Violations violations;
  {
    LauncherSoak soak(seed, violations);
    soak.Run(std::chrono::seconds{seconds});
    soak.Print();
  }
  std::printf("launcher: %zu violations%s", violations.count(),
              violations.count() == 0 ? "\n" : "; again with: ");
  if (violations.count() != 0) {
    std::printf("%s --seed %" PRIu64 " --seconds %" PRIu64 "\n", argv[0], seed,
                seconds);
  }
  return violations.count() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace command_exporter

int main(int argc, char** argv) {
  return command_exporter::Main(argc, argv);
}
