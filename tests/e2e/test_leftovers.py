"""What hangs is all that stays, and only until it can die; what shares the
exporter's user cannot do lasting harm; two exporters do not touch each other's
runs."""

import concurrent.futures
import os
import re
import shutil
import signal
import tempfile
import time
import unittest

from probes import HungMount, needs
from support import (EndToEndTest, Exporter, PROGRAM, descendants, marked,
                     parent_and_state, read, wait_until)

AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

# The child could die at the deadline, its parent cannot.
HANGS = """
[exporter]
scrape_timeout = "60s"

[[collector]]
name = "hangs"
env = { MARK = "TOKEN" }
timeout = "1s"
grace = "100ms"
shell = '''
setsid sleep 171 >/dev/null 2>&1 </dev/null &
echo 1
exec cat FOLDER/file
'''
format = "number"
metric = [{ name = "hangs_value" }]

[exporter.defaults]
containment = "session"
"""

LONG = """
[[collector]]
name = "long"
env = { MARK = "TOKEN" }
timeout = "55s"
shell = "setsid sleep 51 & exec sleep 52"
format = "exit_code"
metric = [{ name = "long_value" }]
"""


class Leftovers(EndToEndTest):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="command_exporter_left_")
        self.addCleanup(shutil.rmtree, self.folder, True)
        os.chmod(self.folder, 0o777)
        shutil.copy(PROGRAM, f"{self.folder}/program")

    def as_nobody(self):
        """A wrapper: the program, where every user may start it, as one."""
        user = AS_NOBODY if os.geteuid() == 0 else []
        return [*user, "sh", "-c", f'shift; exec {self.folder}/program "$@"',
                "sh"]

    def start(self, config, wrapper=()):
        exporter = Exporter(config, wrapper=wrapper)
        exporter.__enter__()
        self.addCleanup(exporter.__exit__)
        return exporter

    def start_hanging(self, wrapper=()):
        """(exporter, mount) when its run is over but for what hangs."""
        mount = HungMount()
        self.addCleanup(mount.close)
        mount.take_requests()
        exporter = self.start(HANGS.replace("FOLDER", mount.folder), wrapper)
        self.assertEqual(exporter.scrape().failures("hangs"), {"timeout": 1})
        self.assert_only_what_hangs(exporter)
        return exporter, mount

    def assert_only_what_hangs(self, exporter):
        """One process in state D, named cat."""
        def of_runs():
            roles = {exporter.guardian()} | {
                pid for pid in descendants(exporter.guardian())
                if parent_and_state(pid)[0] == exporter.guardian()
                and read(f"/proc/{pid}/comm").startswith(b"ce-")}
            return [(read(f"/proc/{pid}/comm").decode().strip(),
                     parent_and_state(pid)[1])
                    for pid in marked(exporter.token) - roles]
        wait_until(lambda: of_runs() == [("cat", "D")], 20,
                   f"only what hangs is there: {of_runs()}")

    def assert_goes_with(self, mount, exporter):
        mount.close()
        self.assert_nothing_left(exporter, seconds=20)


@needs("fuse")
class HungMounts(Leftovers):
    def wrappers(self):
        return {"a plain user": self.as_nobody(), "root": ()}

    def test_term_says_what_stays_and_ends_with_status_1(self):
        for name, wrapper in self.wrappers().items():
            with self.subTest(name):
                exporter, mount = self.start_hanging(wrapper)
                self.assertEqual(exporter.stop(), 1, exporter.log())
                self.assertRegex(
                    exporter.log(), r'process \d+ \(cat, state D\) of '
                    r'collector \\?"hangs\\?" stays behind')
                self.assert_only_what_hangs(exporter)
                self.assert_goes_with(mount, exporter)

    def test_when_the_mount_goes_nothing_stays_and_the_status_is_0(self):
        for name, wrapper in self.wrappers().items():
            with self.subTest(name):
                exporter, mount = self.start_hanging(wrapper)
                self.assert_goes_with(mount, exporter)
                self.assert_stops(exporter)

    def test_the_launcher_killed(self):
        for name, wrapper in self.wrappers().items():
            with self.subTest(name):
                exporter, mount = self.start_hanging(wrapper)
                os.kill(exporter.role("launcher"), signal.SIGKILL)
                wait_until(lambda e=exporter: e.scrape().value(
                    "command_exporter_launcher_restarts_total") == 1, 20,
                    "a new launcher serves")
                self.assert_goes_with(mount, exporter)
                self.assert_stops(exporter)

    def test_the_launcher_killed_and_then_term(self):
        exporter, mount = self.start_hanging(self.as_nobody())
        os.kill(exporter.role("launcher"), signal.SIGKILL)
        wait_until(lambda: "the launcher ended" in exporter.log(), 20,
                   "its end is seen")
        self.assertEqual(exporter.stop(), 1, exporter.log())
        # Whose it was is known, though the launcher that knew it is dead.
        self.assertRegex(exporter.log(), r'\(cat, state D\) of '
                         r'collector \\?"hangs\\?" stays behind')
        self.assert_goes_with(mount, exporter)

    def test_the_web_side_killed(self):
        exporter, mount = self.start_hanging(self.as_nobody())
        os.kill(exporter.role("web"), signal.SIGKILL)
        self.assertEqual(exporter.process.wait(timeout=30), 1)
        self.assertIn("stays behind", exporter.log())
        self.assert_only_what_hangs(exporter)
        self.assert_goes_with(mount, exporter)

    def test_the_guardian_killed(self):
        for name, wrapper in self.wrappers().items():
            with self.subTest(name):
                exporter, mount = self.start_hanging(wrapper)
                exporter.process.kill()
                exporter.process.wait()
                self.assert_only_what_hangs(exporter)
                self.assert_goes_with(mount, exporter)


@needs("fuse")
@needs("pid_namespace")
class TwoExporters(Leftovers):
    def long_runs(self, exporter):
        return {pid for pid in marked(exporter.token)
                if read(f"/proc/{pid}/comm") == b"sleep\n" and
                re.search(rb"5[12]", read(f"/proc/{pid}/cmdline"))}

    def begin(self, exporter):
        """Its long run, and one that is stuck."""
        pool = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(pool.shutdown, wait=False)
        pool.submit(exporter.scrape)
        wait_until(lambda: len(self.long_runs(exporter)) == 2, 20,
                   f"the long run is there: {exporter.log()}")
        return self.long_runs(exporter)

    def test_nobody_touches_the_others_runs(self):
        mount = HungMount()
        self.addCleanup(mount.close)
        mount.take_requests()
        config = HANGS.replace("FOLDER", mount.folder) + LONG
        # In its namespace the pids of the first, by and large, come again.
        outer = self.start(config)
        inner = self.start(config, [
            shutil.which("unshare"), "--pid", "--fork", "--kill-child",
            "--mount-proc"])
        guardians = {outer: outer.guardian(), inner: wait_until(
            lambda: next(iter(
                pid for pid in descendants(inner.process.pid)
                if parent_and_state(pid)[0] == inner.process.pid), 0), 20,
            "the first process of the namespace")}
        runs = {exporter: self.begin(exporter) for exporter in guardians}
        time.sleep(2.5)  # both have a run that is stuck
        for _ in range(3):
            for killed, other in ((outer, inner), (inner, outer)):
                os.kill(killed.role("launcher", guardians[killed]),
                        signal.SIGKILL)
                wait_until(lambda k=killed: not self.long_runs(k) & runs[k],
                           20, "its own long run is gone")
                self.assertEqual(self.long_runs(other), runs[other])
                runs[killed] = self.begin(killed)
                self.assertEqual(self.long_runs(other), runs[other])


HURTS_ONCE = """
[[collector]]
name = "once"
env = { MARK = "TOKEN" }
shell = '''
[ -e FOLDER/once ] || { touch FOLDER/once; prlimit --pid $PPID LIMIT; }
echo 1
'''
format = "number"
metric = [{ name = "once_value" }]

[[collector]]
name = "healthy"
shell = "sleep 0.05; echo 1"
format = "number"
metric = [{ name = "healthy_value" }]
"""


class LauncherLimits(Leftovers):
    def hurt(self, limit):
        """The exporter, when it serves again."""
        if os.path.exists(f"{self.folder}/once"):
            os.unlink(f"{self.folder}/once")
        exporter = self.start(
            HURTS_ONCE.replace("FOLDER", self.folder).replace("LIMIT", limit),
            self.as_nobody())
        exporter.scrape()
        self.assertTrue(os.path.exists(f"{self.folder}/once"))
        time.sleep(1.5)  # a launcher looks at its limits now and then
        wait_until(lambda: (exporter.scrape().up("once"),
                            exporter.scrape().up("healthy")) == (1, 1), 20,
                   f"all collectors are up: {exporter.log()}")
        return exporter

    def test_a_launcher_whose_hard_limits_are_lost_is_replaced(self):
        for limit in ("--nofile=12:12", "--nproc=0:0", "--rttime=1000:1000",
                      "--fsize=0:0"):
            with self.subTest(limit):
                exporter = self.hurt(limit)
                self.assertIn("lowered its resource limits", exporter.log())
                self.assertEqual(exporter.scrape().value(
                    "command_exporter_launcher_restarts_total"), 1)
                self.assert_stops(exporter)

    def test_a_launcher_sets_lowered_soft_limits_back(self):
        for limit in ("--nofile=12:", "--fsize=0:", "--nproc=0:"):
            with self.subTest(limit):
                exporter = self.hurt(limit)
                self.assertEqual(exporter.scrape().value(
                    "command_exporter_launcher_restarts_total"), 0)
                self.assert_stops(exporter)


BECOMES_ROOT = """
[[collector]]
name = "risen"
env = { MARK = "TOKEN" }
command = ["FOLDER/setpriv", "--reuid=0", "--regid=0", "--clear-groups",
           "sleep", "171"]
timeout = "1s"
grace = "100ms"
containment = "session"
format = "number"
metric = [{ name = "risen_value" }]
"""

# Each says 1 when it was refused.
TRIES = """
[exporter.defaults]
user = "nobody"

[[collector]]
name = "limits"
shell = "prlimit --pid $PPID --nofile=12:12 2>/dev/null && echo 2 || echo 1"
format = "number"
metric = [{ name = "tried" }]
"""

LEAVES = """
[[collector]]
name = "NAME"
user = "USER"
containment = "cgroup"
shell = '''
mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
group=$(sed -n s/^0:://p /proc/self/cgroup)
while [ "${group#*/ce-}" != "$group" ]; do group=${group%/*}; done
( echo 0 >"$mount$group/cgroup.procs" ) 2>/dev/null && echo 2 || echo 1
'''
format = "number"
metric = [{ name = "NAME" }]
"""


@needs("root")
class AnotherUser(Leftovers):
    def test_a_command_of_its_own_user_cannot_lower_the_launchers_limits(self):
        exporter = self.start(TRIES)
        for _ in range(3):
            self.assertEqual(exporter.scrape().value("tried"), 1)
        self.assertEqual(exporter.scrape().value(
            "command_exporter_launcher_restarts_total"), 0)
        self.assert_stops(exporter)

    def test_what_became_root_below_a_users_exporter_is_named_and_stays(self):
        shutil.copy(shutil.which("setpriv"), f"{self.folder}/setpriv")
        os.chmod(f"{self.folder}/setpriv", 0o4755)
        exporter = self.start(BECOMES_ROOT.replace("FOLDER", self.folder),
                              self.as_nobody())
        self.assertEqual(exporter.scrape().failures("risen"), {"timeout": 1})
        self.assertEqual(exporter.stop(), 1, exporter.log())
        found = re.search(
            r'process (\d+) \(sleep, state S\) of collector \\?"risen\\?" '
            "stays behind: it became another user", exporter.log())
        self.assertIsNotNone(found, exporter.log())
        os.kill(int(found[1]), signal.SIGKILL)
        self.assert_nothing_left(exporter, seconds=20)

    @needs("cgroup")
    def test_only_a_command_of_the_exporters_user_leaves_its_group(self):
        exporter = self.start(
            LEAVES.replace("NAME", "other").replace("USER", "nobody") +
            LEAVES.replace("NAME", "same").replace("USER", "root"))
        answer = exporter.scrape()
        self.assertEqual((answer.values("other"), answer.values("same")),
                         ([1], [2]), exporter.log())
        self.assert_stops(exporter)


if __name__ == "__main__":
    unittest.main()
