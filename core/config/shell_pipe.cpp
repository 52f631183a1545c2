#include "core/config/shell_pipe.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/config/here_document.hpp"

namespace command_exporter {
namespace {

enum class Inside : std::uint8_t {
  kCommands,
  kParentheses,  // ( ) or $( )
  kBackticks,
  kQuotes,      // " "
  kParameter,   // ${ }
  kArithmetic,  // $(( )), and parentheses in it
};

struct Level {
  Inside inside{};
  std::uint32_t cases{};  // open `case`s
  bool awaits_in{};       // a `case` whose `in` is to come
  bool in_pattern{};      // of the innermost `case`
  bool at_command{true};  // the next word is a command or reserved
  bool in_quotes{};       // ${ } in " ", where ' is no quote
  bool is_subshell{};     // ( ), whose status is that of its commands
  bool has_pipe{};        // the list so far, back to its last separator
  bool is_condition{};    // behind if, elif, while or until
  bool is_negated{};      // behind !
};

// One pass, with a stack in place of the shell's recursion.
class PipeSearch {
 public:
  explicit PipeSearch(std::string_view text, Inside inside = Inside::kCommands)
      : text_(text),
        levels_{Level{.inside = inside}} {}

  ShellPipes Run() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\\') {
        at_ += 2;
        after_escape_ = at_;
        level().at_command = false;
      } else if (!OpenAnywhere()) {
        Step();
      }
    }
    return found_;
  }

 private:
  Level& level() { return levels_.back(); }

  bool Take(std::string_view what) {
    const bool here = text_.substr(at_).starts_with(what);
    at_ += here ? what.size() : 0;
    return here;
  }

  bool Open(std::string_view what, Inside inside) {
    if (!Take(what)) {
      return false;
    }
    level().at_command = false;
    const bool in_quotes =
        level().inside == Inside::kQuotes ||
        (level().inside == Inside::kParameter && level().in_quotes);
    levels_.push_back({.inside = inside, .in_quotes = in_quotes});
    return true;
  }

  // At most to the bottom, which stays.
  void Close() {
    if (levels_.size() > 1) {
      levels_.pop_back();
    }
  }

  // What begins in double quotes as well.
  bool OpenAnywhere() {
    if (level().inside == Inside::kBackticks && Take("`")) {
      Close();
      return true;
    }
    return Open("$((", Inside::kArithmetic) ||
           Open("$(", Inside::kParentheses) || Open("${", Inside::kParameter) ||
           Open("`", Inside::kBackticks);
  }

  void Step() {
    switch (level().inside) {
      case Inside::kQuotes:
        TakeOrClose("\"");
        break;
      case Inside::kParameter:
        if (level().in_quotes ? !Open("\"", Inside::kQuotes) : !OpenQuotes()) {
          TakeOrClose("}");
        }
        break;
      case Inside::kArithmetic:
        if (Take("(")) {
          levels_.push_back({.inside = Inside::kParentheses,
                             .in_pattern = true,
                             .at_command = false});
        } else {
          TakeOrClose("))");
        }
        break;
      default:
        StepInCommands();
    }
  }

  void TakeOrClose(std::string_view end) {
    if (Take(end)) {
      Close();
    } else {
      ++at_;
    }
  }

  bool OpenQuotes() {
    if (Take("'")) {
      at_ = std::min(text_.find('\'', at_), text_.size() - 1) + 1;
      level().at_command = false;
      return true;
    }
    return Open("\"", Inside::kQuotes);
  }

  void StepInCommands() {
    if (OpenQuotes()) {
      return;
    }
    if (TakeOperator()) {
      level().at_command = true;
    } else if (Take(";;")) {
      level().in_pattern = level().cases > 0;
      level().at_command = true;
    } else if (Take(">|")) {
      level().at_command = false;
    } else if (Take("(")) {
      if (!level().in_pattern) {
        levels_.push_back(
            {.inside = Inside::kParentheses, .is_subshell = true});
      }
    } else if (Take(")")) {
      CloseParenthesis();
    } else if (auto document = TakeHereDocument(text_, at_)) {
      documents_.push_back(*std::move(document));
    } else if (Take("<<<")) {
      level().at_command = false;  // a word follows
    } else if (Take("\n")) {
      EndList();
      SkipHereDocuments();
    } else if (Take(";") || Take("&")) {
      EndList();
    } else if (!Take(" ") && !Take("\t") && !Take("<") && !Take(">")) {
      TakeWord();
    }
  }

  // `|`, `||` and `&&`.
  bool TakeOperator() {
    if (Take("||") || Take("&&")) {
      found_.tests_status = found_.tests_status || level().has_pipe;
      level().has_pipe = false;
      level().is_negated = false;
      return true;
    }
    if (!Take("|")) {
      return false;
    }
    if (!level().in_pattern) {
      FindPipe();
    }
    return true;
  }

  // In the list of this level, or in a subshell that is a part of it.
  void FindPipe() {
    found_.has_pipe = true;
    level().has_pipe = true;
    found_.tests_status =
        found_.tests_status || level().is_condition || level().is_negated;
  }

  void EndList() {
    level().at_command = true;
    level().has_pipe = false;
    level().is_negated = false;
  }

  // Their bodies are no commands, but may hold substitutions.
  void SkipHereDocuments() {
    for (const HereDocument& document : std::exchange(documents_, {})) {
      const std::string_view body = TakeBody(document, text_, at_);
      if (!document.is_quoted) {
        const ShellPipes inner = PipeSearch(body, Inside::kQuotes).Run();
        found_.has_pipe = found_.has_pipe || inner.has_pipe;
        found_.tests_status = found_.tests_status || inner.tests_status;
      }
    }
  }

  // Of parentheses, or behind a pattern of `case`.
  void CloseParenthesis() {
    if (level().in_pattern && level().cases > 0) {
      level().in_pattern = false;
      level().at_command = true;
    } else if (level().inside == Inside::kParentheses) {
      const bool is_pipe = level().is_subshell && level().has_pipe;
      Close();
      if (is_pipe) {
        FindPipe();
      }
    }
  }

  void TakeWord() {
    if (text_[at_] == '#' && !InWord()) {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    const std::size_t end = std::min(
        text_.find_first_of(" \t\n;&|<>()'\"`$\\", at_ + 1), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    const bool whole = !InWord();
    at_ = end;
    if (whole) {
      Understand(word);
    } else {
      level().at_command = false;
    }
  }

  bool InWord() const {
    constexpr std::string_view kBetween = " \t\n;&|<>()`";
    return at_ > 0 && (at_ == after_escape_ ||
                       kBetween.find(text_[at_ - 1]) == std::string_view::npos);
  }

  void Understand(std::string_view word) {
    constexpr std::array<std::string_view, 10> kBeforeCommand = {
        "then", "do", "else", "elif", "if", "while", "until", "!", "{", "time"};
    Level& here = level();
    const bool reserved = here.at_command || here.in_pattern;
    if (word == "in" && here.awaits_in) {
      here.awaits_in = false;
      ++here.cases;
      here.in_pattern = true;
    } else if (word == "esac" && here.cases > 0 && reserved) {
      --here.cases;
      here.in_pattern = false;
      here.at_command = false;
    } else if (word == "case" && here.at_command && !here.in_pattern) {
      here.awaits_in = true;
      here.at_command = false;
    } else {
      if (here.at_command) {
        NoteCommand(word);
      }
      here.at_command =
          here.at_command &&
          std::ranges::find(kBeforeCommand, word) != kBeforeCommand.end();
    }
  }

  void NoteCommand(std::string_view word) {
    constexpr std::array<std::string_view, 4> kBeforeCondition = {
        "if", "elif", "while", "until"};
    constexpr std::array<std::string_view, 3> kBehindCondition = {"then", "do",
                                                                  "else"};
    Level& here = level();
    if (std::ranges::find(kBeforeCondition, word) != kBeforeCondition.end()) {
      here.is_condition = true;
    } else if (std::ranges::find(kBehindCondition, word) !=
               kBehindCondition.end()) {
      here.is_condition = false;
    } else if (word == "!") {
      here.is_negated = true;
    } else if (word == "exit" || word == "set") {
      found_.ends_early = true;
    }
  }

  std::string_view text_;
  std::size_t at_{};
  std::size_t after_escape_{};  // where the last one ended
  ShellPipes found_{};
  std::vector<HereDocument> documents_{};  // begun in this line
  std::vector<Level> levels_;
};

}  // namespace

ShellPipes FindPipes(std::string_view shell) {
  return PipeSearch(shell).Run();
}

void UsePlainShell(CollectorConfig& collector) {
  collector.pipe = false;
  collector.run.success_exit_codes.early_end = false;
  collector.run.success_exit_codes.no_match = false;
  collector.run.fail_on_stderr = collector.run.fail_on_stderr.value_or(true);
}

}  // namespace command_exporter
