#!/usr/bin/env python3
"""How time and memory grow when one size at a time does: runs `voco benchmark` over sizes and prints a table in Markdown.

    growth.py [--voco PATH] [--threads N] [WHAT …]     all of them without a name

The last column is how the time grows for each doubling of the size since the row above: 2.0 is in proportion to it.
"""
import argparse
import json
import math
import pathlib
import subprocess
import sys

STEP = ["pretrain", "--set", "batch.volumes=1", "--warmup", "1", "--steps", "2"]
SCAN = ["predict", "--set", "model.encoder=swin-unetr", "--set", "model.featureSize=12", "--window", "64,64,64", "--repeats", "3"]


def step(features=12, crop=40, crops=4):
    return [*STEP, "--set", f"model.featureSize={features}", "--set", f"crop.size={crop}", "--set", f"pretext.randomCrops={crops}"]


def scan(edge=96, classes=14):
    return [*SCAN, "--size", f"{edge},{edge},{edge}", "--classes", str(classes)]


# what grows: (what its size is, [(size, words)])
GROWTHS = {
    "crops": ("crops of 40³ in a step, 12 features", [(16 + n, step(crops=n)) for n in (4, 24, 64)]),
    "crop-size": ("voxels of a crop, 20 of them, 12 features", [(e**3, step(crop=e)) for e in (40, 48, 64)]),
    "features": ("features, 20 crops of 40³", [(f, step(features=f)) for f in (12, 24, 48)]),
    "windows": ("windows of 64³, 12 features", [(n**3, scan(edge=32 * (n + 1))) for n in (1, 2, 3, 4)]),
    "classes": ("classes, 27 windows of 64³, 12 features", [(k, scan(edge=128, classes=k)) for k in (4, 16, 64, 250)]),
    "threads": ("threads, 20 crops of 40³, 12 features", [(t, [*step(), "--threads", str(t)]) for t in (1, 2)]),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voco", default=str(pathlib.Path(__file__).resolve().parent.parent / "voco"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("what", nargs="*", default=list(GROWTHS), help=", ".join(GROWTHS))
    args = parser.parse_args()
    print("| size | seconds | CPU seconds | memory MiB | time per doubling |\n|---|---|---|---|---|")
    for what in args.what:
        name, sizes = GROWTHS[what]
        print(f"| **{name}** | | | | |")
        before = None
        for size, words in sizes:
            threads = [] if "--threads" in words else ["--threads", str(args.threads)]
            run = subprocess.run(
                [args.voco, "benchmark", *words, *threads, "--json", "--quiet", "--device", "cpu"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if run.returncode:
                sys.exit(run.stderr)
            found = json.loads(run.stdout)
            seconds = found.get("median_s_per_step", found.get("seconds"))
            cpu = found.get("median_cpu_s_per_step", found.get("cpu_seconds"))
            doubling = "" if before is None else f"{(seconds / before[1]) ** (1 / math.log2(size / before[0])):.2f}"
            print(f"| {size} | {seconds:.2f} | {cpu:.2f} | {found['peak_rss_mb']:.0f} | {doubling} |", flush=True)
            before = (size, seconds)


if __name__ == "__main__":
    main()
