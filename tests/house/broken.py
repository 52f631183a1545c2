"""For each rule, the trees that break it: {path: text} on top of SOUND, and the
expected message of the rule. A rule that cannot fail checks nothing."""

from case_rules import CASES

HEADER = """// What it is.
//
// Thread safety: none needed.
#ifndef COMMAND_EXPORTER_{guard}_HPP_
#define COMMAND_EXPORTER_{guard}_HPP_
{body}
#endif  // COMMAND_EXPORTER_{guard}_HPP_
"""

LAST_CASES = range(CASES - 2, CASES + 1)


def header(guard, body=""):
    return HEADER.format(guard=guard, body=body)


def table_of_cases(tests, numbers=range(1, CASES + 1)):
    return "".join(f"| {number} | x | y | {tests} |\n" for number in numbers)


# A tree in which every rule holds.
SOUND = {
    "main.cpp": '#include "core/cli/run_program.hpp"\n',
    "core/base/text.hpp": header("CORE_BASE_TEXT", "#include <string>"),
    "core/base/log.cpp": "#include <spdlog/spdlog.h>\n#include <sys/types.h>\n",
    "core/base/event_log.hpp": header(
        "CORE_BASE_EVENT_LOG",
        "struct Event {\n  int Size() const;\n};\nclass EventLog {\n"
        "  bool IsFull() const { return false; }\n  ~EventLog();\n"
        "  void Add(std::vector<int> sizes);\n  class Index;\n};\n"),
    "core/base/event_log.cpp":
        "namespace {\nclass Helper {\n  void Help();\n};\n"
        "void Helper::Help() {}\n}\nEventLog::~EventLog() = default;\n"
        "int Event::Size() const { return 1; }\n"
        "void EventLog::Add(std::vector<int> sizes) {}\n",
    "core/base/event_index.cpp":
        "class EventLog::Index {\n  int Find();\n};\n"
        "int EventLog::Index::Find() { return Other::Find(); }\n",
    "core/cli/run_program.hpp": header("CORE_CLI_RUN_PROGRAM"),
    "core/cli/run_program.cpp": '#include "collectors/catalog.hpp"\n',
    "core/service/build_info.cpp": '#include "build_version.hpp"\n'
                                   '#include "collectors/catalog.hpp"\n',
    "core/process/command/command_runner.hpp":
        header("CORE_PROCESS_COMMAND_COMMAND_RUNNER"),
    "core/process/launcher/launcher.hpp":
        header("CORE_PROCESS_LAUNCHER_LAUNCHER"),
    "core/process/launcher/run.cpp":
        '#include "core/process/command/command_runner.hpp"\n',
    "core/process/guardian/keeper.cpp":
        '#include "core/process/launcher/launcher.hpp"\n',
    "collectors/catalog.hpp": header("COLLECTORS_CATALOG"),
    "collectors/formats/csv.cpp": '#include "core/base/text.hpp"\n',
    "docs/architecture.md":
        "core/base/ core/cli/ core/process/command/ core/process/guardian/ "
        "core/process/launcher/ core/service/ `collectors` collectors/formats/ "
        "[here](architecture.md#top) [out](https://example.org/x)\n",
    "packaging/systemd/command-exporter.service":
        "[Service]\nExecStart=/nowhere/command_exporter $ARGS\n",
}

BROKEN = {
    "layers": [
        ({"core/base/bad.cpp": '#include "core/config/load.hpp"\n'},
         "core/base/bad.cpp:1: core/base may not include core/config/load.hpp"),
        ({"core/config/bad.hpp":
          '// x\n  #  include "core/process/launcher/launcher.hpp"\n'},
         "core/config/bad.hpp:2: core/config may not"),
        ({"core/scrape/bad.cpp":
          '#include "core/process/command/command_runner.hpp"\n'},
         "core/scrape may not include core/process/command/command_runner.hpp"),
        ({"core/process/guardian/bad.cpp":
          '#include "core/process/launcher/run.hpp"\n'},
         "core/process/guardian may not include core/process/launcher/run.hpp"),
        ({"core/metrics/reading/bad.cpp":
          '#include "core/metrics/writing/text_writer.hpp"\n'},
         "core/metrics/reading may not include core/metrics/writing/"),
        ({"core/metrics/bad.cpp":
          '#include "core/metrics/reading/late_series.hpp"\n'},
         "core/metrics may not include core/metrics/reading/"),
        ({"collectors/formats/bad.cpp": '#include "core/web/http.hpp"\n'},
         "collectors/formats may not include core/web/http.hpp"),
        ({"collectors/mapping/bad.cpp":
          '#include "core/process/system/user.hpp"\n'},
         "collectors/mapping may not include core/process/system/user.hpp"),
        ({"core/service/bad.cpp":
          '#include "core/process/launcher/run.hpp"\n'},
         "core/service may not include core/process/launcher/run.hpp"),
        ({"core/web/bad.cpp": '#include "build_version.hpp"\n'},
         "core/web may not include build_version.hpp"),
        ({"main.cpp": '#include "core/base/text.hpp"\n'},
         "main.cpp may not include"),
        ({"core/new/file.cpp": "\n"}, "core/new/file.cpp:1: in no room"),
    ],
    "circles": [
        ({"core/base/a.hpp": '#include "core/base/b.hpp"\n',
          "core/base/b.cpp": '#include "core/base/a.hpp"\n'},
         "core/base:1: includes in a circle: a -> b -> a"),
        ({"core/base/text.cpp": '#include "core/web/x.hpp"\n',
          "core/web/x.hpp": '#include "core/base/y.hpp"\n'},
         "core:1: includes in a circle: base -> web -> base"),
        ({"core/web/x.hpp": '#include "core/web/page/y.hpp"\n',
          "core/web/page/y.hpp": '#include "core/web/z.hpp"\n',
          "core/web/z.hpp": '#include "core/web/x.hpp"\n'},
         "core/web:1: includes in a circle: page -> z -> x -> page"),
    ],
    "classes": [
        ({"core/base/event_log_rest.cpp":
          '// "EventLog::Get() {\nstd::vector<A<B>>\nEventLog::Rest(int size)\n'
          "    const {\n}\nint EventLog::More() {\n}\n"},
         "core/base/event_log_rest.cpp:2: EventLog::Rest belongs in "
         "core/base/event_log.cpp"),
        ({"core/web/event_log.cpp": "EventLog::EventLog() = default;\n"},
         "core/web/event_log.cpp:1: EventLog::EventLog belongs in core/base/"),
        ({"core/base/bad.hpp": "inline int EventLog::Size() { return 1; }\n"},
         "core/base/bad.hpp:1: EventLog::Size belongs in core/base/event_log"),
        ({"core/base/bad.cpp": "int EventLog::Index::More() {\n}\n"},
         "bad.cpp:1: EventLog::Index::More belongs in core/base/event_log.cpp"),
        ({"core/base/bad.hpp": "struct Size {};\n\nclass Other final {\n"
                               "  int Get();\n};\n",
          "core/base/bad.cpp": "int Other::Get() {\n}\n"},
         "core/base/bad.hpp:3: Other: no class here has the file's name"),
    ],
    "include_paths": [
        ({"tests/bad.cpp": '#include "text.hpp"\n'},
         "tests/bad.cpp:1: no file text.hpp"),
        ({"core/base/bad.cpp": '#include "core/base/../cli/run_program.hpp"\n'},
         "core/base/bad.cpp:1: core/base/../cli/run_program.hpp is written"),
        ({"core/base/bad.cpp": '#include "core/base/bad.inc"\n',
          "core/base/bad.inc": "\n"},
         "core/base/bad.cpp:1: core/base/bad.inc is no header"),
    ],
    "libraries": [
        ({"core/base/log.hpp": "#include <spdlog/spdlog.h>\n"},
         "core/base/log.hpp:1: <spdlog/spdlog.h> belongs in"),
        ({"core/web/pages.cpp": "#include <civetweb.h>\n"},
         "<civetweb.h> belongs in core/web/server*.cpp"),
        ({"core/base/text.cpp": "#include <prometheus/registry.h>\n"},
         "<prometheus/registry.h> belongs in"),
        ({"core/base/text.cpp": "#include <boost/asio.hpp>\n"},
         "<boost/asio.hpp> has no door"),
    ],
    "header_comments": [
        ({"core/base/bad.hpp": "#ifndef X\n"}, "bad.hpp:1: a header opens with"),
        ({"core/base/bad.hpp": "// What.\n#ifndef X\n// Thread safety: no\n"},
         "bad.hpp:1: the opening comment lacks"),
    ],
    "include_guards": [
        ({"core/base/bad.hpp": header("CORE_BASE_TEXT")},
         "must be COMMAND_EXPORTER_CORE_BASE_BAD_HPP_"),
    ],
    "file_length": [
        ({"tests/long.cpp": "int x;\n" * 351}, "tests/long.cpp:351: 351 lines"),
    ],
    "unfinished": [
        ({"core/base/bad.cpp": "// TO" + "DO: later\n"}, "bad.cpp:1: TO"),
        ({"docs/later.md": "\nCSV is not imple" + "mented\n"}, "later.md:2: not"),
    ],
    "blanks": [
        ({"core/base/bad.cpp": "int x; \n"}, "bad.cpp:1: a blank at the end"),
        ({"core/base/bad.cpp": "int x;\r\n"}, "bad.cpp:1: a blank at the end"),
        ({"core/base/bad.cpp": "\tint x;\n"}, "bad.cpp:1: a tab"),
        ({"core/base/bad.cpp": "int x;"}, "bad.cpp:1: must end with"),
        ({"core/base/bad.cpp": "int x;\n\n"}, "bad.cpp:3: must end with"),
    ],
    "documents": [
        ({"core/unknown/file.cpp": "\n"}, "does not mention core/unknown/"),
        ({"README.md": "\nsee [this](docs/gone.md)\n"},
         "README.md:2: no such file: docs/gone.md"),
    ],
    "wall_clock": [
        ({"core/process/bad.cpp":
          "auto now = std::chrono::system_clock::now();\n"},
         "bad.cpp:1: system_clock is the wall clock"),
        ({"core/process/bad.cpp": "\nx = ::time(nullptr);\n"},
         "bad.cpp:2: ::time( is the wall clock"),
        ({"core/process/bad.cpp": "clock_gettime(CLOCK_REALTIME, &now);\n",
          "core/process/launcher/run_command.cpp": "clock_gettime(CLOCK_REALTIME);\n"},
         "bad.cpp:1: CLOCK_REALTIME is"),
    ],
    "skips": [
        ({"tests/core/base/a_test.cpp":
          'TEST_CASE("a") {\n  NEEDS(root);\n  NEEDS(fuse);\n}\n'
          'TEST_CASE(\n    "a longer "\n    "name") {\n  NEEDS(fuse);\n',
          "tests/expected_skips.txt":
          "root base: a\nfuse base: a longer name\n"},
         "tests/core/base/a_test.cpp:1: add to tests/expected_skips.txt: "
         "fuse base: a"),
        ({"tests/e2e/test_a.py":
          'class A:\n    @needs("fuse")\n    def test_b(self):\n        pass\n'},
         "tests/e2e/test_a.py:3: add to tests/expected_skips.txt: "
         "fuse test_a.A.test_b"),
        ({"tests/expected_skips.txt": "# why\nfuse base: gone\n"},
         "expected_skips.txt:2: no test has this probe and name: fuse base: "),
        ({"tests/core/base/a_test.cpp":
          'TEST_CASE("a") {\n  CHECK(true);\n  NEEDS(root);\n}\n'},
         "a_test.cpp:1: NEEDS stands first"),
        ({"tests/core/base/a_test.cpp": "WARN" '("not here");\n'},
         "a_test.cpp:1: WARN(: leave a test out by NEEDS"),
        ({"tests/e2e/test_a.py": "self.skip" 'Test("no")\n'},
         "leave a test out by NEEDS"),
    ],
    "hostile_cases": [
        ({"tests/core/base/a_test.cpp": 'TEST_CASE("a") {\n',
          "docs/hostile-cases.md": table_of_cases("`base: a`") +
          f"| {CASES + 1} | x | y | `base: gone` |\n"},
         f"docs/hostile-cases.md:{CASES + 1}: no such test: base: gone"),
        ({"docs/hostile-cases.md": table_of_cases("later", LAST_CASES)},
         f"docs/hostile-cases.md:2: case {CASES - 1} names no test"),
        ({"docs/hostile-cases.md": table_of_cases("later", LAST_CASES)},
         f"docs/hostile-cases.md:1: must have the cases 1 to {CASES}"),
    ],
    "test_names": [
        ({"tests/core/base/a_test.cpp":
          'TEST_CASE("TERM ends it") {\n}\nTEST_CASE("Prometheus reads") {\n}\n'
          'TEST_CASE("IPv4 too") {\n}\nTEST_CASE("A run ends") {\n}\n'},
         "a_test.cpp:7: a test's name begins with a small letter: A run ends"),
    ],
    "process_counts": [
        ({"README.md": "The exporter consists of\nfour processes.\n"},
         "README.md:2: four processes"),
        ({"docs/metrics.md": "Three processes run.\n"},
         "docs/metrics.md:1: Three processes"),
    ],
    "unit": [
        ({"packaging/systemd/command-exporter.service":
          "[Service]\nExecStart=/x\nKillMod=mixed\n"}, "KillMod"),
    ],
}
