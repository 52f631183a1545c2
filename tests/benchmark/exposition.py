"""What a sample costs on its way from a command's output to the answer."""

from exporter import run_and_account

STAGES = ("read", "parse", "merge", "write")


def exposition_costs(binary, samples):
    """Figures of the path from an output of so many samples to the answer."""
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
