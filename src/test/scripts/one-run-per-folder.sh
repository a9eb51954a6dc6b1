#!/bin/sh
# A folder in which a run is on must refuse every other run, whichever command and with or without --resume: exit code 2
# and a sentence, no file touched, and the run that is on ends in the same bytes as one that was left alone. It is held
# still meanwhile, so that this does not depend on its pace. Ends with 1 if a line fails. VOCO names another launcher.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-two.XXXXXX") || exit 1
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0

"$voco" phantom --out "$work/torsos" --cases 4 --seed 3 --labels --quiet >/dev/null || exit 1

# Each becomes the run: called in a subshell or in the background, so that its process is the run's own.
pretrain() { # pretrain FOLDER ARGUMENT...
    out=$1
    shift
    exec "$voco" pretrain --data "$work/torsos/dataset.json" --out "$out" --steps 12 --set checkpoint.every=4 \
        --set gate.every=12 --quiet "$@"
}
finetune() {
    out=$1
    shift
    exec "$voco" finetune --data "$work/torsos" --out "$out" --steps 12 --set checkpoint.every=4 \
        --set validation.every=12 --quiet "$@"
}
quickstart() {
    out=$1
    shift
    exec "$voco" quickstart --out "$out" --quiet "$@"
}

wrong() {
    echo "  FAILED: $1"
    failed=1
}

contents() { (cd "$1" && find . -type f -exec sha256sum {} + | sort); }

refused() { # refused FOLDER COMMAND ARGUMENT...
    command=$2
    ("$command" "$1" ${3:+"$3"}) >"$work/out" 2>"$work/err"
    got=$?
    printf '  %-10s %-8s %s  %s\n' "$command" "${3:-}" "$got" "$(grep '^voco: ' "$work/err" | cut -c 1-150)"
    [ $got -eq 2 ] || wrong "exit code $got, expected 2"
    grep -q '^voco: the run folder .* is in use by another run' "$work/err" || wrong 'no sentence'
    [ ! -s "$work/out" ] || wrong 'words on standard output'
}

for holder in pretrain finetune quickstart; do
    echo "$holder is on"
    out=$work/$holder
    "$holder" "$out" >"$work/log" 2>&1 &
    pid=$!
    until [ -s "$out/metrics.jsonl" ]; do
        kill -0 $pid 2>/dev/null || { cat "$work/log"; exit 1; }
        sleep 0.1
    done
    kill -STOP $pid
    before=$(contents "$out")
    for other in pretrain finetune quickstart; do
        refused "$out" $other
        refused "$out" $other --resume
    done
    [ "$(contents "$out")" = "$before" ] || wrong 'a file of the run changed'
    kill -CONT $pid
    if [ $holder = quickstart ]; then # takes minutes, and its pre-training is the one above
        kill -9 $pid
        wait $pid 2>/dev/null
        pid=
        continue
    fi
    wait $pid || { cat "$work/log"; wrong 'the run failed'; }
    pid=
    ("$holder" "$work/alone-$holder") >/dev/null 2>&1
    [ "$(sha256sum <"$out/model.safetensors")" = "$(sha256sum <"$work/alone-$holder/model.safetensors")" ] ||
        wrong 'other model than undisturbed'
done
exit $failed
