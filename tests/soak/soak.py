#!/usr/bin/env python3
"""The soak: hostile programs for a minute, or for hours, and no violation.

    cmake --build build/release --target command_exporter soak_launcher
    python3 tests/soak/soak.py build/release [--seconds 7200] [--seed N]
                               [--part launcher|program]

Half of the time is for the launcher alone, at the highest rate
(launcher_soak.hpp describes it). The other half is for the whole program: scrapes
of all lengths from several clients, some of which disconnect, reloads with good
and bad files, and sometimes a launcher that is killed. Every few seconds the load
pauses, and then nothing may be left: no process, no zombie, no marker. Each role
must have its original descriptors. The launcher may have at most three megabytes
more than at its start, since its tables of thousands of orphans stay allocated;
guardian and web side must be as large as after the warm-up.

A scrape is checked when it arrives: answered in its budget and half a second,
every collector in it once, each healthy one up and correct. On a busy machine that
bound is widened by the delay of a timer of our own in the same time, and by no
more. The seed is printed. It determines the order of events, but not the timing of
the machine. The last line of each part counts the violations; the exit status is 1
if there was one.

The part of the whole program needs root: nobody else may count the descriptors
of the exporter's processes. Without it that part is skipped, and says so.
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent


def parse_arguments():
    arguments = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int,
                           default=random.SystemRandom().getrandbits(32))
    arguments.add_argument("--part", choices=("launcher", "program"))
    return arguments.parse_args()


def soak_launcher(build, seconds, seed):
    return subprocess.run(
        [build / "tests/soak/soak_launcher", "--seconds", str(int(seconds)),
         "--seed", str(seed)], check=False).returncode == 0


def soak_program(build, seconds, seed):
    os.environ["COMMAND_EXPORTER_PROGRAM"] = str(build / "command_exporter")
    os.environ["COMMAND_EXPORTER_SOURCE_DIR"] = str(HERE.parent.parent)
    sys.path.insert(0, str(HERE.parent / "e2e"))
    from probes import lack
    from soak_program import ProgramSoak  # needs both of the above
    if lack("root"):
        print(f"skipped: root: {lack('root')}")
        return True
    with ProgramSoak(build / "tests/soak/soak_launcher", seed) as soak:
        soak.run(time.monotonic() + seconds)
        return soak.conclude()


def main():
    sys.dont_write_bytecode = True
    options = parse_arguments()
    build = options.build.resolve()
    parts = [options.part] if options.part else ["launcher", "program"]
    seconds = options.seconds / len(parts)
    results = [
        soak_launcher(build, seconds, options.seed) if part == "launcher" else
        soak_program(build, seconds, options.seed) for part in parts]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
