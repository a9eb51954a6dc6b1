#!/bin/sh
# A run that is killed three times with kill -9 and continued each time must end in the same bytes as one that was left
# alone, with 1 and with 4 loader workers, and keep every step once. Ends with 1 if it does not. VOCO names another
# launcher, KEEP=1 leaves the files.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-kill.XXXXXX") || exit 1
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0

"$voco" phantom --out "$work/torsos" --cases 8 --seed 3 --quiet >/dev/null || exit 1

# Becomes the run: called in a subshell or in the background, so that its process is the run's own.
run() { # run FOLDER WORKERS ARGUMENT...
    out=$1 workers=$2
    shift 2
    exec "$voco" pretrain --data "$work/torsos" --out "$out" --steps 60 --set checkpoint.every=10 --set gate.every=30 \
        --set loader.workers="$workers" "$@"
}

# Waits until a run's metrics hold a step beyond the given one, then kills the run's process at once.
kill_after() { # kill_after PID METRICS STEP
    while kill -0 "$1" 2>/dev/null; do
        step=$(tail -n 1 "$2" 2>/dev/null | sed -n 's/^{"step":\([0-9]*\),.*/\1/p')
        [ "${step:-0}" -gt "$3" ] && break
        sleep 0.1
    done
    kill -9 "$1" 2>/dev/null && echo "killed after step ${step:-0}"
    wait "$1" 2>/dev/null
}

(run "$work/whole" 1 --quiet) >/dev/null 2>&1 || { echo "the undisturbed run failed"; exit 1; }
expected=$(sha256sum <"$work/whole/model.safetensors")

for workers in 1 4; do
    out=$work/killed-$workers
    resume=
    for after in 12 27 44; do
        # shellcheck disable=SC2086  # nothing, or one option
        run "$out" $workers --quiet $resume >"$work/log" 2>&1 &
        kill_after $! "$out/metrics.jsonl" $after
        resume=--resume
    done
    (run "$out" $workers --quiet --resume) >"$work/log" 2>&1 || { cat "$work/log"; failed=1; }
    actual=$(sha256sum <"$out/model.safetensors")
    steps=$(sed -n 's/^{"step":\([0-9]*\),.*/\1/p' "$out/metrics.jsonl")
    resumes=$(sed -n '/"resumes"/,/\]/p' "$out/run.json" | sed -n 's/.*"step" : \([0-9]*\).*/\1/p' | tr '\n' ' ')
    echo "$workers workers: resumed after steps $resumes"
    [ "$(echo "$resumes" | wc -w)" -eq 3 ] || { echo "  FAILED: expected three resumes"; failed=1; }
    for step in $resumes; do [ "$step" -gt 0 ] || { echo "  FAILED: a resume at step 0"; failed=1; }; done
    [ "$steps" = "$(seq 60)" ] || { echo "  FAILED: metrics.jsonl does not hold each step once"; failed=1; }
    if [ "$actual" = "$expected" ]; then echo "  same model: ${actual%% *}"; else echo "  FAILED: other model"; failed=1; fi
done
exit $failed
