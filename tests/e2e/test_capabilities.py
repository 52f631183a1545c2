"""An exporter that is not root and has capabilities, as from a service manager's
AmbientCapabilities=: which processes have them, and what is checked then."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

import test_privilege
from probes import needs
from support import PROGRAM, Exporter

NOBODY = test_privilege.NOBODY
DAEMON = test_privilege.DAEMON
NET_BIND_SERVICE = 1 << 10

CAPS = r"""
[[collector]]
name = "NAME"
USER
env = { MARK = "TOKEN" }
shell = '''
field() { sed -n "s/^$1:[[:space:]]*//p" /proc/self/status | xargs; }
echo "who{uid=\"$(field Uid)\",permitted=\"$(field CapPrm)\",\
inheritable=\"$(field CapInh)\",ambient=\"$(field CapAmb)\",by=\"NAME\"} 1"
'''
"""
SETS = ("permitted", "inheritable", "ambient")
NONE = "0" * 16


def caps(name, user=""):
    return test_privilege.filled(CAPS, name, user)


def ambient(exporter, *names):
    """Makes `exporter` one of nobody's with these capabilities; returns how.
    Its program is a copy, which nobody can reach."""
    program = pathlib.Path(exporter.folder) / "program"
    shutil.copy(PROGRAM, program)
    plus = ",".join("+" + name for name in names)
    exporter.wrapper = [
        "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
        f"--inh-caps={plus}", f"--ambient-caps={plus}",
        "sh", "-c", f'shift; exec {program} "$@"', "sh"]
    return exporter.wrapper


@needs("root")
class Capabilities(test_privilege.Privilege):
    def test_only_its_own_users_commands_have_the_exporters_capabilities(self):
        exporter = Exporter(caps("own") + caps("other", "daemon"))
        ambient(exporter, "setuid", "setgid", "net_raw", "net_bind_service")
        exporter.__enter__()
        self.addCleanup(exporter.__exit__)
        other = self.labels(exporter, "other")
        self.assertEqual(other["uid"], test_privilege.four(DAEMON))
        self.assertEqual([other[key] for key in SETS], [NONE] * 3)
        own = self.labels(exporter, "own")
        self.assertEqual(own["uid"], test_privilege.four(NOBODY))
        for key in SETS:
            self.assertNotEqual(own[key], NONE, key)
        self.assert_stops(exporter)

    def test_the_web_side_keeps_only_the_right_to_a_low_port(self):
        exporter = Exporter(caps("own"))
        ambient(exporter, "setuid", "setgid", "chown", "net_bind_service",
                "syslog")
        exporter.__enter__()
        self.addCleanup(exporter.__exit__)
        self.labels(exporter, "own")
        web = test_privilege.status_of(exporter.role("web"))
        for key in ("CapPrm", "CapEff"):
            self.assertEqual(int(web[key], 16), NET_BIND_SERVICE, key)
        for key in ("CapInh", "CapAmb"):
            self.assertEqual(web[key], NONE, key)
        self.assert_stops(exporter)

    def test_whoever_has_rights_to_lose_looks_whose_its_files_are(self):
        exporter = self.prepare(caps("own"))
        os.chmod(exporter.config, 0o666)
        for names, status in ((("net_raw", "net_bind_service"), 0),
                              (("net_raw", "dac_read_search"), 1),
                              (("syslog",), 1)):
            wrapper = ambient(exporter, *names)
            run = self.check(exporter, wrapper=wrapper)
            self.assertEqual(run.returncode, status, run.stderr)
            self.assertEqual("chmod go-w" in run.stderr, status == 1)


def called_by(symbol):
    """The functions that one calls or jumps to, but for itself."""
    text = subprocess.run(
        ["objdump", "--disassemble=" + symbol, "--no-show-raw-insn", PROGRAM],
        capture_output=True, text=True, check=True).stdout
    calls = re.findall(r"\t(?:call|callq|bl|blr|jmp|b)\s+(.*)", text)
    inner = re.compile(rf"<{re.escape(symbol)}(\+0x[0-9a-f]+)?>$")
    names = {re.sub(r".*<(.*?)(@plt)?>$", r"\1", call) for call in calls
             if not inner.search(call)}
    # Only before abort.
    return names - {"__stack_chk_fail"}, re.search(r"\t(syscall|svc)\b", text)


class Child(unittest.TestCase):
    def test_a_new_process_calls_no_function_before_it_is_another_program(self):
        # It shares the launcher's memory; a sanitizer's or a library's
        # function would write there (core/process/spawn/spawn_syscall.hpp).
        # After a failure it looks why, by functions of the same kind.
        start = "_ZN16command_exporter10SpawnChildEPv"
        called, makes_calls = called_by(start)
        self.assertTrue(makes_calls)
        self.assertEqual({re.sub(r"\..*", "", name) for name in called}, {
            "_ZN16command_exporter13LookAtFailureERKNS_9SpawnPlanERKNS_"
            "12SpawnFailureERNS_14StartDiagnosisE"})
        seen, waiting = {start}, set(called)
        while waiting:
            name = waiting.pop()
            self.assertRegex(name, r"^_ZN16command_exporter(12_GLOBAL__N_1)?"
                                   r"\d+(LookAt\w+|Follow\w+)")
            seen.add(name)
            waiting |= called_by(name)[0] - seen
        self.assertGreater(len(seen), 2)


if __name__ == "__main__":
    unittest.main()
