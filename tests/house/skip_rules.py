"""The tests that a machine may skip: tests/expected_skips.txt.

A line is `PROBE TEST`, where TEST is the name in ctest or unittest. The list is
exact: a test with a probe that the list lacks, and a line without such a test,
both fail, on every machine.
"""
import ast
import os
import re
import shutil

EXPECTED = "tests/expected_skips.txt"
CASE = re.compile(r'TEST_CASE(?:_METHOD\(\w+,|\()\s*((?:"(?:[^"\\]|\\.)*"\s*)+)(?:,[^)]*)?\)\s*\{'
                  r'((?:\s*NEEDS\(\w+\);)*)')
NEEDS = re.compile(r"\bNEEDS\((\w+)\)")
# Ways to skip a test that would not be counted.
UNCOUNTED = re.compile(r"\b(skipTest|SkipTest|skipIf|skipUnless|unittest\.skip"
                       r"|WARN\()")


# The tool that a rule of the house needs: its probe.
TOOLS = {"unit": "systemd-analyze"}
SOAK = "root", "soak: program"


def missing_tool(rule):
    """The missing tool without which a rule cannot be tried here, or None."""
    tool = TOOLS.get(rule)
    return (None if tool is None or shutil.which(tool)
            else tool.replace("-", "_"))


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def cpp_cases(text):
    """(name, line, probes) of each case of Catch2."""
    for case in CASE.finditer(text):
        name = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', case[1]))
        yield name, text.count("\n", 0, case.start()) + 1, NEEDS.findall(case[2])


def label(path):
    """The prefix of tests/CMakeLists.txt for the names of a folder's cases."""
    parts = path.split("/")
    return parts[2] if parts[1] == "core" else parts[1]


def python_tests(path, text):
    """(name, line, probes) of each class and method of unittest."""
    module = os.path.basename(path)[:-3]
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            yield f"{module}.{node.name}", node.lineno, decorators(node)
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield (f"{module}.{node.name}.{method.name}",
                           method.lineno, decorators(method))


def decorators(node):
    return [call.args[0].value for call in node.decorator_list
            if isinstance(call, ast.Call) and
            getattr(call.func, "id", "") == "needs"]


def tests_of(root, path):
    text = read(root, path)
    if path.endswith(".py"):
        return list(python_tests(path, text))
    return [(f"{label(path)}: {name}", line, probes)
            for name, line, probes in cpp_cases(text)]


def test_files(root):
    for folder, _, names in os.walk(os.path.join(root, "tests")):
        for name in sorted(names):
            if re.fullmatch(r".*_test\.cpp|test_.*\.py", name):
                yield os.path.relpath(os.path.join(folder, name), root)


def uncounted(root, path):
    text = read(root, path)
    for number, line in enumerate(text.split("\n"), 1):
        found = UNCOUNTED.search(line)
        if found:
            yield (f"{path}:{number}: {found[0]}: leave a test out by NEEDS "
                   "or @needs only, which is counted")
    if path.endswith(".cpp"):
        first = sum(len(probes) for _, _, probes in cpp_cases(text))
        if len(NEEDS.findall(text)) != first:
            yield f"{path}:1: NEEDS stands first in its case, before all else"


def skips(root):
    """The list has every test that may be skipped, with its probe, and no other."""
    listed = {}
    if os.path.exists(os.path.join(root, EXPECTED)):
        for number, line in enumerate(read(root, EXPECTED).splitlines(), 1):
            if line and not line.startswith("#"):
                listed[tuple(line.split(" ", 1))] = number
    if os.path.exists(os.path.join(root, "tests/house")):
        for rule, tool in TOOLS.items():
            entry = tool.replace("-", "_"), f"house: {rule}"
            if listed.pop(entry, None) is None:
                yield f"tests/house:1: add to {EXPECTED}: " + " ".join(entry)
    if (os.path.exists(os.path.join(root, "tests/soak")) and
            listed.pop(SOAK, None) is None):
        yield f"tests/soak:1: add to {EXPECTED}: " + " ".join(SOAK)
    for path in test_files(root):
        yield from uncounted(root, path)
        for name, line, probes in tests_of(root, path):
            for probe in probes:
                if listed.pop((probe, name), None) is None:
                    yield (f"{path}:{line}: add to {EXPECTED}: "
                           f"{probe} {name}")
    for entry, number in listed.items():
        yield (f"{EXPECTED}:{number}: no test has this probe and name: "
               + " ".join(entry))
