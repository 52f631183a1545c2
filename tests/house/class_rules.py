"""The rule that holds a class to the one pair of files that has its name."""
import os
import re

from tree import SOURCE, files, lines

UNDER = ("core/", "collectors/")

# What breaks the rule and is still to be divided or renamed. An entry that is
# no longer needed is a breach itself.
PENDING = ()

NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<end>\w*)\(.*?\)(?P=end)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<!\w)'(?:\\.|[^'\\\n])*'|^[ ]*#(?:\\\n|[^\n])*", re.S | re.M)
TEMPLATE = re.compile(r"<[^<>]*>")
CLASS = re.compile(r"(?:template\s+)*(?:class|struct|union)\s+"
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
    """The classes that a file defines, {name: line}, and the members that it
    defines outside of their class, [(line, class, function)]."""
    classes, members = {}, []
    for line, head, has_body in heads("\n".join(lines(root, path))):
        head = without_templates(head)
        found = CLASS.match(head)
        if found:
            if has_body:
                classes.setdefault(found[1], line)
            continue
        found = MEMBER.search(head)
        # Neither an argument nor the value of a variable.
        if (found and not re.search("[(=,]", head[:found.start()]) and
                (has_body or re.search(r"=\s*default$", head))):
            members.append((line, found[1], found[2]))
    return classes, members


def plain(name):
    return name.replace("_", "").lower()


def homes(owner, path, defined):
    """The name of a member's class and the files with its definition; of a
    nested class without one that a header or this file has, the outer's."""
    while True:
        if owner in defined[path][0]:
            return owner, [path]
        found = [header for header, (classes, _) in defined.items()
                 if header.endswith(".hpp") and owner in classes]
        if found or "::" not in owner:
            return owner, found
        owner = owner.rpartition("::")[0]


def breaches(root):
    defined = {path: read(root, path)
               for path in files(root, *SOURCE, under=UNDER)}
    outside = set()  # (header, class) with a member outside of the class
    for path, (_, members) in defined.items():
        for line, owner, function in members:
            name, found = homes(owner, path, defined)
            outside.update((header, name) for header in found)
            if found and path[:-4] not in [header[:-4] for header in found]:
                yield path, line, (
                    f"{owner}::{function} belongs into {found[0][:-4]}.cpp, "
                    "beside its class: divide the class, not the file")
    for path, (classes, _) in defined.items():
        names = [name for name in classes if (path, name) in outside]
        if (path.endswith(".hpp") and names and plain(
                os.path.basename(path)[:-4]) not in map(plain, classes)):
            yield path, classes[names[0]], (
                f"{' and '.join(names)}: no class has the file's name")


def classes(root):
    """A class lives in the one pair of files that has its name."""
    pending = set()
    for path, line, what in breaches(root):
        if path in PENDING:
            pending.add(path)
        else:
            yield f"{path}:{line}: {what}"
    for path in PENDING:
        if path not in pending and os.path.isfile(os.path.join(root, path)):
            yield f"{path}:1: keeps the rule now: remove it from PENDING"
