"""The rule that holds a class to the one pair of files that has its name."""
import os
import re

from tree import SOURCE, files, lines

UNDER = ("core/", "collectors/")

NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<end>\w*)\(.*?\)(?P=end)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<!\w)'(?:\\.|[^'\\\n])*'|^[ ]*#(?:\\\n|[^\n])*", re.S | re.M)
TEMPLATE = re.compile(r"<[^<>]*>")
CLASS = re.compile(r"(?:template\s+)*(class|struct|union)\s+"
                   r"(?:\[\[.*?\]\]\s*|alignas\(.*?\)\s*)*([\w:]+)")
MEMBER = re.compile(r"(\w+(?:::\w+)*)::(~?\w+|operator[^\w\s]+)\s*\(")


def heads(text):
    """(line, what stands before its brace or semicolon) of all that a
    namespace holds."""
    text = NOISE.sub(lambda match: " " + "\n" * match[0].count("\n"), text)
    scopes, begin = [], 0  # for each open brace, whether of a namespace
    for match in re.finditer(r"[{};]", text):
        if all(scopes):
            head = text[begin:match.start()]
            before = len(head) - len(head.lstrip())
            line = text.count("\n", 0, begin + before) + 1
            head = head.strip()
            if match[0] != "}":
                yield line, head, match[0] == "{"
            if match[0] == "{":
                scopes.append(re.match(r"(inline )?namespace\b", head))
        elif match[0] == "{":
            scopes.append(None)
        if match[0] == "}" and scopes:
            scopes.pop()
        begin = match.end()


def without_templates(head):
    while TEMPLATE.search(head):
        head = TEMPLATE.sub("", head)
    return head


def read(root, path):
    """The classes that a file defines, {name: (line, keyword)}, and the members
    that it defines outside of their class, [(line, class, function)]."""
    defined, members = {}, []
    for line, head, has_body in heads("\n".join(lines(root, path))):
        head = without_templates(head)
        found = CLASS.match(head)
        if found:
            if has_body:
                defined.setdefault(found[2], (line, found[1]))
            continue
        found = MEMBER.search(head)
        # Neither an argument nor the value of a variable.
        if (found and not re.search("[(=,]", head[:found.start()]) and
                (has_body or re.search(r"=\s*default$", head))):
            members.append((line, found[1], found[2]))
    return defined, members


def plain(name):
    return name.replace("_", "").lower()


def homes(owner, path, tree):
    """The class of a member, and the files that define it: this one or headers.
    For a nested class that none of them defines, its outer class."""
    while True:
        if owner in tree[path][0]:
            return owner, [path]
        found = [header for header, (defined, _) in tree.items()
                 if header.endswith(".hpp") and owner in defined]
        if found or "::" not in owner:
            return owner, found
        owner = owner.rpartition("::")[0]


def breaches(root):
    tree = {path: read(root, path)
            for path in files(root, *SOURCE, under=UNDER)}
    outside, told = set(), set()
    for path, (_, members) in tree.items():
        for line, owner, function in members:
            name, found = homes(owner, path, tree)
            outside.update((header, name) for header in found)
            if found and (path, owner) not in told and path[:-4] not in [
                    header[:-4] for header in found]:
                told.add((path, owner))
                yield path, line, (
                    f"{owner}::{function} belongs in {found[0][:-4]}.cpp, "
                    "beside its class: divide the class, not the file")
    for path, (defined, _) in tree.items():
        # A struct is a value beside the functions that take it.
        found = [name for name, (_, keyword) in defined.items()
                 if keyword == "class" and (path, name) in outside]
        if (path.endswith(".hpp") and found and plain(
                os.path.basename(path)[:-4]) not in map(plain, defined)):
            yield path, defined[found[0]][0], (
                f"{' and '.join(found)}: no class here has the file's name")


def classes(root):
    """A class lives in the one pair of files that has its name."""
    for path, line, what in breaches(root):
        yield f"{path}:{line}: {what}"
