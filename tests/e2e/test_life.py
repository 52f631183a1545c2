"""Start, reload, stop and death: after each, no process is left."""

import concurrent.futures
import fcntl
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from probes import needs
from support import (EndToEndTest, Exporter, marked, parent_and_state,
                     processes, wait_until)

SLEEPERS = "".join(f"""
[[collector]]
name = "sleeper{i}"
shell = "(setsid sleep 31.{i} >/dev/null 2>&1 &); sleep 3; echo 1"
env = {{ MARK = "TOKEN" }}
format = "number"
metric = [{{ name = "sleeper{i}", help = "One." }}]
""" for i in range(20))

THREE_SECONDS = """
[[collector]]
name = "slow"
shell = "sleep 3; echo 7"
env = { MARK = "TOKEN" }
format = "number"
metric = [{ name = "slow_value", help = "Seven." }]
"""

QUICK = """
[[collector]]
name = "quick"
shell = "echo VALUE"
env = { MARK = "TOKEN" }
format = "number"
metric = [{ name = "quick_value", help = "A number." }]
"""


class Life(EndToEndTest):
    def start(self, config, *arguments, **keywords):
        exporter = Exporter(config, *arguments, **keywords)
        exporter.__enter__()
        self.addCleanup(exporter.__exit__)
        return exporter

    def scrape_aside(self, exporter):
        """A scrape in another thread, running when this returns."""
        pool = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(pool.shutdown)
        runs = len(marked(exporter.token))
        future = pool.submit(exporter.scrape)
        wait_until(lambda: len(marked(exporter.token)) > runs, 5,
                   "a command runs")
        return future


class Stop(Life):
    def test_term_finishes_the_scrape_in_progress(self):
        exporter = self.start(THREE_SECONDS)
        answer = self.scrape_aside(exporter)
        start = time.monotonic()
        self.assertEqual(exporter.stop(), 0, exporter.log())
        self.assertLess(time.monotonic() - start, 10)
        self.assertEqual(answer.result().value("slow_value"), 7)
        self.assert_nothing_left(exporter)

    def test_a_second_term_does_not_wait(self):
        exporter = self.start(SLEEPERS)
        answer = self.scrape_aside(exporter)
        exporter.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        start = time.monotonic()
        self.assertEqual(exporter.stop(), 0, exporter.log())
        self.assertLess(time.monotonic() - start, 2.5)
        self.assertIsNotNone(answer.exception())
        self.assert_nothing_left(exporter)

    def test_int_to_the_process_group_is_a_graceful_stop(self):
        exporter = self.start(THREE_SECONDS)
        answer = self.scrape_aside(exporter)
        os.killpg(exporter.process.pid, signal.SIGINT)
        self.assertEqual(exporter.process.wait(timeout=30), 0)
        self.assertEqual(answer.result().value("slow_value"), 7)
        self.assert_nothing_left(exporter)


class Deaths(Life):
    def kill_in_the_middle(self, role):
        exporter = self.start(SLEEPERS)
        answer = self.scrape_aside(exporter)
        wait_until(lambda: len(marked(exporter.token)) > 40, 10,
                   "all commands run")
        pid = exporter.guardian() if role == "guardian" else (
            exporter.role(role))
        os.kill(pid, signal.SIGKILL)
        return exporter, answer, time.monotonic()

    def test_the_launcher_is_replaced(self):
        exporter, answer, killed = self.kill_in_the_middle("launcher")
        lost = answer.result()
        self.assert_nothing_left(exporter)
        for i in range(20):
            self.assertEqual(lost.failures(f"sleeper{i}"),
                             {"launcher_lost": 1})
        self.assertLess(time.monotonic() - killed, 1)
        exporter.write(QUICK.replace("VALUE", "5"))
        exporter.process.send_signal(signal.SIGHUP)
        # A scrape that still meets the old configuration takes three seconds.
        wait_until(lambda: exporter.scrape().values("quick_value") == [5], 15,
                   "the new launcher serves")
        self.assertEqual(exporter.scrape().value(
            "command_exporter_launcher_restarts_total"), 1)
        self.assert_stops(exporter)

    def test_the_next_scrape_is_complete_within_a_second(self):
        exporter = self.start(QUICK.replace("VALUE", "5"))
        exporter.scrape()
        os.kill(exporter.role("launcher"), signal.SIGKILL)
        start = time.monotonic()
        # A run sent before the death was noticed is lost with the launcher.
        wait_until(lambda: exporter.scrape().values("quick_value") == [5], 1,
                   "a complete scrape")
        self.assertLess(time.monotonic() - start, 1)
        self.assert_stops(exporter)

    def test_a_command_may_kill_its_parent(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            # Only once: its parent is the launcher.
            config = QUICK.replace(
                "echo VALUE", f"[ -e {folder}/TOKEN ] || "
                f"{{ touch {folder}/TOKEN; kill -9 $PPID; }}; echo 5")
            if os.geteuid() == 0:  # only root may kill root's launcher
                config = config.replace("env =", 'user = "root"\nenv =')
            exporter = self.start(config)
            self.assertEqual(exporter.scrape().failures("quick"),
                             {"launcher_lost": 1})
            wait_until(lambda: exporter.scrape().values("quick_value") == [5],
                       5, "a complete scrape")
            self.assert_stops(exporter)

    def test_nobody_waits_for_the_reader_of_standard_error(self):
        # Every run ends differently from the last, so each gives a log line.
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            fifo = os.path.join(folder, "fifo")
            os.mkfifo(fifo)
            os.chmod(fifo, 0o666)
            reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
            self.addCleanup(os.close, reader)
            fcntl.fcntl(reader, 1031, 4096)  # F_SETPIPE_SZ
            exporter = Exporter(
                QUICK.replace("echo VALUE", f"rm {folder}/TOKEN && exit 3; "
                              f"touch {folder}/TOKEN; echo 5"),
                wrapper=["sh", "-c", f'exec "$0" "$@" 2>{fifo}'])
            self.addCleanup(exporter.__exit__)

            def forward():
                """Reads until the address is known, and never again."""
                text = b""
                while b"address=" not in text:
                    if select.select([reader], [], [], 20)[0]:
                        text += os.read(reader, 4096)
                with open(exporter.log_path, "ab") as log:
                    log.write(text)

            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                pool.submit(forward)
                exporter.__enter__()
            for i in range(60):
                start = time.monotonic()
                self.assertEqual(exporter.scrape().up("quick"), 1 - i % 2)
                self.assertLess(time.monotonic() - start, 5)
            self.assertEqual(exporter.stop(), 0)
            self.assert_nothing_left(exporter)

    def test_without_its_web_side_the_service_ends(self):
        exporter, answer, _ = self.kill_in_the_middle("web")
        self.assertIsNotNone(answer.exception())
        self.assertEqual(exporter.process.wait(timeout=10), 1)
        self.assert_nothing_left(exporter)

    def test_without_its_guardian_the_service_ends(self):
        exporter, answer, _ = self.kill_in_the_middle("guardian")
        self.assertIsNotNone(answer.exception())
        exporter.process.wait()
        self.assert_nothing_left(exporter)


class Reload(Life):
    SUCCESS = "command_exporter_config_last_reload_successful"

    def reload(self, exporter, config, successful):
        exporter.write(config)
        exporter.process.send_signal(signal.SIGHUP)
        wait_until(lambda: exporter.scrape().value(self.SUCCESS) == successful,
                   5, f"the reload is {successful}: {exporter.log()}")

    def test_a_bad_file_keeps_the_running_configuration(self):
        exporter = self.start(QUICK.replace("VALUE", "5"))
        self.assertEqual(exporter.scrape().value(self.SUCCESS), 1)
        self.reload(exporter, "[[collector]]\nnmae = \"x\"\n", 0)
        self.assertEqual(exporter.scrape().value("quick_value"), 5)
        self.assertIn(f"{exporter.config}:2:1: [[collector]] has no key "
                      '\\"nmae\\"; did you mean \\"name\\"?', exporter.log())
        # An example is checked on load, but only --config.check tries it.
        example = "[[collector.example]]\noutput = '1'\nexpect = "
        bad = QUICK.replace("VALUE", "6") + example + "'quick_value x'\n"
        self.reload(exporter, bad, 0)
        wait_until(lambda: "expect is no exposition" in exporter.log(), 5,
                   "the reason")
        self.assertEqual(exporter.scrape().value("quick_value"), 5)
        different = QUICK.replace("VALUE", "6") + example + "'quick_value 7'\n"
        self.reload(exporter, different, 1)
        wait_until(lambda: exporter.scrape().value("quick_value") == 6, 3,
                   "the new value")
        self.assertEqual(exporter.scrape().value(
            "command_exporter_collector_failures_total", collector="quick"), 0)
        self.assert_stops(exporter)

    def test_a_run_in_progress_finishes(self):
        exporter = self.start(THREE_SECONDS)
        answer = self.scrape_aside(exporter)
        exporter.write(QUICK.replace("VALUE", "6"))
        exporter.process.send_signal(signal.SIGHUP)
        # A scrape that still meets the old configuration takes three seconds.
        wait_until(lambda: exporter.scrape().values("quick_value") == [6], 15,
                   "the new configuration")
        self.assertEqual(answer.result().value("slow_value"), 7)
        self.assert_stops(exporter)


class ServiceManager(Life):
    def test_systemd_is_told_when_it_serves_and_when_it_stops(self):
        with tempfile.TemporaryDirectory() as folder, \
                socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            path = os.path.join(folder, "notify")
            manager.bind(path)
            manager.settimeout(20)
            exporter = self.start(
                QUICK.replace("VALUE", "5"),
                environment=dict(os.environ, NOTIFY_SOCKET=path))
            self.assertIn(b"READY=1", manager.recv(4096).split(b"\n"))
            self.assertEqual(exporter.scrape().value("quick_value"), 5)
            exporter.process.send_signal(signal.SIGTERM)
            self.assertIn(b"STOPPING=1", manager.recv(4096).split(b"\n"))
            self.assertEqual(exporter.process.wait(timeout=30), 0)
            self.assert_nothing_left(exporter)


class FirstProcess(Life):
    @needs("pid_namespace")
    def test_as_pid_1_it_reaps_everybodys_orphans(self):
        orphans = QUICK.replace(
            "echo VALUE", "for i in $(seq 100); do "
            "(setsid sh -c 'sleep 0.1' >/dev/null 2>&1 &); done; echo 9")
        exporter = self.start(
            orphans, wrapper=[shutil.which("unshare"), "--pid", "--fork",
                              "--mount-proc"])
        first = exporter.scrape()
        self.assertEqual(first.value("quick_value"), 9)
        inner = {p for p in processes()
                 if parent_and_state(p)[0] == exporter.process.pid}
        self.assertEqual(len(inner), 1)
        wait_until(lambda: not [p for p in processes()
                                if parent_and_state(p)[1] == "Z" and
                                parent_and_state(p)[0] in inner], 3,
                   "no zombie below PID 1")
        wait_until(lambda: not marked(exporter.token) - inner -
                   {exporter.process.pid}, 3, "nothing is left")
        os.kill(inner.pop(), signal.SIGTERM)
        self.assertEqual(exporter.process.wait(timeout=20), 0)


if __name__ == "__main__":
    unittest.main()
