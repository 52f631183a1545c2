"""python3 run.py BUILD_DIR [TARGET...] [--seconds N] [--jobs N] [--corpus DIR]

Runs the fuzz targets of a build with the preset `fuzz`, each for N seconds,
starting from real inputs (the golden cases, the delivered configuration). A
finding is a crash, a sanitizer's report, a failed check, or a case that takes
more than a second; the input is kept in BUILD_DIR/findings and printed with the
command that repeats it. For long runs: --seconds 7200, with --corpus so that
the next run continues where this one ended.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = SOURCE / "tests/collectors/formats/golden"
# Between the texts of one file.
CUT = b"%%%\n"
WORDS = {
    "duration": ["1s", "1m30s", "500ms", "1h2m3s4ms", "0s", "1.5s", "9999999h",
                 "1d", "-1s", "1", "s"],
    "units": ["1", "-0", "57%", "1.5GiB", "1e308", "0x10", "12 ms", "NaN",
              "+Inf", "1_0", "1kB", "5e-324", "1.7976931348623157e308",
              "1.2M/s", "5E", "1,234K", "1.234.567", "1'234", "1 234 567",
              "0b101", "0o17", "1d2h", "2 hours, 5 minutes", "895h+03m",
              "01:09:48", "2-01:24:56", "5 days, 03:04:05", "03:25.123",
              "62.8 Minutes", "12\u00B5s", "2y35d", "01:02"],
}


def expositions():
    """Texts that we and others are known to accept, or to reject."""
    for path in sorted((SOURCE / "tests/fixtures/exposition").rglob("*.*")):
        yield from path.read_bytes().split(CUT)


def seeds(target):
    if target in WORDS:
        return [word.encode() for word in WORDS[target]]
    if target == "config":
        files = [SOURCE / "exporter.toml", *GOLDEN.rglob("collector.toml"),
                 *(SOURCE / "tests/fixtures").rglob("*.toml")]
        return [path.read_bytes() for path in files]
    if target.startswith("format_"):
        folders = sorted(path for path in
                         (GOLDEN / target.removeprefix("format_")).iterdir())
        outputs = [bytes([number, 0]) + (folder / "stdout").read_bytes()
                   for number, folder in enumerate(folders)]
        if target == "format_prometheus":
            outputs += [bytes(2) + text for text in expositions()]
        return outputs
    if target == "jq":
        return jq_bytes()
    return [b""]


def jq_bytes():
    """One of each that core/jq receives, behind the byte that says which."""
    def text(value):
        return struct.pack("=I", len(value)) + value

    request = (struct.pack("=I", 2**32 - 1) + text(b".[]|{used}") +
               struct.pack("=I", 2) + text(b"used") + text(b"free") +
               text(b'{"used":12}'))
    records = (b"i" + struct.pack("=I", 7) + b"f" + text(b"used") +
               text(b"12"))
    not_finite = b"n" + text(b"used") + text(b"NaN")
    return [b"\0" + request, b"\1\3" + struct.pack("=IIQqQ", 2, 0, 1, 2, 3),
            b"\1\4" + bytes(32), b"\2" + records + b"e",
            b"\2" + records + not_finite + b"e",
            b"\2" + records + b"x\0" + text(b"why"),
            b"\3words\n\0ended\0" + struct.pack("=i", 9)]


def fuzz(program, seconds, corpus, findings):
    """(report, whether it succeeded)"""
    target = program.name.removeprefix("fuzz_")
    with tempfile.TemporaryDirectory(prefix="fuzz_") as folder:
        start = pathlib.Path(folder) / "seeds"
        start.mkdir()
        for number, seed in enumerate(seeds(target)):
            (start / str(number)).write_bytes(seed)
        grown = pathlib.Path(corpus or folder) / target
        grown.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [program, f"-max_total_time={seconds}", "-timeout=1",
             "-rss_limit_mb=2048", "-print_final_stats=1", "-max_len=65536",
             f"-artifact_prefix={findings}/{target}-", grown, start],
            capture_output=True, text=True, errors="replace", check=False,
            env={**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1"})
    runs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    if done.returncode == 0 and runs and int(runs[1]) > 0:
        return f"{target}: {runs[1]} cases", True
    kept = re.search(r"Test unit written to (\S+)", done.stderr)
    again = f"  again: {program} {kept[1]}\n" if kept else ""
    return (f"{target}: a finding (exit status {done.returncode})\n{again}" +
            "\n".join(done.stderr.splitlines()[-60:])), False


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__.split("\n\n", maxsplit=1)[1])
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("targets", nargs="*")
    arguments.add_argument("--seconds", type=int, default=15)
    arguments.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments.add_argument("--corpus")
    given = arguments.parse_args()
    programs = sorted(
        path for path in (given.build / "tests/fuzz").glob("fuzz_*")
        if os.access(path, os.X_OK) and path.is_file() and (
            not given.targets or
            path.name.removeprefix("fuzz_") in given.targets))
    if not programs:
        print(f"no such targets in {given.build}/tests/fuzz")
        return 1
    findings = given.build / "findings"
    findings.mkdir(exist_ok=True)
    well = True
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for report, good in pool.map(
                lambda program: fuzz(program, given.seconds, given.corpus,
                                     findings), programs):
            print(report, flush=True)
            well = well and good
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
