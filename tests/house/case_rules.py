"""The table of hostile cases: docs/hostile-cases.md.

It has a row for each number from 1 on, and every test that a row names exists;
a row without one says so.
"""
import os
import re

from skip_rules import read, test_files, tests_of

TABLE = "docs/hostile-cases.md"
ROW = re.compile(r"\| (\d+) \|.*\| ([^|]*) \|$")
CASES = 72
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
