// Which command lines have a pipe, and what that changes.
#include "core/config/shell_pipe.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

TEST_CASE("a pipe is found wherever the shell would make one") {
  for (const char* const shell : {"a | b",
                                  "a|b",
                                  "a |& b",
                                  "a || b | c",
                                  "a && b | c",
                                  "a; b | c",
                                  "a\nb | c",
                                  "(a | b)",
                                  "{ a | b; }",
                                  "x=$(a | b)",
                                  "echo \"$(a | b)\"",
                                  "echo `a | b`",
                                  "echo \"`a | b`\"",
                                  "echo \"${x:-$(a | b)}\"",
                                  "if a; then b | c; fi",
                                  "case $x in a) b | c ;; esac",
                                  "case $x in a|b) c ;; esac; d | e",
                                  "case $x in (a|b) c | d ;; esac",
                                  "case \"$(a | b)\" in c) d ;; esac",
                                  "a 2>&1 | b",
                                  "a >x| b",
                                  "echo case in a | b",
                                  "echo \\\\| b",
                                  "a 'x'\\''y' | b",
                                  "echo $((1 + 2)) | b",
                                  "echo a#b | c",
                                  "echo ${#x} | c",
                                  "a \\\n | b",
                                  "awk '{print $1}' | wc -l"}) {
    INFO(shell);
    CHECK(HasPipe(shell));
  }
}

TEST_CASE("a bar that the shell reads as something else is no pipe") {
  for (const char* const shell :
       {"",
        "a",
        "a || b",
        "echo '|'",
        "echo \"a|b\"",
        "echo \\|",
        "a # b | c",
        "# a | b\nc",
        "a >| b",
        "grep -E 'a|b' \"$x\"",
        "echo $((1|2))",
        "echo $(( (1|2) ))",
        "case $x in a|b) c ;; esac",
        "case $x in (a|b) c ;; d|e) f ;; esac",
        "case $x in a|b) case $y in c|d) e ;; esac ;; f|g) h ;; esac",
        "if a; then case $x in b|c) d;; esac; fi",
        "echo ${x:-a|b}",
        "echo \"${x:-'a|b'}\"",
        "awk '/a|b/ { n++ } END { print n }' x",
        "echo \"a",
        "echo 'a | b",
        "echo `",
        "$(",
        "\\",
        ")",
        "}",
        "case"}) {
    INFO(shell);
    CHECK_FALSE(HasPipe(shell));
  }
}

TEST_CASE("without bash, text on standard error fails a pipe") {
  CollectorConfig collector;
  collector.pipe = true;
  collector.run.success_exit_codes.early_end = true;
  collector.run.success_exit_codes.no_match = true;
  SECTION("unless the file says otherwise") {
    collector.run.fail_on_stderr = false;
    UsePlainShell(collector);
    CHECK(collector.run.fail_on_stderr == false);
  }
  SECTION("by default") {
    UsePlainShell(collector);
    CHECK(collector.run.fail_on_stderr == true);
  }
  CHECK_FALSE(collector.pipe);
  CHECK_FALSE(collector.run.success_exit_codes.early_end);
  CHECK_FALSE(collector.run.success_exit_codes.no_match);
}

}  // namespace
}  // namespace command_exporter
