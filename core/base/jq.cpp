#include "core/base/jq.hpp"

#include <mutex>
#include <utility>

#include "core/base/jq_machine.hpp"

namespace command_exporter {
namespace {

std::string Combined(const std::string& items,
                     const std::vector<JqField>& fields) {
  std::string text = EnclosedJq(items);
  if (fields.empty()) {
    return text;
  }
  text += " | [";
  for (const JqField& field : fields) {
    text += (&field == &fields.front() ? "[limit(2; " : ",[limit(2; ") +
            EnclosedJq(field.program) + ")]";
  }
  return text + "]";
}

}  // namespace

// The machines of one program that wait for work.
class JqMachines {
 public:
  JqMachines(const std::string& items, const std::vector<JqField>& fields)
      : text_(Combined(items, fields)) {
    for (const JqField& field : fields) {
      names_.push_back(field.name);
    }
  }

  std::unique_ptr<JqMachine> Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<JqMachine> machine = std::move(idle_.back());
        idle_.pop_back();
        return machine;
      }
    }
    return std::make_unique<JqMachine>(text_, names_);
  }

  void Return(std::unique_ptr<JqMachine> machine) {
    machine->FreeParser();
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(machine));
  }

 private:
  std::string text_;
  std::vector<std::string> names_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<JqMachine>> idle_;
};

JqReader::JqReader(std::shared_ptr<JqMachines> machines,
                   std::unique_ptr<JqMachine> machine)
    : machines_(std::move(machines)),
      machine_(std::move(machine)) {}

JqReader::JqReader(JqReader&&) noexcept = default;

JqReader::~JqReader() {
  if (machine_ && !machine_->IsSpent()) {
    machines_->Return(std::move(machine_));
  }
}

std::optional<Failure> JqReader::Feed(std::string_view line,
                                      std::size_t number) {
  return machine_->Feed(line, number);
}

std::optional<Failure> JqReader::Finish() {
  return machine_->Finish();
}

JqProgram::JqProgram(const std::string& items,
                     const std::vector<JqField>& fields)
    : machines_(std::make_shared<JqMachines>(items, fields)) {}

JqReader JqProgram::Read(JqSink& sink, const JqLimits& limits) const {
  std::unique_ptr<JqMachine> machine = machines_->Take();
  machine->Start(sink, limits);
  return {machines_, std::move(machine)};
}

}  // namespace command_exporter
