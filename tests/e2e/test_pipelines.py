"""Pipelines as people write them: which succeed, and which fail."""

import getpass
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

from probes import needs
from support import PROGRAM, EndToEndTest, Exporter, wait_until

ROWS = [line.split("\t") for line in
        (pathlib.Path(__file__).parent / "pipelines.tsv").read_text(
            encoding="utf-8").splitlines() if not line.startswith("#")]

# They differ between machines: what is not there can only fail.
TOOLS = ("apt", "apt-get", "netstat", "ss", "curl", "openssl", "perl", "ping")


def collector(number, shell, keys=""):
    return f"""
[[collector]]
name = "p{number}"
shell = {json.dumps(shell)}
format = "number"
timeout = "60s"
metric = [{{ name = "p{number}_value", help = "A pipeline." }}]
{keys}
"""


def lacks_tool(shell):
    return any(part.split()[:1] == [tool] and not shutil.which(tool)
               for part in shell.split("|") for tool in TOOLS)


class TlsServer:
    """Answers openssl s_client with a certificate of its own."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="command_exporter_tls_")
        key, certificate = f"{self.folder}/key", f"{self.folder}/certificate"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
             "-keyout", key, "-out", certificate, "-subj", "/CN=a"],
            check=True, capture_output=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-quiet", "-key", key, "-cert",
             certificate, "-accept", f"127.0.0.1:{self.port}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        wait_until(self.listens, 20, "openssl listens")
        return self

    def listens(self):
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)


def exporter_of(config):
    user = ("--user=nobody",) if os.geteuid() == 0 else ()
    return Exporter('[exporter]\nscrape_timeout = "100s"\n' + config, *user)


class Pipelines(EndToEndTest):

    def test_each_pipeline_succeeds_or_fails_as_the_table_says(self):
        with TlsServer() as server:
            config = "".join(
                collector(number, shell.replace("PORT", str(server.port)))
                for number, (_, _, shell) in enumerate(ROWS))
            with exporter_of(config) as exporter:
                scrape = exporter.scrape()
                self.assert_stops(exporter)
        missed = []
        for number, (_, got, shell) in enumerate(ROWS):
            up = scrape.up(f"p{number}")
            wanted = "bad" if got == "ok" and lacks_tool(shell) else got
            if wanted != "varies" and up != (wanted == "ok"):
                missed.append(f"{shell}: up {up}")
            if not up:
                self.assertEqual(scrape.failures(f"p{number}"),
                                 {"exit_status": 1}, shell)
                self.assertEqual(scrape.values(f"p{number}_value"), [], shell)
        self.assertEqual(missed, [])

        def count(*pair):
            return sum((row[0], row[1]) == pair for row in ROWS)

        print(f"right: {count('ok', 'ok')} good, {count('bad', 'bad')} broken; "
              f"good and refused: {count('ok', 'bad')}, at times "
              f"{count('ok', 'varies')}; broken and served: "
              f"{count('bad', 'ok')}")
        self.assertEqual(len(ROWS), 43)

    def test_what_is_wrong_is_in_the_message(self):
        config = (collector(1, "nosuchcmd -an | wc -l") +
                  collector(2, "(echo first; echo last) >&2; exit 9 | cat"))
        with exporter_of(config) as exporter:
            exporter.scrape()
            log = exporter.log()
            self.assertIn(
                'msg="exit status 127; last line on stderr: \\"/bin/bash: '
                'line 1: nosuchcmd: command not found\\""', log)
            self.assertIn('msg="exit status 9; first line on stderr: '
                          '\\"first\\", last line: \\"last\\""', log)
            self.assert_stops(exporter)

    def test_what_a_success_says_on_standard_error_is_logged_once(self):
        with exporter_of(collector(1, "echo odd >&2; echo 3 | cat")) as exporter:
            for _ in range(3):
                self.assertEqual(exporter.scrape().value("p1_value"), 3)
            self.assertEqual(
                exporter.log().count(
                    'collector=p1 msg="it succeeded, but wrote text; last '
                    'line on stderr: \\"odd\\""'), 1)
            self.assert_stops(exporter)

    def test_a_line_that_tests_a_pipe_gives_the_value_of_the_shell(self):
        """grep -q ends the part before it by SIGPIPE, which is no failure."""
        found = "seq 300000 | grep -q '^5$'"
        lost = "nosuchcmd | grep -q x"
        tests = ("if {}; then echo 1; else echo 0; fi",
                 "{} && echo 1 || echo 0", "! {}; echo $?",
                 "until {}; do echo 0; break; done; echo 1 | tail -1",
                 "({}) && echo 1 || echo 0")
        config = "".join(
            collector(number, test.format(line)) for number, (test, line) in
            enumerate((t, line) for line in (found, lost) for t in tests))
        with exporter_of(config) as exporter:
            scrape = exporter.scrape()
            for number in range(len(tests)):
                self.assertEqual(scrape.value(f"p{number}_value"), 1, number)
                self.assertEqual(scrape.failures(f"p{number + len(tests)}"),
                                 {"stderr": 1}, tests[number])
            self.assert_stops(exporter)

    def test_no_status_hides_an_earlier_failure(self):
        status = ('[[collector]]\nname = "NAME"\nshell = "SHELL"\n'
                  'format = "exit_code"\nmetric = [{ name = "NAME_value" }]\n')
        config = "".join((
            collector(1, "{ nosuchcmd; seq 300000; } | sort -rn | head -1"),
            collector(2, "cat /nosuchfile /bin/sh | sort | head -1 | wc -l"),
            collector(3, "set -e; echo 3; seq 300000 | head -1 >&2"),
            collector(4, "echo 3; x=$(ls / | wc -l); exit 1"),
            collector(5, "cat >/dev/null <<EOF\ndon't\nEOF\nnosuchcmd | wc -l"),
            collector(6, "cat >/dev/null <<EOF\na | b\nEOF\necho 3; exit 1"),
            collector(7, "set -e; n=$(cd /nosuchdir; ls | wc -l); echo $n"),
            collector(8, "printf '%s\\n' a{1,3} | wc -l"),
            collector(9, "echo 3; exit 0 | cat"),
            status.replace("NAME", "s1").replace("SHELL", "nosuchcmd | grep x"),
            status.replace("NAME", "s2").replace("SHELL", "ls / | grep nosuch"),
        ))
        with exporter_of(config) as exporter:
            scrape = exporter.scrape()
            for number in range(1, 8):
                self.assertEqual(scrape.up(f"p{number}"), 0, number)
            self.assertEqual(scrape.value("p8_value"), 1)
            self.assertEqual(scrape.value("p9_value"), 3)
            self.assertEqual((scrape.up("s1"), scrape.up("s2")), (0, 1))
            self.assertEqual(scrape.value("s2_value"), 1)
            self.assert_stops(exporter)

    def test_the_check_warns_of_a_pipe_in_a_command(self):
        text = collector(1, "").replace(
            'shell = ""', 'command = ["sh", "-c", "nosuchcmd | wc -l"]')
        with exporter_of(text) as exporter:
            check = subprocess.run(
                [PROGRAM, "--config.check", f"--config.file={exporter.config}"],
                capture_output=True, text=True, check=False)
            self.assertIn("the failure of a pipe's first part is not seen "
                          'here: write shell = "..." in the place of "sh" and '
                          "-c (warning)", check.stderr)

    def test_a_key_of_the_file_replaces_the_rule(self):
        config = "".join(collector(number, shell, keys) for number, shell, keys
                         in (
            (1, "false | wc -l", "success_exit_codes = [0]"),
            (2, "yes | head -1 | wc -l", "success_exit_codes = [0]"),
            (3, "false | wc -l; exit 4 | cat", "success_exit_codes = [4]"),
            (4, "nosuchcmd | wc -l", 'interpreter = ["/bin/sh", "-c"]'),
            (5, "nosuchcmd | wc -l", "success_exit_codes = \"any\"\n"
                                     "fail_on_stderr = true"),
            (6, "echo 'a|b' >&2; echo 1; exit 1", ""),
            (7, "echo '\\0061' | cat", "")))
        with exporter_of(config) as exporter:
            scrape = exporter.scrape()
            self.assertEqual(
                {n: scrape.failures(f"p{n}") for n in range(1, 8)},
                {1: {"exit_status": 1}, 2: {"exit_status": 1}, 3: {}, 4: {},
                 5: {"stderr": 1}, 6: {"exit_status": 1}, 7: {}})
            self.assertEqual(scrape.value("p7_value"), 1)  # as /bin/sh's echo
            self.assert_stops(exporter)

    @needs("mount_namespace")
    def test_without_bash_standard_error_decides_and_the_check_says_so(self):
        exporter = exporter_of(collector(1, "ls / | wc -l") +
                               collector(2, "nosuchcmd | wc -l") +
                               collector(3, "nosuchcmd | wc -l",
                                         "fail_on_stderr = false"))
        exporter.wrapper = [
            "unshare", "--mount", "--propagation", "private", "sh", "-c",
            'mount --bind /etc/passwd /bin/bash && exec "$@"', "sh"]
        user = "nobody" if os.geteuid() == 0 else getpass.getuser()
        warnings = [
            f'{exporter.config}:{line}:1: collector "p{number}": user {user} '
            "cannot execute /bin/bash, so shell runs under /bin/sh, where "
            "only the last part of a pipe can fail: text on standard error is "
            "a failure instead (fail_on_stderr); install bash"
            for number, line in ((1, 4), (2, 12), (3, 20))]
        check = subprocess.run(
            exporter.wrapper +
            [PROGRAM, "--config.check", f"--config.file={exporter.config}",
             *exporter.arguments], capture_output=True, text=True, check=False)
        self.assertEqual(check.stderr.splitlines(),
                         [f"{warning} (warning)" for warning in warnings])
        with exporter:
            scrape = exporter.scrape()
            self.assertEqual(
                {n: scrape.failures(f"p{n}") for n in (1, 2, 3)},
                {1: {}, 2: {"stderr": 1}, 3: {}})
            self.assert_stops(exporter)

    def test_the_exit_status_of_a_shell_that_ran_nothing_is_no_value(self):
        def status(number, shell, keys=""):
            return (f'[[collector]]\nname = "p{number}"\n'
                    f"shell = {json.dumps(shell)}\nformat = \"exit_code\"\n"
                    f"{keys}\nmetric = [{{ name = \"p{number}_value\", help = "
                    '"A status." }]\n')

        config = (status(1, "nosuchcmd") + status(2, "/etc/passwd") +
                  status(3, "exit 125") +
                  status(4, "nosuchcmd", 'success_exit_codes = "any"') +
                  status(5, "yes | grep -q y") +
                  status(6, "echo n | grep -q y"))
        with exporter_of(config) as exporter:
            scrape = exporter.scrape()
            self.assertEqual(scrape.failures("p1"), {"exit_status": 1})
            self.assertEqual(scrape.failures("p2"), {"exit_status": 1})
            self.assertEqual(
                [scrape.value(f"p{n}_value") for n in (3, 4, 5, 6)],
                [125, 127, 0, 1])
            self.assert_stops(exporter)
