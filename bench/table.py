#!/usr/bin/env python3
"""The table of a folder that compare.sh filled: medians over runs, and how many times as long as ours the peer takes."""
import collections
import json
import pathlib
import statistics
import sys

MEASURES = (
    ("wall s", lambda d: d.get("median_s_per_step", d.get("seconds"))),
    ("CPU s", lambda d: d.get("median_cpu_s_per_step", d["cpu_seconds"] if "seconds" in d else None)),
    ("memory MiB", lambda d: d["peak_rss_mb"]),
)


def main():
    folder = pathlib.Path(sys.argv[1])
    documents = collections.defaultdict(list)  # (work, threads) -> who -> documents
    order = []
    for path in sorted(folder.glob("*.*.*.*.json"), key=lambda each: each.stat().st_mtime):
        work, threads, who, _ = path.stem.rsplit(".", 3)
        if (work, threads) not in order:
            order.append((work, threads))
        documents[work, threads, who].append(json.loads(path.read_text()))
    print("| work | threads | | peer, default | peer, best | ours | peer best / ours |")
    print("|---|---|---|---|---|---|---|")
    for work, threads in order:
        for name, value in MEASURES:
            default, tuned, ours = (median(documents[work, threads, who], value) for who in ("default", "tuned", "voco"))
            best = min((each for each in (default, tuned) if each is not None), default=None)
            ratio = f"{best / ours:.2f}" if best and ours else "–"
            print(f"| {work} | {threads} | {name} | {figure(default)} | {figure(best)} | {figure(ours)} | {ratio} |")


def median(documents, value):
    values = [value(document) for document in documents]
    return statistics.median(values) if values else None


def figure(value):
    return "–" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
