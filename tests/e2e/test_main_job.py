"""The delivered configuration on real input: memory, waiting connections and
ping on this machine."""

import contextlib
import re
import socket
import struct
import unittest

from support import SOURCE, EndToEndTest, Exporter, wait_until

SOCKETS = 20


def meminfo(name):
    with open("/proc/meminfo") as text:
        return int(re.search(rf"^{name}:\s+(\d+) kB", text.read(), re.M)[1])


@contextlib.contextmanager
def sockets_in_close_wait(count):
    """`count` accepted connections whose client has gone."""
    with socket.create_server(("127.0.0.1", 0), backlog=count) as server:
        accepted = []
        for _ in range(count):
            client = socket.create_connection(server.getsockname())
            connection, _ = server.accept()
            # Closing will reset, so that no TIME_WAIT stays behind.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
            client.close()
            accepted.append(connection)
        try:
            yield
        finally:
            for connection in accepted:
                connection.close()


class MainJob(EndToEndTest):
    def setUp(self):
        config = (SOURCE / "exporter.toml").read_text()
        self.exporter = self.start(config)

    def start(self, config):
        exporter = Exporter(config)
        exporter.__enter__()
        self.addCleanup(exporter.__exit__)
        return exporter

    def test_memory_is_what_the_kernel_says(self):
        answer = self.exporter.scrape()
        self.assertEqual(answer.value("memory_total_bytes", kind="Mem"),
                         meminfo("MemTotal") // 1024 * 2**20)
        available = answer.value("memory_available_bytes", kind="Mem")
        expected = meminfo("MemAvailable") * 1024
        self.assertLess(abs(available - expected), 0.05 * expected)
        self.assertEqual(answer.values("memory_available_bytes", kind="Swap"),
                         [])
        self.assertEqual(answer.up("free"), 1)

    def test_connections_in_close_wait_are_counted_and_go_again(self):
        def count():
            return self.exporter.scrape().value("netstat_wait_connections")

        before = count()
        with sockets_in_close_wait(SOCKETS):
            during = count()
            self.assertGreaterEqual(during, before + SOCKETS)
        wait_until(lambda: count() <= during - SOCKETS, 10, "they go again")

    def test_ping_reaches_the_loopback(self):
        answer = self.exporter.scrape()
        self.assertEqual(
            answer.value("ping_packet_loss_ratio", target="127.0.0.1"), 0)
        low, mean, high = (
            answer.value("ping_rtt_seconds", target="127.0.0.1", stat=stat)
            for stat in ("min", "avg", "max"))
        self.assertTrue(0 < low <= mean <= high < 0.1, (low, mean, high))

    def test_it_stops_and_leaves_nothing(self):
        self.exporter.scrape()
        self.assert_stops(self.exporter)


if __name__ == "__main__":
    unittest.main()
