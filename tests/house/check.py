#!/usr/bin/env python3
"""check.py RULE ROOT: checks the tree against one rule of rules.py.
check.py --prove RULE: shows on made-up trees that the rule can fail, and that it
does not fail on a correct tree.
check.py --list: the names of all rules. Exit status 77: cannot be tried here."""
import os
import sys
import tempfile

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from broken import BROKEN, SOUND  # noqa: E402
from rules import RULES  # noqa: E402
from skip_rules import missing_tool  # noqa: E402


def breaches_in(rule, tree):
    with tempfile.TemporaryDirectory() as root:
        for path, text in tree.items():
            place = os.path.join(root, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        return list(rule(root))


def prove(name):
    rule = RULES[name]
    wrong = [f"the sound tree breaks it: {line}"
             for line in breaches_in(rule, SOUND)]
    for tree, expected in BROKEN[name]:
        found = breaches_in(rule, {**SOUND, **tree})
        if len([line for line in found if expected in line]) != 1:
            wrong.append(f"expected one line with {expected!r}, got {found}")
    return wrong


def main():
    if sys.argv[1] == "--list":
        print(";".join(RULES), end="")
        return
    proving = sys.argv[1] == "--prove"
    name = sys.argv[2 if proving else 1]
    missing = missing_tool(name)
    if missing:
        print(f"skipped: {missing}: not installed")
        sys.exit(77)
    wrong = prove(name) if proving else list(RULES[name](sys.argv[2]))
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


main()
