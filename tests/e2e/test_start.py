"""What the exporter needs at its start, and what may not end it later."""

import os
import re
import signal
import subprocess
import tempfile
import unittest

from probes import needs
from support import EndToEndTest, Exporter, PROGRAM, wait_until

TWELVE = """
[[collector]]
name = "twelve"
command = ["echo", "12"]
format = "number"
metric = [{ name = "twelve_value" }]
"""

# 170 kB of numbers: more than the limit of file size below.
LARGE = """
[[collector]]
name = "large"
shell = "seq 30000"
format = "json"
max_samples = 100000
metric = [{ name = "large_values", aggregate = "count" }]
"""

# Signals that a command of the exporter ignores, as a number.
IGNORED = """
[[collector]]
name = "ignored"
shell = "printf '%d' 0x$(sed -n 's/^SigIgn:[^0-9a-f]*//p' /proc/self/status)"
format = "number"
metric = [{ name = "ignored_signals" }]
"""


def ended(*wrapper, config=TWELVE, seconds=60):
    """(status, log) of an exporter that ends at its start."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "exporter.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(config)
        run = subprocess.run(
            [*wrapper, PROGRAM, f"--config.file={path}",
             "--web.listen-address=127.0.0.1:0"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=seconds, check=False)
        return run.returncode, run.stderr


def prlimit(**limits):
    return ["prlimit", *(f"--{name}={value}:{value}"
                         for name, value in limits.items())]


class Conditions(EndToEndTest):

    @needs("mount_namespace")
    def test_without_proc_it_does_not_start(self):
        status, log = ended(
            "unshare", "--mount", "sh", "-c",
            'mount -t tmpfs none /proc && exec "$@"', "sh")
        self.assertEqual(status, 1, log)
        self.assertIn("/proc/self/stat: No such file or directory", log)
        self.assertIn("mount -t proc proc /proc", log)

    def test_too_few_descriptors_end_the_start_with_their_number(self):
        status, log = ended(*prlimit(nofile=12))
        self.assertEqual(status, 1, log)
        self.assertRegex(log, "may have 12 and needs [0-9]{3}, without those")
        status, log = ended(*prlimit(nofile=310))
        self.assertEqual(status, 1, log)
        found = re.search("may have 310 and needs ([0-9]+) when 1 of its", log)
        self.assertTrue(found, log)
        self.assertIn("LimitNOFILE=", log)
        with Exporter(TWELVE,
                      wrapper=prlimit(nofile=found[1])) as exporter:
            self.assertEqual(exporter.scrape().value("twelve_value"), 12)
            self.assert_stops(exporter)

    def test_too_little_memory_for_threads_is_named(self):
        limit = 128 * 1024 * 1024
        status, log = ended(*prlimit(**{"as": limit}))
        self.assertEqual(status, 1, log)
        self.assertIn("may map 128 MiB", log)
        self.assertIn("LimitAS=", log)


class Signals(EndToEndTest):

    def test_a_limit_of_file_size_fails_one_collector(self):
        with Exporter(TWELVE + LARGE,
                      wrapper=prlimit(fsize=100000)) as exporter:
            for _ in range(3):
                scrape = exporter.scrape()
                self.assertEqual(scrape.up("twelve"), 1)
                self.assertEqual(scrape.up("large"), 0)
            self.assert_stops(exporter)

    def test_a_full_log_file_ends_nothing(self):
        with Exporter(TWELVE, wrapper=prlimit(fsize=8000)) as exporter:
            exporter.write("nonsense = 1\n")

            def is_full():
                exporter.process.send_signal(signal.SIGHUP)
                return exporter.log_path.stat().st_size == 8000

            wait_until(is_full, 60, "the log is full")
            exporter.process.send_signal(signal.SIGHUP)
            self.assertEqual(exporter.scrape().up("twelve"), 1)
            self.assert_stops(exporter)

    def test_standard_error_without_a_reader_ends_nothing(self):
        reader, writer = os.pipe()
        os.close(reader)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "exporter.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(TWELVE)
            process = subprocess.Popen(
                [PROGRAM, f"--config.file={path}",
                 "--web.listen-address=127.0.0.1:0"],
                stdin=subprocess.DEVNULL, stdout=writer, stderr=writer)
            os.close(writer)
            try:
                wait_until(lambda: self.listens(process), 30, "it listens")
                process.terminate()
                self.assertEqual(process.wait(30), 0)
            finally:
                process.kill()
                process.wait()

    @staticmethod
    def listens(process):
        """Its web side has all its threads."""
        if process.poll() is not None:
            raise AssertionError(f"it has ended: {process.returncode}")
        try:
            with open(f"/proc/{process.pid}/task/{process.pid}/children",
                      encoding="utf-8") as children:
                return any(len(os.listdir(f"/proc/{pid}/task")) > 100
                           for pid in children.read().split())
        except OSError:
            return False

    def test_commands_ignore_no_signal(self):
        with Exporter(IGNORED) as exporter:
            scrape = exporter.scrape()
            self.assertEqual(scrape.value("ignored_signals"), 0)
            self.assert_stops(exporter)


class DamagedFiles(EndToEndTest):

    def test_a_file_without_collectors_replaces_none(self):
        with Exporter(TWELVE) as exporter:
            for text in ("", "[exporter]\ntimeout = \"3s\"\n"):
                exporter.write(text)
                before = exporter.log().count("it has no [[collector]]")
                exporter.process.send_signal(signal.SIGHUP)
                wait_until(lambda: exporter.log().count(
                    "it has no [[collector]]; the running configuration, which "
                    "has 1 collector, stays") > before, 20, "it is refused")
            scrape = exporter.scrape()
            self.assertEqual(scrape.value("twelve_value"), 12)
            self.assertEqual(scrape.value(
                "command_exporter_config_last_reload_successful"), 0)
            self.assert_stops(exporter)

    def test_an_exporter_without_collectors_may_start_and_reload(self):
        with Exporter("") as exporter:
            exporter.write("# still none\n")
            exporter.process.send_signal(signal.SIGHUP)
            exporter.write(TWELVE)

            def serves():
                exporter.process.send_signal(signal.SIGHUP)
                return exporter.scrape().values("twelve_value") == [12]

            wait_until(serves, 20, "the collector is served")
            self.assert_stops(exporter)

    def test_hundreds_of_thousands_of_errors_are_few_lines(self):
        with Exporter(TWELVE) as exporter:
            for count, told in ((140000, "... and 139950 more errors"),
                                (300000, "too long: above this line are")):
                exporter.write("".join(f"[t{i}]\n" for i in range(count)))
                exporter.process.send_signal(signal.SIGHUP)
                wait_until(lambda told=told: told in exporter.log(), 60,
                           "it is refused")
            self.assertLess(len(exporter.log()), 30000)
            self.assertEqual(exporter.scrape().up("twelve"), 1)
            self.assert_stops(exporter)

    def test_a_damaged_file_costs_little(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "exporter.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write("".join(f"[t{i}]\n" for i in range(300000)))
            check = subprocess.Popen(
                [PROGRAM, f"--config.file={path}", "--config.check"],
                stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(check.pid, 0)
            check.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(check.returncode, 1)
        self.assertLess(usage.ru_maxrss, 100 * 1024)  # kilobytes
        self.assertLess(usage.ru_utime + usage.ru_stime, 1)


if __name__ == "__main__":
    unittest.main()
