#!/usr/bin/env python3
"""tidy.py BUILD_FOLDER STAMP_FOLDER: clang-tidy over the product's files.

clang-tidy needs seconds for each file, so a file whose text, headers, flags and
tool have passed before is skipped. ninja lists the includes of a file from its
build. The stamps contain no path of this tree, so that a fresh clone can use
them. Each file is read without the build's precompiled headers, which are gcc's,
and so must include what it needs.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import shlex
import subprocess
import sys


def output_of(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          **options).stdout


def dependencies(build):
    """{object: [file it was made from]} from ninja's log."""
    found, current = {}, None
    for line in output_of("ninja", "-C", build, "-t", "deps").splitlines():
        if line.startswith("    "):
            found[current].append(os.path.join(build, line.strip()))
        elif ": #deps" in line:
            current = line.split(": #deps")[0]
            found[current] = []
    return found


def without_precompiled(command):
    """(the words of a command, which then reads no precompiled header; those
    headers)"""
    words, headers = shlex.split(command), []
    while "-include" in words:
        at = words.index("-include")
        headers.append(words[at + 1])
        del words[at:at + 2]
    return [word for word in words
            if word not in ("-Winvalid-pch", "-fpch-preprocess")], headers


@functools.lru_cache(maxsize=None)
def hash_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def stamp_name(words, files, root, tool):
    key = hashlib.sha256()
    for part in (tool, " ".join(words).replace(root, "."),
                 hash_of(os.path.join(root, ".clang-tidy")),
                 *(hash_of(file) for file in sorted(files))):
        key.update(part.encode() + b"\0")
    return "tidy-" + key.hexdigest()


def check(job):
    """None if the file passes, else the output of clang-tidy."""
    file, commands, stamp = job
    run = subprocess.run(["clang-tidy", "--quiet", "-p", commands, file],
                         capture_output=True, text=True, check=False)
    if run.returncode != 0:
        return run.stdout + run.stderr
    with open(stamp, "w", encoding="utf-8"):
        return None


def main():
    build, stamps = (os.path.abspath(folder) for folder in sys.argv[1:])
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(build, "compile_commands.json"),
              encoding="utf-8") as file:
        entries = json.load(file)
    made_from = dependencies(build)
    tool = output_of("clang-tidy", "--version")
    product = [os.path.join(root, part) for part in
               ("core/", "collectors/", "main.cpp")]
    commands = os.path.join(build, "tidy")
    os.makedirs(commands, exist_ok=True)
    checked, jobs = [], []
    for entry in entries:
        if not entry["file"].startswith(tuple(product)):
            continue
        words, headers = without_precompiled(entry["command"])
        # ccache omits the files of a precompiled header from an object's list.
        targets = [words[words.index("-o") + 1],
                   *(os.path.relpath(name + ".gch", build) for name in headers)]
        if any(target not in made_from for target in targets):
            sys.exit(f"tidy.py: {entry['file']} is not built in {build}")
        checked.append({"file": entry["file"], "directory": build,
                        "arguments": words})
        files = [file for target in targets for file in made_from[target]
                 if not file.endswith(".gch")]
        stamp = os.path.join(stamps, stamp_name(words, files, root, tool))
        if os.path.exists(stamp):
            os.utime(stamp)
        else:
            jobs.append((entry["file"], commands, stamp))
    with open(os.path.join(commands, "compile_commands.json"), "w",
              encoding="utf-8") as file:
        json.dump(checked, file)
    print(f"clang-tidy: {len(jobs)} files to look at", flush=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for report in pool.map(check, jobs):
            if report is not None:
                failed += 1
                print(report, flush=True)
    if failed:
        sys.exit(f"tidy.py: {failed} files with findings")


main()
