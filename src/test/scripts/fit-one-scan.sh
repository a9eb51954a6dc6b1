#!/bin/sh
# Fits one real scan: fine-tunes from scratch on TotalSegmentator's example CT with eight organs and measures on the same
# scan. It shows that the machinery can fit a real scan, nothing else.
# Usage: fit-one-scan.sh OUT [further options of voco finetune]
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
data=$(cd "${VOCO_TEST_DATA:-$root/../shared/data}/ct/totalsegmentator" && pwd)
out=$1
shift
mkdir -p "$out"
cat > "$out/dataset.json" <<JSON
{"name": "example", "labels": {"0": "background"},
 "training": [{"image": "$data/example_ct.nii.gz", "label": "$data/example_seg_full_v1_104classes.nii.gz"}]}
JSON
exec "$root/voco" finetune --data "$out/dataset.json" --recipe one-scan --out "$out/run" "$@"
