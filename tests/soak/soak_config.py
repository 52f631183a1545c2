"""The commands of the whole program's soak, and their expected results."""

# If a scrape has enough time, this collector is up and prints that.
RIGHT = {"one": 1, "program": 42, "helper": 0, "orphan": 5, "daemon": 6,
         "nameless": 7, "daemons": 8, "holder": 9, "jq": 43}
# These are never up; the only reasons that their counters may show. A scrape
# with little time, and a launcher that was killed, add to each.
WRONG = {"fails": "exit_status", "crashes": "signal", "sleeps": "timeout",
         "ignores": "timeout", "stopped": "timeout", "closes": "timeout",
         "late_daemon": "timeout", "floods": "output_limit",
         "floods_errors": "output_limit", "tree": "timeout",
         "bush": "timeout", "nest": "timeout", "storm": "timeout",
         "jq_endless": "timeout"}
ANYWAY = {"timeout", "overload", "launcher_lost"}
# The first process of a hopper ends at once, so either reason is possible.
EITHER = {"hop": {"parse", "missing", "timeout"}}

SHELL = {
    "one": "echo 1",
    # The end of another run kills neither its helper nor its nameless orphan.
    "helper": "setsid sleep .2 & wait $!; echo $?",
    "orphan": "(env -i /usr/bin/setsid /bin/sh -c '/bin/sleep .2; echo 5' &)"
              " | cat",
    "daemon": "(setsid sleep 31 >/dev/null 2>&1 </dev/null &); echo 6",
    "nameless": "(env -i MARK=TOKEN /usr/bin/setsid /bin/sleep 31"
                " >/dev/null 2>&1 </dev/null &); sleep .05; echo 7",
    "daemons": "for i in 1 2 3 4 5 6 7 8 9; do"
               " (setsid sleep 31 >/dev/null 2>&1 &); done; echo 8",
    "holder": "sleep 31 & echo 9",
    "fails": "echo 1; exit 3",
    "crashes": "kill -SEGV $$",
    "sleeps": "sleep 31; true",
    "ignores": "trap '' TERM; sleep 31; sleep 31",
    "stopped": "kill -STOP $$; sleep 31",
    "closes": "exec >&- 2>&-; sleep 31",
    "late_daemon": "trap '(setsid sleep 31 &)' TERM; sleep 31 & wait; sleep 31",
    "floods": "yes",
    "floods_errors": "trap '' TERM PIPE; yes >&2",
}
# A script, and the program that reads what it prints.
JSON = {"jq": ("echo '{\"a\": 42}'", ".a + 1"),
        "jq_endless": ("echo 1", "def f: f; f")}
HOSTILE = ("tree", "bush", "nest", "storm", "hop")
TIMEOUT = 0.3
GRACE = 0.2


def collector(name, run, extra="", read="number"):
    return f"""
[[collector]]
name = "{name}"
{run}
{extra}
format = "{read}"
metric = [{{ name = "soak_{name}", help = "A number." }}]
"""


def config(hostile_program, comment):
    """The file's text; `comment` makes each version another."""
    hostile = f'timeout = "{TIMEOUT}s"\ngrace = "{GRACE}s"\n'
    parts = [f"# {comment}\n[exporter]\nscrape_timeout = \"30s\"\n"
             "[exporter.defaults]\ntimeout = \"20s\"\n"
             "env = { MARK = \"TOKEN\" }\n"]
    for name, script in SHELL.items():
        slow = WRONG.get(name) in ("timeout", "output_limit")
        parts.append(collector(name, f"shell = '''{script}'''",
                               hostile if slow else ""))
    for name, (script, items) in JSON.items():
        parts.append(collector(
            name, f"shell = '''{script}'''",
            f'items = "{items}"\n' + (hostile if name in WRONG else ""),
            "json"))
    parts.append(collector("program", 'command = ["/bin/echo", "42"]'))
    for name in HOSTILE:
        parts.append(collector(
            name, f'command = ["{hostile_program}"]',
            hostile + f'env = {{ HOSTILE = "{name}" }}\n'))
    return "".join(parts)
