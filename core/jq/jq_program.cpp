#include "core/jq/jq_program.hpp"

#include <sys/wait.h>

#include <csignal>
#include <cstring>
#include <utility>

#include "core/base/text.hpp"
#include "core/jq/jq_process.hpp"
#include "core/jq/jq_state.hpp"

namespace command_exporter {
namespace {

// libjq compiles its own library with each program: 30 ms on an idle machine.
// The loader must answer within 30 s.
constexpr JqLimits kCheckLimits{std::size_t{1} << 30U, std::chrono::seconds{8}};

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

JqRequest RequestOf(JqRequest::Kind kind, const JqLimits& limits) {
  return {kind, limits.most_bytes,
          std::chrono::duration_cast<std::chrono::microseconds>(limits.time)
              .count(),
          limits.most_items};
}

// A check gives no items.
class NoSink final : public JqSink {
 public:
  void StartItem(std::size_t /*line*/) override {}

  void Field(std::string_view /*name*/, std::string /*text*/) override {}

  void NotFinite(std::string_view /*name*/, std::string /*text*/) override {}
};

// The reason why a child ended before its evaluation was complete.
std::string CauseOf(const JqMessages& messages) {
  const std::string_view said = LastLine(messages.text);
  if (!said.empty()) {
    const std::size_t assertion = said.find("Assertion ");
    return Printable(
        said.substr(assertion == std::string_view::npos ? 0 : assertion));
  }
  const int status = messages.status.value_or(0);
  if (!WIFSIGNALED(status)) {
    return "exit status " + std::to_string(WEXITSTATUS(status));
  }
  // Real-time signals have no abbreviation.
  const char* const name = ::sigabbrev_np(WTERMSIG(status));
  return name == nullptr ? "signal " + std::to_string(WTERMSIG(status))
                         : std::string("SIG") + name;
}

bool WasEndedBy(int signal, const JqAnswer& answer) {
  const std::optional<int>& status = answer.messages.status;
  return status && WIFSIGNALED(*status) && WTERMSIG(*status) == signal;
}

bool IsOutOfMemory(const JqAnswer& answer) {
  // The messages of jq_child.cpp, of C++ and of a sanitizer.
  for (const char* const word :
       {"cannot allocate memory", "bad_alloc", "out of memory"}) {
    if (answer.messages.text.find(word) != std::string::npos) {
      return true;
    }
  }
  return false;
}

// Why the evaluation did not begin, or who ended it; empty: it failed itself.
std::string OutsideCauseOf(const JqAnswer& answer) {
  if (!answer.trouble.empty() || !answer.messages.status) {
    const std::string cause =
        answer.trouble.empty() ? answer.messages.text : answer.trouble;
    return cause.empty()
               ? "the process that evaluates jq programs was killed; the next "
                 "run gets another"
               : "jq's process cannot be used (" + Printable(cause) +
                     "); look at the limits of the exporter's service: "
                     "TasksMax=, LimitNOFILE= and memory";
  }
  return WasEndedBy(SIGKILL, answer)
             ? "the evaluation was killed (SIGKILL), most likely because the "
               "machine was short of memory"
             : "";
}

Failure FailureOf(const JqAnswer& answer, const JqLimits& limits) {
  const std::string where =
      answer.begin == 0 ? "" : "line " + std::to_string(answer.begin) + ": ";
  if (answer.stopped) {
    return {Reason::kTimeout,
            "the scrape was over before items and fields came to their end"};
  }
  if (answer.late) {
    return {Reason::kTimeout,
            "the process that evaluates jq programs does not answer; the next "
            "run gets another"};
  }
  if (WasEndedBy(SIGALRM, answer)) {
    return {Reason::kTimeout,
            where +
                "items and fields did not come to an end in time; look "
                "for a jq program that does not end"};
  }
  if (IsOutOfMemory(answer)) {
    return {Reason::kParse, where + "jq needs more than " +
                                std::to_string(limits.most_bytes >> 20U) +
                                " MiB for this output"};
  }
  if (std::string cause = OutsideCauseOf(answer); !cause.empty()) {
    return {Reason::kParse, std::move(cause)};
  }
  return {Reason::kParse,
          where +
              "jq's library has a defect that this program meets with this "
              "output (" +
              CauseOf(answer.messages) +
              "); look for a date or an index out of range, values nested very "
              "deep, or a pattern that may match nothing in text that is not "
              "ASCII"};
}

JqVerdict Check(JqProcess& process, const std::string& expression) {
  NoSink sink;
  const JqAnswer answer =
      process.Ask(RequestOf(JqRequest::Kind::kCheck, kCheckLimits),
                  {.expression = expression}, sink);
  if (!answer.ended) {
    return {JqVerdict::kUnknown, FailureOf(answer, kCheckLimits).message};
  }
  return answer.failure ? JqVerdict{JqVerdict::kWrong, answer.failure->message}
                        : JqVerdict{};
}

}  // namespace

JqProgram::JqProgram(JqProcess& process, const std::string& items,
                     const std::vector<JqField>& fields)
    : process_(process),
      expression_(Combined(items, fields)) {
  for (const JqField& field : fields) {
    names_.push_back(field.name);
  }
}

JqProgram::~JqProgram() {
  if (prepared_) {
    process_.Tell(JqRequest::Kind::kForget, expression_);
  }
}

// Sent only once, because the nursery counts the users of a program.
void JqProgram::Prepare() const {
  if (!prepared_.exchange(true)) {
    process_.Tell(JqRequest::Kind::kPrepare, expression_);
  }
}

std::optional<Failure> JqProgram::Evaluate(const JqText& text, JqSink& sink,
                                           const JqLimits& limits) const {
  const JqAnswer answer =
      process_.Ask(RequestOf(JqRequest::Kind::kEvaluate, limits),
                   {.expression = expression_,
                    .names = names_,
                    .lines = text.bytes(),
                    .stop = limits.stop},
                   sink);
  return answer.ended ? answer.failure : FailureOf(answer, limits);
}

JqVerdict CheckJq(JqProcess& process, std::string_view program) {
  return Check(process, EnclosedJq(program));
}

JqVerdict CheckJq(JqProcess& process,
                  const std::vector<std::string_view>& programs) {
  std::string text;
  for (const std::string_view program : programs) {
    text += EnclosedJq(program) + ",";
  }
  return Check(process, text + ".");
}

}  // namespace command_exporter
