"""The table of hostile cases: docs/hostile-cases.md.

It has a row for each number from 1 on, and every test named in a row exists;
a row without a test says so.
"""
import os
import re

from skip_rules import cpp_cases, read, test_files, tests_of

TABLE = "docs/hostile-cases.md"
ROW = re.compile(r"\| (\d+) \|.*\| ([^|]*) \|$")
CASES = 111
NOT_TRIED = "not tried"


def known_tests(root):
    """Names as ctest and unittest have them, and rules of the house."""
    names = set()
    if os.path.exists(os.path.join(root, "tests/house")):
        rules = re.findall(r"^def (\w+)\(root\):",
                           read(root, "tests/house/rules.py"), re.M)
        names = {f"house: {rule}" for rule in rules}
    if os.path.exists(os.path.join(root, "tests/soak")):
        names |= {"soak: launcher", "soak: program"}
    for path in test_files(root):
        names |= {name for name, _, _ in tests_of(root, path)}
    return names


def hostile_cases(root):
    """Each hostile case names tests that exist, or says that it has none."""
    if not os.path.exists(os.path.join(root, TABLE)):
        return
    known = known_tests(root)
    found = []
    for line, text in enumerate(read(root, TABLE).splitlines(), 1):
        row = ROW.match(text)
        if row is None:
            continue
        found.append(int(row[1]))
        names = re.findall(r"`([^`]+)`", row[2])
        if not names and row[2] != NOT_TRIED:
            yield (f"{TABLE}:{line}: case {row[1]} names no test; "
                   f"say so: {NOT_TRIED}")
        for name in names:
            if name not in known:
                yield f"{TABLE}:{line}: no such test: {name}"
    if found != list(range(1, CASES + 1)):
        yield f"{TABLE}:1: must have the cases 1 to {CASES} once, in order"


# Words that have a capital at any place of a sentence.
CAPITALS = ("Prometheus", "Linux", "Unix")
CAPITALIZED = re.compile(r"([A-Z][a-z]*)(?![A-Za-z0-9-])")


def test_names(root):
    """A test's name is a sentence behind the label of its layer."""
    for path in test_files(root):
        if path.endswith(".cpp"):
            for name, line, _ in cpp_cases(read(root, path)):
                word = CAPITALIZED.match(name)
                if word and word[1] not in CAPITALS and (
                        word[1] == "A" or not word[1].isupper()):
                    yield (f"{path}:{line}: a test's name begins with a small "
                           f"letter: {name}")
