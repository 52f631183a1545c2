"""The users of commands, and the files that nobody else may change: the real
program, as root."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import unittest

from probes import HungMount, needs
from support import (EndToEndTest, Exporter, PROGRAM, marked, read,
                     wait_until)

NOBODY = 65534
DAEMON = 1

# Says who it is; `sed` is its own process, with the same ids.
WHO = r"""
[[collector]]
name = "NAME"
USER
env = { MARK = "TOKEN" }
shell = '''
field() { sed -n "s/^$1:[[:space:]]*//p" /proc/self/status | xargs; }
echo "who{uid=\"$(field Uid)\",gid=\"$(field Gid)\",\
groups=\"$(field Groups)\",user=\"$USER\",home=\"$HOME\",by=\"NAME\"} 1"
'''
"""


def filled(template, name, user):
    """A collector's text with its name, and its `user` if there is one."""
    key = f'user = "{user}"' if user else ""
    return template.replace("NAME", name).replace("USER\n", key + "\n", 1)


def who(name, user=""):
    return filled(WHO, name, user)


def status_of(pid):
    lines = read(f"/proc/{pid}/status").decode().splitlines()
    return {key: " ".join(value.split())
            for key, value in (line.split(":", 1) for line in lines)}


def four(number):
    return " ".join([str(number)] * 4)


class Privilege(EndToEndTest):
    def start(self, config, *arguments, **keywords):
        exporter = Exporter(config, *arguments, **keywords)
        exporter.__enter__()
        self.addCleanup(exporter.__exit__)
        return exporter

    def prepare(self, config, *arguments):
        """An exporter that is not started, for configurations that must be rejected."""
        exporter = Exporter(config, *arguments)
        self.addCleanup(shutil.rmtree, exporter.folder, True)
        return exporter

    def check(self, exporter, *arguments, wrapper=()):
        return subprocess.run(
            [*wrapper, PROGRAM, f"--config.file={exporter.config}",
             "--config.check", *arguments],
            capture_output=True, text=True, check=False)

    def labels(self, exporter, by):
        found = [own for name, own, _ in exporter.scrape().samples
                 if name == "who" and own["by"] == by]
        self.assertEqual(len(found), 1, exporter.log())
        return found[0]


@needs("root")
class Users(Privilege):
    def test_the_web_side_becomes_nobody_and_the_launcher_stays_root(self):
        exporter = self.start(who("plain") + who("own", "root"))
        web = status_of(exporter.role("web"))
        self.assertEqual((web["Uid"], web["Groups"], web["NoNewPrivs"]),
                         (four(NOBODY), str(NOBODY), "1"))
        self.assertEqual((web["CapPrm"], web["CapEff"], web["CapAmb"]),
                         ("0" * 16,) * 3)
        own = status_of(os.getpid())
        for role in (exporter.role("launcher"), exporter.guardian()):
            kept = status_of(role)
            for key in ("Uid", "Gid", "CapEff", "CapBnd", "NoNewPrivs"):
                self.assertEqual(kept[key], own[key], key)
        line = ('user=nobody uid=65534 why="--user is not given and there is '
                'no user command_exporter"')
        self.assertIn(line, exporter.log())
        self.assertEqual(self.labels(exporter, "plain"),
                         {"uid": four(NOBODY), "gid": four(NOBODY),
                          "groups": str(NOBODY), "user": "nobody",
                          "home": "/nonexistent", "by": "plain"})
        root = self.labels(exporter, "own")
        self.assertEqual((root["uid"], root["gid"], root["user"]),
                         (four(0), four(0), "root"))
        self.assert_stops(exporter)

    def test_user_names_who_the_web_side_and_plain_commands_are(self):
        exporter = self.start(who("plain") + who("other", str(NOBODY)),
                              "--user=daemon")
        self.assertEqual(status_of(exporter.role("web"))["Uid"], four(DAEMON))
        self.assertIn('user=daemon uid=1 why="--user names it"',
                      exporter.log())
        plain = self.labels(exporter, "plain")
        self.assertEqual((plain["uid"], plain["gid"], plain["user"]),
                         (four(DAEMON), four(DAEMON), "daemon"))
        self.assertEqual(self.labels(exporter, "other")["uid"], four(NOBODY))
        self.assert_stops(exporter)

    def test_supplementary_groups_are_the_users_and_no_others(self):
        # A list of groups for this test alone, in its own mount namespace.
        groups = pathlib.Path("/etc/group").read_text()
        for group in ("games", "tape"):
            groups, count = re.subn(rf"(?m)^({group}:[^:]*:\d+:.*[^:\n])$",
                                    r"\1,daemon", groups)
            if not count:
                groups = re.sub(rf"(?m)^({group}:[^:]*:\d+:)$", r"\1daemon",
                                groups)
        ids = {name: int(number) for name, number in
               re.findall(r"(?m)^([\w-]+):[^:]*:(\d+):", groups)}
        exporter = Exporter(who("daemon", "daemon") + who("own", "root"))
        copy = pathlib.Path(exporter.folder) / "group"
        copy.write_text(groups)
        exporter.wrapper = [
            "unshare", "--mount", "--propagation", "private", "setpriv",
            f"--groups={ids['audio']},{ids['video']}", "sh", "-c",
            f'mount --bind {copy} /etc/group && exec "$@"', "sh"]
        exporter.__enter__()
        self.addCleanup(exporter.__exit__)
        daemon = self.labels(exporter, "daemon")
        self.assertEqual((daemon["uid"], daemon["gid"]),
                         (four(DAEMON), four(DAEMON)))
        self.assertEqual(
            sorted(map(int, daemon["groups"].split())),
            sorted([DAEMON, ids["games"], ids["tape"]]))
        # Not the groups with which the exporter was started.
        self.assertEqual(self.labels(exporter, "own")["groups"], "0")
        self.assert_stops(exporter)

    def test_what_needs_privilege_is_refused_without_it(self):
        exporter = self.prepare(
            '[[collector]]\nname = "a"\ncommand = ["true"]\nuser = "daemon"\n')
        program = pathlib.Path(exporter.folder) / "program"
        shutil.copy(PROGRAM, program)

        def as_nobody(config, *arguments):
            exporter.write(config)
            return subprocess.run(
                ["setpriv", "--reuid=65534", "--regid=65534",
                 "--clear-groups", str(program), "--config.check",
                 f"--config.file={exporter.config}", *arguments],
                capture_output=True, text=True, check=False)

        base = '[[collector]]\nname = "a"\ncommand = ["true"]\n'
        at = f'{exporter.config}:1:1: collector "a": '
        at_user = f"{exporter.config}:4:8: user: "
        for key, message in (
                ('user = "daemon"',
                 'cannot run as user "daemon": the exporter runs as "nobody" '
                 "and may not switch; start it as root, or remove `user`"),
                ('user = "root"',
                 'cannot run as user "root": the exporter runs as "nobody" '
                 "and may not switch; start it as root, or remove `user`"),
                ("nice = -1",
                 "cannot set nice = -1: that asks for more than the exporter "
                 "has itself, which needs root, CAP_SYS_NICE or a higher "
                 "RLIMIT_NICE (LimitNICE= of a systemd unit); remove nice")):
            run = as_nobody(base + key + "\n")
            where = at_user if key.startswith("user") else at
            self.assertEqual((run.returncode, run.stderr),
                             (1, where + message + "\n"))
        for key in ("nice = 0", "nice = 19", 'user = "nobody"'):
            self.assertEqual(as_nobody(base + key + "\n").returncode, 0, key)
        run = as_nobody(base, "--user=daemon")
        self.assertEqual((run.returncode, run.stderr),
                         (1, 'flag --user: only root can become "daemon"; '
                          'this is "nobody"\n'))

    def test_a_setuid_program_that_ignores_term_dies_at_its_deadline(self):
        exporter = Exporter("")
        helper = pathlib.Path(exporter.folder) / "helper"
        shutil.copy("/usr/bin/python3", helper)
        os.chown(helper, DAEMON, DAEMON)
        os.chmod(helper, 0o4755)
        script = pathlib.Path(exporter.folder) / "script"
        script.write_text("import signal, time\n"
                          "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
                          "print('deaf', flush=True)\n"
                          "time.sleep(31)\n")
        exporter.write(f"""
        [[collector]]
        name = "setuid"
        shell = "exec {helper} {script}"
        env = {{ MARK = "TOKEN" }}
        timeout = "1500ms"
        grace = "200ms"
        """)
        exporter.__enter__()
        self.addCleanup(exporter.__exit__)
        scrape = subprocess.Popen(
            ["curl", "-s", f"http://{exporter.address}/metrics"],
            stdout=subprocess.PIPE, text=True)
        wait_until(lambda: [status_of(pid) for pid in marked(exporter.token)
                            if status_of(pid).get("Uid", "").split()[:2] ==
                            [str(NOBODY), str(DAEMON)]],
                   10, "it runs with another effective user")
        answer, _ = scrape.communicate(timeout=30)
        self.assertIn('reason="timeout"} 1', answer)
        self.assertIn("last line: \\\"deaf\\\"", exporter.log())
        self.assert_nothing_left(exporter, seconds=5)
        self.assertNotIn("stuck", re.sub("collector_stuck.*|reason=.stuck.*",
                                         "", exporter.log()))
        self.assert_stops(exporter)


QUICK = """
[[collector]]
name = "quick"
command = ["FOLDER/program"]
env = { MARK = "TOKEN" }
format = "number"
metric = [{ name = "quick_value", help = "Seven." }]
"""


@needs("root")
class Trust(Privilege):
    def setUp(self):
        self.exporter = Exporter("")
        self.addCleanup(shutil.rmtree, self.exporter.folder, True)
        self.folder = self.exporter.folder
        self.program = pathlib.Path(self.folder) / "program"
        self.program.write_text("#!/bin/sh\necho 7\n")
        self.program.chmod(0o755)
        self.exporter.write(QUICK.replace("FOLDER", self.folder))

    def begin(self, *arguments):
        self.exporter.arguments = arguments
        self.exporter.__enter__()
        self.addCleanup(self.exporter.__exit__)

    def insecure(self):
        return self.exporter.scrape().value(
            "command_exporter_config_insecure")

    def test_below_tmp_what_is_roots_is_safe(self):
        self.begin()
        self.assertEqual(self.exporter.scrape().value("quick_value"), 7)
        self.assertEqual(self.insecure(), 0)
        self.assertNotIn("level=WARN", self.exporter.log())
        self.assert_stops(self.exporter)

    def test_what_others_may_change_is_refused_with_what_mends_it(self):
        config = self.exporter.config
        os.chmod(self.program, 0o777)
        run = self.check(self.exporter)
        self.assertEqual(
            (run.returncode, run.stderr),
            (1, f'{config}:2:1: collector "quick": {self.program} is writable '
             "by others (mode 0777), who so decide what user nobody runs: "
             f"chmod go-w {self.program} (or start with "
             "--config.allow-insecure)\n"))
        os.chmod(self.program, 0o755)
        os.chmod(self.folder, 0o775)
        message = (f"{config}:1:1: {self.folder} is writable by its group "
                   "(mode 0775), who so decide what root runs: chmod go-w "
                   f"{self.folder} (or start with --config.allow-insecure)")
        self.assertEqual(self.check(self.exporter).stderr, message + "\n")
        start = subprocess.run(
            [PROGRAM, f"--config.file={config}",
             "--web.listen-address=127.0.0.1:0"],
            capture_output=True, text=True, check=False, timeout=30)
        self.assertEqual(start.returncode, 1)
        self.assertIn(message, start.stderr)

    def test_the_flag_allows_it_with_a_warning_and_a_metric(self):
        os.chown(self.exporter.config, DAEMON, 0)
        os.chmod(self.program, 0o757)
        self.begin("--config.allow-insecure")
        self.assertEqual(self.exporter.scrape().value("quick_value"), 7)
        self.assertEqual(self.insecure(), 1)
        log = self.exporter.log()
        for finding in (f"{self.exporter.config} belongs to uid 1 (daemon)",
                        f"{self.program} is writable by others (mode 0757)"):
            self.assertEqual(log.count(finding), 1, log)
        self.assert_stops(self.exporter)

    def test_a_program_is_looked_at_again_before_each_start(self):
        self.begin()
        self.assertEqual(self.exporter.scrape().up("quick"), 1)
        os.chmod(self.folder, 0o757)
        answer = self.exporter.scrape()
        self.assertEqual(answer.up("quick"), 0)
        self.assertEqual(answer.failures("quick"), {"spawn": 1})
        self.assertIn("not started: since the configuration was loaded, "
                      f"{self.program} or a folder above it has come to",
                      self.exporter.log())
        os.chmod(self.folder, 0o755)
        self.assertEqual(self.exporter.scrape().up("quick"), 1)
        self.assert_stops(self.exporter)

    @needs("fuse")
    def test_a_program_on_a_hung_mount_does_not_keep_it_from_starting(self):
        mount = HungMount()
        self.addCleanup(mount.close)
        self.exporter.write(
            QUICK.replace("FOLDER", self.folder) +
            QUICK.replace("FOLDER", mount.folder).replace("quick", "hung") +
            'timeout = "300ms"\n')
        self.begin()
        self.assertIn(f"the file system of its program {mount.folder}/program "
                      "does not answer", self.exporter.log())
        answer = self.exporter.scrape()
        self.assertEqual((answer.up("quick"), answer.up("hung")), (1, 0))
        self.assertEqual(answer.failures("hung"), {"timeout": 1})
        self.assertEqual(answer.value("command_exporter_config_insecure"), 0)
        os.close(mount.device)
        mount.device = -1
        self.assert_nothing_left(self.exporter, seconds=5)
        self.assert_stops(self.exporter)

    def test_a_reload_refuses_what_has_become_unsafe(self):
        self.begin()
        os.chmod(self.exporter.config, 0o666)
        self.exporter.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "chmod go-w" in self.exporter.log(), 10,
                   "the reload is refused")
        name = "command_exporter_config_last_reload_successful"
        wait_until(lambda: self.exporter.scrape().value(name) == 0, 10,
                   "the metric says so")
        self.assertEqual(self.exporter.scrape().value("quick_value"), 7)
        self.assert_stops(self.exporter)


if __name__ == "__main__":
    unittest.main()
