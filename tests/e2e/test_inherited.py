"""What a service manager grants or restricts, and what commands inherit."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

from probes import needs
from support import EndToEndTest, Exporter, PROGRAM

# One line for each fact; the same script, run directly and by the exporter. (The
# omitted limit limits nothing; it is the tag of a run.)
PROBE = r"""
sed -n 's/^\(Uid\|Gid\|Groups\|NoNewPrivs\|Seccomp\|Cap...\):[[:space:]]*/\1 /p' \
  /proc/self/status
FOLDER/ping -n -c 1 -W 1 127.0.0.1 >/dev/null 2>&1
echo "ping $?"
echo "setuid $(FOLDER/setuid -u) $(FOLDER/setuid -r -u)"
echo "file_capability $(FOLDER/capable -n 's/^CapEff:.//p' /proc/self/status)"
echo "limits $(grep -v 'realtime timeout' /proc/self/limits | md5sum)"
"""

THROUGH = r"""
[[collector]]
name = "probe"
shell = "sh FOLDER/probe"
RUN_AS
env = { MARK = "TOKEN" }
timeout = "8s"
format = "regex"
pattern = '^(?P<key>\S+)\s+(?P<text>.*)$'
metric = [{ name = "fact", value = 1, labels = ["key", "text"] }]
"""

NOBODY = 65534
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
AMBIENT = ["--inh-caps=+net_raw", "--ambient-caps=+net_raw"]
# What is taken or given, and what the log says of it.
CONDITIONS = {
    "no new privileges": (["--no-new-privs"], "NoNewPrivileges is set"),
    "empty bounding set": (["--bounding-set=-all"], "lacks CAP_NET_RAW"),
    "bounding set of net_raw": (["--bounding-set=-all,+net_raw"],
                                "lacks CAP_SETUID or CAP_SETGID"),
    "ambient net_raw": (AMBIENT, "cap_amb=2000"),
    "ambient net_raw, no new privileges": (
        [*AMBIENT, "--no-new-privs"], "ping works, by the ambient"),
}


@needs("root")
class Inherited(EndToEndTest):
    """What a service manager gives or takes reaches a command unchanged."""

    @classmethod
    def setUpClass(cls):
        cls.folder = folder = pathlib.Path(
            tempfile.mkdtemp(prefix="command_exporter_e2e_"))
        cls.addClassCleanup(shutil.rmtree, folder, True)
        folder.chmod(0o755)
        shutil.copy(PROGRAM, folder / "program")
        shutil.copy("/usr/bin/ping", folder / "ping")
        shutil.copy("/bin/sed", folder / "capable")
        for name in ("ping", "capable"):
            subprocess.run(["setcap", "cap_net_raw=ep", folder / name],
                           check=True)
        shutil.copy("/usr/bin/id", folder / "setuid")
        (folder / "setuid").chmod(0o4755)
        (folder / "probe").write_text(
            PROBE.replace("FOLDER", str(folder)))

    def start(self, config, wrapper):
        exporter = Exporter(config, wrapper=wrapper)
        exporter.__enter__()
        self.addCleanup(exporter.__exit__)
        return exporter

    def direct(self, wrapper):
        run = subprocess.run(
            [*wrapper, "sh", str(self.folder / "probe")], text=True,
            stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return {line.split(None, 1)[0]: " ".join(line.split()[1:])
                for line in run.stdout.splitlines()}

    def through(self, wrapper, run_as):
        """(facts, log) of the same script, run by the exporter."""
        config = (THROUGH.replace("FOLDER", str(self.folder))
                  .replace("RUN_AS", run_as))
        exporter = self.start(config, wrapper=[
            *wrapper, "sh", "-c", f'shift; exec {self.folder}/program "$@"',
            "sh"])
        answer = exporter.scrape()
        self.assertEqual(answer.up("probe"), 1, exporter.log())
        self.assert_stops(exporter)
        return {own["key"]: " ".join(own.get("text", "").split())
                for name, own, _ in answer.samples if name == "fact"
                }, exporter.log()

    def compare(self, wrapper, run_as="", directly=None):
        direct = self.direct(directly or wrapper)
        self.assertGreaterEqual(len(direct), 13, direct)
        facts, log = self.through(wrapper, run_as)
        self.assertEqual(facts, direct, log)
        return facts, log

    def test_each_condition_reaches_commands_as_it_is(self):
        plain, log = self.compare(AS_NOBODY)
        self.assertEqual((plain["ping"], plain["setuid"].split()[0]),
                         ("0", "0"), "the tools gain privilege here")
        self.assertNotIn("level=WARN", log)
        for name, (arguments, warning) in CONDITIONS.items():
            with self.subTest(name):
                facts, log = self.compare(AS_NOBODY + arguments)
                self.assertNotEqual(facts, plain, "it makes a difference")
                self.assertIn(warning, log)

    @needs("user_namespace")
    def test_a_user_namespace_reaches_commands_as_it_is(self):
        facts, log = self.compare([*AS_NOBODY, "unshare", "--user"])
        self.assertEqual(facts["setuid"].split()[0], str(NOBODY))
        self.assertIn("this is a user namespace", log)

    def test_a_nosuid_mount_reaches_commands_as_it_is(self):
        mount = (f"mount --bind {self.folder} {self.folder} && "
                 f"mount -o remount,bind,nosuid {self.folder} && "
                 'exec "$@"')
        facts, _ = self.compare(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c",
             mount, "sh", *AS_NOBODY])
        self.assertEqual(facts["setuid"].split()[0], str(NOBODY))

    def test_a_root_exporter_gives_a_user_what_setpriv_gives(self):
        self.compare([], 'user = "nobody"',
                     ["setpriv", "--reuid=nobody", "--regid=nogroup",
                      "--init-groups"])
        self.compare([], 'user = "root"', ["setpriv", "--groups=0"])


if __name__ == "__main__":
    unittest.main()
