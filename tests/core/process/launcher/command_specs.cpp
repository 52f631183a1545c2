#include "tests/core/process/launcher/command_specs.hpp"

#include <chrono>
#include <utility>

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;

CommandSpec Spec(std::vector<std::string> argv) {
  CommandSpec spec;
  spec.name = "test";
  spec.argv = std::move(argv);
  spec.environment = {"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C"};
  spec.grace = 300ms;
  return spec;
}

}  // namespace

CommandSpec Shell(const std::string& script) {
  CommandSpec spec = Spec({"sh", "-c", script});
  spec.paths = {"/bin/sh"};
  return spec;
}

CommandSpec Program(std::vector<std::string> argv) {
  CommandSpec spec = Spec(std::move(argv));
  spec.paths = {spec.argv.front()};
  return spec;
}

DoneMessage EndOf(std::uint64_t job, Duration cpu, Ending ending) {
  DoneMessage end;
  end.job = job;
  end.ending = ending;
  end.cpu_ns = cpu.count();
  end.wall_ns = 1;
  return end;
}

}  // namespace command_exporter
