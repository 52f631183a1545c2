"""The cost of a sample on the path from a command's output to the answer."""

import pathlib

from exporter import Exporter, field, run_and_account, show

STAGES = ("read", "parse", "merge", "write")


def exposition_costs(binary, samples):
    """Measures the path from an output of so many samples to the answer."""
    rounds = 9 if samples <= 100_000 else 3
    output, _ = run_and_account([str(binary), str(samples), str(rounds)])
    return {name: float(value) for name, value in
            (line.split() for line in output.splitlines())}


def exposition(options, _folder):
    print("CPU a sample with 3 labels in ns, from output to answer, by stage")
    print(f"{'samples':>9} " + " ".join(f"{stage:>7}" for stage in STAGES) +
          f" {'sum':>7} {'freeing':>8} {'gzip':>7} {'peak MB':>8}")
    for samples in (10, 1_000, 100_000, 1_000_000):
        found = exposition_costs(options.build /
                                 "tests/benchmark_exposition", samples)
        costs = [found[f"{stage}_ns"] for stage in STAGES]
        goal = "   goal: sum 570, peak 150" if samples == 100_000 else ""
        print(f"{samples:9} " + " ".join(f"{cost:7.0f}" for cost in costs) +
              f" {sum(costs):7.0f} {found['free_ns']:8.0f}"
              f" {found['gzip_ns']:7.0f} {found['peak_mb']:8.0f}{goal}",
              flush=True)
        if samples == 100_000:
            ours = found["writer_mb_per_s"]
            theirs = found["text_serializer_mb_per_s"]
    print(f"writer: {ours:.0f} MB/s, prometheus::TextSerializer: "
          f"{theirs:.0f} MB/s, {ours / theirs:.1f} x")


def write_output(path, samples):
    """A typical output of a script; the same lines as in exposition.cpp."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("# HELP bench_value A value.\n# TYPE bench_value gauge\n")
        for i in range(samples):
            fraction = f".{i % 1000}" if i % 2 else ""
            file.write(f'bench_value{{device="sd{i}",mode="read",'
                       f'host="node-{i % 100}"}} {i * 37}{fraction}\n')


def processor_seconds(pid):
    """Over all live threads; schedstat counts nanoseconds."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in pathlib.Path(f"/proc/{pid}/task").iterdir()) / 1e9


def large(options, folder):
    for samples in (100_000, 1_000_000):
        write_output(f"{folder}/large", samples)
        config = pathlib.Path(folder, "large.toml")
        config.write_text(
            '[exporter]\nscrape_timeout = "60s"\n[[collector]]\n'
            f'name = "large"\ncommand = ["/bin/cat", "{folder}/large"]\n'
            'timeout = "30s"\nmax_output = "1GiB"\nmax_samples = 10000000\n',
            encoding="utf-8")
        exporter = Exporter(options.program, config)
        web = exporter.roles()["ce-web"]
        costs = []
        for _ in range(7):
            before = processor_seconds(web)
            body, _ = exporter.scrape()
            costs.append((processor_seconds(web) - before) / samples * 1e9)
            if body.count("\nbench_value{") != samples:
                raise SystemExit("samples are missing in the answer")
        peak = field(f"/proc/{web}/status", "VmHWM") / 1024
        exporter.stop()
        what = f"a scrape of {samples:,} samples"
        show(f"{what}: CPU a sample", costs, "ns")
        show(f"{what}: peak RSS", [peak], "MB",
             "150" if samples == 100_000 else "")


def formats(options, _folder):
    sizes = (1_000, 100_000)
    costs = {}
    for lines in sizes:
        output, _ = run_and_account([
            str(options.build / "tests/benchmark_formats"), str(lines), "5"])
        for line in output.splitlines():
            cost, name = line.split(" ", 1)
            costs.setdefault(name, []).append(int(cost))
    print("CPU a line that gives a sample with 3 labels in ns, from output to "
          "families")
    print(f"{'lines':>24} " + " ".join(f"{lines:>9,}" for lines in sizes))
    for name, row in costs.items():
        print(f"{name:>24} " + " ".join(f"{cost:9}" for cost in row),
              flush=True)
