"""The rules' view of a tree: its files, their lines, their includes."""
import os
import re

SOURCE = (".cpp", ".hpp")
GENERATED = "build_version.hpp"


def files(root, *endings, under=("",)):
    """Paths relative to root, sorted; without build folders and dot files."""
    found = []
    for folder, names, leaves in os.walk(root):
        here = os.path.relpath(folder, root).replace("\\", "/")
        names[:] = [name for name in names if name[0] != "." and not (
            here == "." and name.startswith("build"))]
        for leaf in leaves:
            path = leaf if here == "." else f"{here}/{leaf}"
            if path.endswith(endings) and path.startswith(tuple(under)):
                found.append(path)
    return sorted(found)


def lines(root, path):
    with open(os.path.join(root, path), encoding="utf-8", newline="") as file:
        return file.read().split("\n")


PRODUCT = ("core/", "collectors/", "main.cpp")

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes(root, path):
    for number, line in enumerate(lines(root, path), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1], match[2]
