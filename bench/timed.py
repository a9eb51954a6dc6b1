#!/usr/bin/env python3
"""Runs a command from its start to its end and prints wall seconds, CPU seconds and the most memory it had, as JSON."""
import json
import resource
import subprocess
import sys
import time

began = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=sys.stderr).returncode
seconds = time.perf_counter() - began
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "seconds": round(seconds, 3),
    "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 3),
    "peak_rss_mb": round(usage.ru_maxrss / 1024, 1),
}))
sys.exit(code)
