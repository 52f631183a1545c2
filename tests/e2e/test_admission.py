"""The start of commands, and reused results: --max-concurrency, a matrix that
would take every place, min_interval."""

import threading
import time
import unittest

from support import EndToEndTest, Exporter, marked, wait_until

NUMBER = """
format = "number"
metric = [{ name = "NAME_value", help = "A number." }]
"""


def collector(name, keys):
    return (f'[[collector]]\nname = "{name}"\nenv = {{ MARK = "TOKEN" }}\n'
            f'{keys}' + NUMBER.replace("NAME", name))


class Overload(EndToEndTest):
    def test_what_finds_no_place_says_why(self):
        config = (collector("slow", 'shell = "sleep 31"\ngrace = "0s"\n') +
                  collector("waits", 'shell = "echo 1"\n'))
        with Exporter(config, "--max-concurrency=1") as exporter:
            answer = exporter.scrape(X_Prometheus_Scrape_Timeout_Seconds="3")
            self.assertEqual(answer.failures("slow"), {"timeout": 1})
            self.assertEqual(answer.failures("waits"), {"overload": 1})
            self.assertEqual(answer.up("waits"), 0)
            self.assertIn(
                'level=WARN collector=waits reason=overload msg="not started '
                'before the time of its scrape was over: as many others were '
                'running as --max-concurrency allows (the last quarter of it '
                'only to collectors of which nothing runs); raise it, or give '
                'slow collectors a shorter timeout"', exporter.log())
            self.assert_nothing_left(exporter, seconds=5)
            self.assert_stops(exporter)

    def test_a_matrix_that_fills_all_places_does_not_keep_another_waiting(self):
        numbers = ", ".join(f'"{i}"' for i in range(200))
        config = (collector("matrix", f'matrix = {{ number = [{numbers}] }}\n'
                            'shell = "exec sleep 31"\ngrace = "0s"\n'
                            'timeout = "60s"\n') +
                  collector("free", 'command = ["echo", "1"]\n'))
        config = '[exporter]\nscrape_timeout = "60s"\n' + config
        with Exporter(config, "--max-concurrency=16") as exporter:
            patient = threading.Thread(
                target=exporter.scrape,
                kwargs={"X_Prometheus_Scrape_Timeout_Seconds": "15"})
            patient.start()
            # One of the sixteen is kept from it; and `free` has long ended.
            wait_until(lambda: len(marked(exporter.token)) == 15, 10,
                       "the matrix has all places that it gets")
            time.sleep(0.5)
            self.assertEqual(len(marked(exporter.token)), 15)
            # This one joins the matrix and needs a new run of `free`.
            answer = exporter.scrape(X_Prometheus_Scrape_Timeout_Seconds="4")
            self.assertEqual(answer.up("free"), 1)
            self.assertEqual(answer.value(
                "command_exporter_collector_runs_total", collector="free"), 2)
            self.assertEqual(answer.values("matrix_value"), [])
            patient.join()
            self.assert_nothing_left(exporter, seconds=10)
            self.assert_stops(exporter)


class MinInterval(EndToEndTest):
    def test_a_second_scrape_is_served_the_first_ones_result(self):
        config = collector("once", 'shell = "date +%s%N"\n')
        config += collector("fails", 'shell = "exit 3"\n')
        with Exporter('[exporter]\nmin_interval = "1h"\n' + config) as exporter:
            first, second = exporter.scrape(), exporter.scrape()
            for name in ("once_value",
                         "command_exporter_collector_scrape_duration_seconds"):
                label = {} if name == "once_value" else {"collector": "once"}
                self.assertEqual(first.value(name, **label),
                                 second.value(name, **label))
            self.assertEqual(second.up("once"), 1)
            self.assertEqual(second.up("fails"), 0)
            self.assertEqual(second.failures("fails"), {"exit_status": 1})
            for name in ("once", "fails"):
                self.assertEqual(second.value(
                    "command_exporter_collector_runs_total", collector=name), 1)
            self.assert_stops(exporter)

    def test_without_it_each_scrape_runs_the_command(self):
        config = collector("once", 'shell = "date +%s%N"\n')
        with Exporter(config) as exporter:
            first, second = exporter.scrape(), exporter.scrape()
            self.assertLess(first.value("once_value"),
                            second.value("once_value"))
            self.assertEqual(second.value(
                "command_exporter_collector_runs_total", collector="once"), 2)
            self.assert_stops(exporter)


if __name__ == "__main__":
    unittest.main()
