"""What a failed start says: the real program, started by root with commands of
a user without rights, and started by a plain user."""

import contextlib
import os
import pathlib
import pwd
import re
import shutil
import subprocess

from probes import needs
from support import PROGRAM, EndToEndTest, Exporter

NOBODY = 65534

# Name: (keys of the collector, what stands behind "cannot start PROGRAM: ").
# F is the test's folder, USER the commands' user, OWNER the folder's owner.
STARTS = {
    "missing": (
        'command = ["F/nosuch"]',
        "no such file"),
    "folder_missing": (
        'command = ["F/nofolder/x"]',
        "F/nofolder does not exist"),
    "no_folder": (
        'command = ["F/plain/x"]',
        "F/plain is not a folder"),
    "closed": (
        'command = ["F/closed/script"]',
        "user USER may not enter the folder F/closed "
        "(mode 0MODE, owner OWNER)"),
    "closed_nothing_there": (
        'command = ["F/closed/nosuch"]',
        "user USER may not enter the folder F/closed "
        "(mode 0MODE, owner OWNER)"),
    "closed_by_a_link": (
        'command = ["F/link"]',
        "user USER may not enter the folder F/closed "
        "(mode 0MODE, owner OWNER)"),
    "link_to_nothing": (
        'command = ["F/lost_link"]',
        "F/nosuch does not exist"),
    "a_folder": (
        'command = ["F"]',
        "it is not a regular file"),
    "not_executable": (
        'command = ["F/plain"]',
        "user USER may not execute it (mode 0644, owner OWNER): "
        "chmod a+x F/plain"),
    "empty": (
        'command = ["F/empty"]',
        "it is empty"),
    "no_interpreter": (
        'command = ["F/bare"]',
        "it does not begin with #!: its first line must name its "
        "interpreter, such as #!/bin/sh"),
    "windows": (
        'command = ["F/dos"]',
        "it has Windows line ends, and so names the interpreter "
        '"/bin/bash\\r", which does not exist: sed -i \'s/\\r$//\' F/dos'),
    "interpreter_missing": (
        'command = ["F/lost"]',
        "the interpreter that the first line of it names does not exist: "
        "/usr/bin/nosuch"),
    "interpreter_missing_in_path": (
        'command = ["lost"]\nenv = { PATH = "/nosuch:F" }',
        "the interpreter that the first line of F/lost names does not exist: "
        "/usr/bin/nosuch"),
    "interpreter_closed": (
        'command = ["F/strange"]',
        "user USER may not execute F/plain, the interpreter that the first "
        "line of it names"),
    "not_executable_in_path": (
        'command = ["plain"]\nenv = { PATH = "/nosuch:F" }',
        "user USER may not execute F/plain (mode 0644, owner OWNER): "
        "chmod a+x F/plain"),
    "path_closed": (
        'command = ["script"]\nenv = { PATH = "/nosuch:F/closed" }',
        "it is in no folder of PATH that user USER may enter; closed to this "
        "user is F/closed (mode 0MODE, owner OWNER)"),
    "not_found": (
        'command = ["no_such_program"]',
        "it is in no folder of PATH: install it, or write its whole path"),
    "tilde": (
        'command = ["~/x"]',
        "no such file: only shells expand ~; write the whole path, or use "
        "shell"),
    "variable": (
        'command = ["$HOME/x"]',
        "no such file: only shells expand variables; write the whole path, "
        "or use shell"),
    "relative": (
        'command = ["bin/no_such_program"]',
        'no such file; a relative path begins in cwd, which is "/"'),
    "relative_in_cwd": (
        'command = ["bin/x"]\ncwd = "F"',
        'no such file; a relative path begins in cwd, which is "F"'),
    "cwd_missing": (
        'command = ["true"]\ncwd = "F/nofolder"',
        "cwd F/nofolder: F/nofolder does not exist"),
    "cwd_closed": (
        'command = ["true"]\ncwd = "F/closed"',
        "cwd F/closed: user USER may not enter the folder F/closed "
        "(mode 0MODE, owner OWNER)"),
}

# What the file alone shows, at its line and column.
WRITTEN = {
    "tilde": '"~/x" is not expanded, because no shell reads it: write the '
             "whole path, or use shell",
    "variable": '"$HOME/x" is not expanded, because no shell reads it: write '
                "the whole path, or use shell",
    "relative": '"bin/no_such_program" is a relative path and begins in cwd, '
                'which is "/": write the whole path, or set cwd',
}


def collector(name, keys):
    return f'[[collector]]\nname = "{name}"\n{keys}\n'


class FailedStarts(EndToEndTest):
    """The same for both; `arguments` and `wrapper` make the difference."""

    arguments = ()
    user = "nobody"

    def setUp(self):
        self.exporter = Exporter("", *self.arguments)
        self.addCleanup(shutil.rmtree, self.exporter.folder, True)
        self.folder = pathlib.Path(self.exporter.folder)
        for name, text, mode in (
                ("plain", "#!/bin/sh\n", 0o644),
                ("empty", "", 0o755),
                ("bare", "echo 1\n", 0o755),
                ("dos", "#!/bin/bash\r\necho 1\r\n", 0o755),
                ("lost", "#! /usr/bin/nosuch -x\n", 0o755),
                ("strange", f"#!{self.folder}/plain\n", 0o755),
                ("closed/script", "#!/bin/sh\n", 0o755)):
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, newline="")
            path.chmod(mode)
        self.closed = 0o700 if os.geteuid() == 0 else 0o600
        (self.folder / "closed").chmod(self.closed)
        self.addCleanup(self.open_up)
        (self.folder / "link").symlink_to("closed/script")
        (self.folder / "lost_link").symlink_to(self.folder / "nosuch")
        self.exporter.wrapper = self.wrapper()

    def open_up(self):
        with contextlib.suppress(FileNotFoundError):
            (self.folder / "closed").chmod(0o700)

    def wrapper(self):
        return []

    def filled(self, text):
        owner = pwd.getpwuid(os.geteuid()).pw_name
        for word, value in (("OWNER", owner), ("USER", self.user),
                            ("MODE", f"{self.closed:o}")):
            text = text.replace(word, value)
        return re.sub(r"\bF\b", str(self.folder), text)

    def messages(self, reason="spawn"):
        """{collector: its message in the log}"""
        found = re.findall(
            rf'collector=(\w+) reason={reason} msg="((?:[^"\\]|\\.)*)"',
            self.exporter.log())
        return {name: re.sub(r"\\(.)", r"\1", text) for name, text in found}

    def expected(self):
        for name, (keys, text) in STARTS.items():
            program = re.search(r'command = \["(.*?)"', keys)[1]
            yield name, self.filled(f"cannot start {program}: {text}")

    def test_each_says_what_is_wrong(self):
        self.exporter.write(self.filled("".join(
            collector(name, keys) for name, (keys, _) in STARTS.items())))
        with self.exporter as exporter:
            scrape = exporter.scrape()
            for name in STARTS:
                self.assertEqual(scrape.failures(name), {"spawn": 1}, name)
            self.maxDiff = None
            self.assertEqual(self.messages(), dict(self.expected()))
            self.assert_stops(exporter)

    def test_a_process_with_memory_of_its_own_says_the_same(self):
        self.exporter.environment = dict(os.environ,
                                         COMMAND_EXPORTER_SPAWN="fork")
        self.test_each_says_what_is_wrong()

    def test_the_check_warns_of_each_with_the_same_words(self):
        # The check cannot know which files without #! the kernel can execute.
        unknown = {"empty", "no_interpreter"}
        config = ""
        lines = {}
        for name, (keys, _) in STARTS.items():
            lines[name] = config.count("\n") + 1
            config += self.filled(collector(name, keys))
        # One that could start leaves nothing for the next one's text.
        config = collector("starts", 'command = ["/bin/true"]') + config
        lines = {name: line + 4 - 1 for name, line in lines.items()}
        self.exporter.write(config)
        at = self.exporter.config
        wanted = [f'{at}:{lines[name] + 2}:11: collector "{name}": {text} '
                  "(warning)" for name, text in WRITTEN.items()]
        wanted += [f'{at}:{lines[name]}:1: collector "{name}": {text} '
                   "(warning)" for name, text in self.expected()
                   if name not in WRITTEN and name not in unknown]
        self.maxDiff = None
        # Also without descriptor 0, where /dev/null would then be.
        for shell in ('exec "$@"', 'exec "$@" <&-'):
            check = subprocess.run(
                ["sh", "-c", shell, "sh", *self.exporter.wrapper, PROGRAM,
                 "--config.check", f"--config.file={at}", *self.arguments],
                capture_output=True, text=True, check=False)
            self.assertEqual(sorted(check.stderr.splitlines()), sorted(wanted))
            self.assertEqual(check.returncode, 0)


@needs("root")
class OfRootsExporter(FailedStarts):
    arguments = ("--user=nobody",)

    def test_what_the_user_cannot_see_is_not_reported(self):
        # It may be executed, but not read.
        hidden = self.folder / "hidden"
        hidden.write_text("#!/usr/bin/secret\n")
        hidden.chmod(0o711)
        self.exporter.write(collector("hidden", f'command = ["{hidden}"]'))
        with self.exporter as exporter:
            exporter.scrape()
            self.assertEqual(
                self.messages(),
                {"hidden": f"cannot start {hidden}: execve: No such file or "
                           "directory"})
            self.assertNotIn("secret", exporter.log())

    def test_root_sees_what_root_may_see(self):
        self.exporter.write(collector(
            "roots", f'user = "root"\ncommand = ["{self.folder}/closed/x"]'))
        with self.exporter as exporter:
            exporter.scrape()
            self.assertEqual(
                self.messages(),
                {"roots": f"cannot start {self.folder}/closed/x: no such "
                          "file"})


class OfAPlainUsersExporter(FailedStarts):
    def wrapper(self):
        if os.geteuid() != 0:
            self.user = pwd.getpwuid(os.geteuid()).pw_name
            return []
        program = self.folder / "program"
        shutil.copy(PROGRAM, program)
        return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                "--clear-groups", "sh", "-c", f'shift; exec {program} "$@"',
                "sh"]


del FailedStarts
