#!/bin/sh
# A prediction of a folder that is killed with kill -9 and started again each time must end with the same bytes as one that
# was left alone, and keep what was finished. Ends with 1 if it does not. VOCO names another launcher, KEEP=1 leaves the files.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-kill.XXXXXX") || exit 1
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
scans=12

"$voco" phantom --out "$work/torsos" --cases $scans --seed 4 --labels --quiet >/dev/null || exit 1
"$voco" finetune --data "$work/torsos" --out "$work/model" --recipe tiny --steps 5 --quiet >/dev/null || exit 1

# Becomes the prediction: called in a subshell or in the background, so that its process is the prediction's own.
predict() { # predict FOLDER
    exec "$voco" predict -i "$work/torsos" -o "$1" --weights "$work/model" --overlap 0.75 --quiet
}

finished() { # finished FOLDER
    find "$1" -name '*.prediction.json' 2>/dev/null | wc -l
}

(predict "$work/whole") >/dev/null || exit 1
[ "$(finished "$work/whole")" -eq $scans ] || { echo 'the undisturbed prediction did not finish'; exit 1; }

for wanted in 2 5 9; do
    predict "$work/killed" >/dev/null &
    pid=$!
    while kill -0 $pid 2>/dev/null && [ "$(finished "$work/killed")" -lt $wanted ]; do sleep 0.05; done
    kill -9 $pid 2>/dev/null && echo "killed after $(finished "$work/killed") of $scans scans"
    wait $pid 2>/dev/null
    first=$(find "$work/killed" -name '*0001.nii.gz' -exec ls -l --time-style=full-iso {} +)
done
(predict "$work/killed") || exit 1
[ "$first" = "$(find "$work/killed" -name '*0001.nii.gz' -exec ls -l --time-style=full-iso {} +)" ] ||
    { echo 'FAILED: a finished scan was made again'; exit 1; }
diff -r "$work/whole" "$work/killed" || { echo 'FAILED: other results'; exit 1; }
echo "$scans scans, the same to the last byte"
