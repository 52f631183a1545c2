"""Allowed includes, folder by folder, without circles."""
import os

from tree import GENERATED, PRODUCT, SOURCE, files, includes

# A room is a folder, or a tree of folders whose inner borders do not matter. The
# table lists the rooms that a room may include, beside itself and core/base, which
# is open to all: a name is a room, a name that ends in .hpp a header.
MAY_INCLUDE = {
    "core/base": [],
    "core/config": [],
    "core/jq": [],
    "core/metrics": [],
    "core/metrics/reading": ["core/metrics"],
    "core/metrics/writing": ["core/metrics"],
    "core/process/client": ["core/process/command", "core/process/ipc"],
    "core/process/command": [],
    "core/process/guardian": [
        "core/process/ipc", "core/process/system",
        "core/process/launcher/launcher.hpp",
        "core/process/launcher/launcher_setup.hpp"],
    "core/process/ipc": ["core/process/command", "core/process/system"],
    "core/process/launcher": [
        "core/process/command", "core/process/ipc", "core/process/spawn",
        "core/process/system"],
    "core/process/spawn": ["core/process/command"],
    "core/process/system": [],
    "core/scrape": ["core/metrics"],
    "core/web": ["core/metrics", "core/metrics/writing", "core/scrape"],
    "collectors/formats": ["core/config", "core/jq",
                           "core/metrics/drops.hpp"],
    "collectors/mapping": ["collectors/formats", "core/config",
                           "core/metrics"],
    "collectors": [
        "collectors/formats", "collectors/mapping", "core/config", "core/jq",
        "core/metrics", "core/metrics/reading", "core/process/command",
        "core/scrape"],
    "collectors/commands": [
        "collectors", "core/config", "core/jq", "core/metrics",
        "core/process/command", "core/process/system"],
    "collectors/examples": [
        "collectors", "collectors/formats", "core/config", "core/jq",
        "core/metrics", "core/metrics/reading", "core/metrics/writing",
        "core/process/command", "core/scrape"],
    "core/service": [
        GENERATED, "collectors", "collectors/commands", "collectors/examples",
        "core/config", "core/jq", "core/metrics", "core/process/client",
        "core/process/command", "core/process/guardian", "core/process/ipc",
        "core/process/spawn", "core/process/system", "core/scrape",
        "core/web"],
    "core/cli": [
        "collectors", "collectors/examples", "core/config", "core/jq",
        "core/service", "core/web"],
    "main.cpp": ["core/cli"],
}


def room_of(path):
    """The innermost room of MAY_INCLUDE that holds a file, or None."""
    while path and path not in MAY_INCLUDE:
        path = os.path.dirname(path)
    return path or None


def layers(root):
    """Every include is allowed by the table."""
    for path in files(root, *SOURCE, under=PRODUCT):
        home = room_of(path)
        if home is None:
            yield f"{path}:1: in no room; name its folder in layer_rules.py"
            continue
        allowed = [home, *MAY_INCLUDE[home]]
        if home != "main.cpp":
            allowed.append("core/base")
        for number, quote, name in includes(root, path):
            if quote == '"' and name not in allowed and (
                    room_of(name) not in allowed):
                yield f"{path}:{number}: {home} may not include {name}"


def place(path):
    """A file's folders and its name. A header and its source have one name, and
    the layers of core are on the same level as the others."""
    return os.path.splitext(path.removeprefix("core/"))[0].split("/")


def arrows(root):
    """{folder: {(its member, another that the first includes)}}, where a member
    is a file or a folder."""
    found = {}
    for path in files(root, *SOURCE, under=PRODUCT):
        for _, quote, name in includes(root, path):
            if quote != '"' or name == GENERATED:
                continue
            here, there = place(path), place(name)
            depth = len(os.path.commonprefix([here, there]))
            # A file and a folder of the same name are one member.
            if depth < min(len(here), len(there)):
                folder = "/".join(path.split("/")[:len(path.split("/")) -
                                                  len(here) + depth])
                found.setdefault(folder or "core", set()).add(
                    (here[depth], there[depth]))
    return found


def circle_in(pairs):
    """The members of one circle, or None."""
    left = set(pairs)
    while left:
        sources = {source for source, _ in left}
        kept = {(source, target) for source, target in left
                if target in sources}
        if kept == left:
            break
        left = kept
    if not left:
        return None
    path = [min(left)[0]]
    while path[-1] not in path[:-1]:
        path.append(min(target for source, target in left
                        if source == path[-1]))
    return path[path.index(path[-1]):]


def circles(root):
    """No include among the files and folders of a folder closes a circle."""
    for folder, pairs in sorted(arrows(root).items()):
        circle = circle_in(pairs)
        if circle:
            yield (f"{folder}:1: includes in a circle: "
                   + " -> ".join(circle))
