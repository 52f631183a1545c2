"""Hostile commands in the whole program: processor time and orphans are
attributed to the collector whose command caused them."""

import unittest

from support import EndToEndTest, Exporter

BURN = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"

CONFIG = f"""
[exporter.defaults]
env = {{ TOKEN = "1" }}

[[collector]]
name = "burns"
shell = '''
(env -i /usr/bin/setsid /bin/sh -c '{BURN}; echo done >&2; exec sleep 60' &)
(setsid sh -c '{BURN}' >/dev/null 2>&1 &)
sleep 60 & wait $!
'''
timeout = "4s"
format = "number"
metric = [{{ name = "burns_value" }}]

[[collector]]
name = "sleeps"
shell = "sleep 3; echo 1"
format = "number"
metric = [{{ name = "sleeps_value" }}]
"""


class Attribution(EndToEndTest):
    def test_processor_time_of_orphans_is_their_collectors(self):
        with Exporter(CONFIG) as exporter:
            first = exporter.scrape()
            self.assertEqual(first.up("sleeps"), 1)
            self.assertEqual(first.failures("burns"), {"timeout": 1})
            # Reported with the run's end, which a scrape does not wait for.
            self.assert_nothing_left(exporter, seconds=5)
            cpu = {name: exporter.scrape().value(
                "command_exporter_collector_cpu_seconds_total",
                collector=name) for name in ("burns", "sleeps")}
            self.assertGreater(cpu["burns"], 0.1)
            self.assertLess(cpu["sleeps"], 0.1)
            self.assert_stops(exporter)


# A child's peak memory, as the kernel tells it, begins at that of its parent:
# the one must be small that starts the commands.
LARGE = """
[exporter]
scrape_timeout = "60s"

[exporter.defaults]
env = { TOKEN = "1" }

[[collector]]
name = "large"
command = ["seq", "-f", 'big{number="%.0f",more="words"} 1', "400000"]
timeout = "50s"
format = "prometheus"
max_samples = 1000000
max_output = "64MiB"

[[collector]]
name = "small"
command = ["true"]
format = "exit_code"
metric = [{ name = "small_exit_code", value = "_exit_code" }]
"""


class Memory(EndToEndTest):
    def test_a_large_web_side_makes_no_command_look_large(self):
        with Exporter(LARGE) as exporter:
            exporter.scrape()
            metrics = exporter.scrape()
            self.assertEqual((metrics.up("large"), metrics.up("small")),
                             (1, 1), exporter.log())
            web_side = metrics.value("process_resident_memory_bytes")
            command = metrics.value(
                "command_exporter_collector_max_rss_bytes", collector="small")
            self.assertGreater(web_side, 100e6)
            self.assertLess(command, 4e6)
            self.assertGreater(command, 0)
            self.assert_stops(exporter)


if __name__ == "__main__":
    unittest.main()
