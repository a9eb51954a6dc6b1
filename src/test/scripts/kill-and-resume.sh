#!/bin/sh
# A run that is killed three times with kill -9 and continued each time must end in the same bytes as one that was left
# alone, with 1 and with 4 loader workers, and keep every step once; so must one whose latest checkpoint was truncated
# after one kill and had a flipped byte after another. Ends with 1 if it does not. Arguments are passed on to every run,
# for example --set pretext.variant=official. KIND=finetune kills fine-tuning instead of pre-training. VOCO names another
# launcher, KEEP=1 leaves the files.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-kill.XXXXXX") || exit 1
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. "$root/src/test/scripts/damage.sh"
failed=0

kind=${KIND:-pretrain}
look=gate results=model.safetensors
[ "$kind" = pretrain ] || { look=validation; results='model.safetensors model_best.safetensors summary.json'; }

"$voco" phantom --out "$work/torsos" --cases 8 --seed 3 --labels --quiet >/dev/null || exit 1

# Becomes the run: called in a subshell or in the background, so that its process is the run's own.
run() { # run FOLDER WORKERS ARGUMENT...
    out=$1 workers=$2
    shift 2
    exec "$voco" "$kind" --data "$work/torsos" --out "$out" --steps 60 --set checkpoint.every=10 --set $look.every=30 \
        --set loader.workers="$workers" --quiet "$@"
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

wrong() {
    echo "  FAILED: $1"
    failed=1
}

# Looks at what a run left that was killed and continued three times.
check() { # check FOLDER
    resumes=$(sed -n '/"resumes"/,/\]/p' "$1/run.json" | sed -n 's/.*"step" : \([0-9]*\).*/\1/p' | tr '\n' ' ')
    echo "  resumed after steps $resumes"
    [ "$(echo "$resumes" | wc -w)" -eq 3 ] || wrong 'expected three resumes'
    for step in $resumes; do [ "$step" -gt 0 ] || wrong 'a resume at step 0'; done
    steps=$(sed -n 's/^{"step":\([0-9]*\),.*/\1/p' "$1/metrics.jsonl")
    [ "$steps" = "$(seq 60)" ] || wrong 'metrics.jsonl does not hold each step once'
    for result in $results; do
        if cmp -s "$work/whole/$result" "$1/$result"; then echo "  same $result"; else wrong "other $result"; fi
    done
}

(run "$work/whole" 1 "$@") >/dev/null 2>"$work/log"
code=$?
[ $code -eq 0 ] || [ $code -eq 3 ] || { cat "$work/log"; echo "the undisturbed run failed"; exit 1; }

for workers in 1 4; do
    echo "$workers workers"
    out=$work/killed-$workers
    resume=
    for after in 12 27 44; do
        # shellcheck disable=SC2086  # nothing, or one option
        run "$out" $workers $resume "$@" >"$work/log" 2>&1 &
        kill_after $! "$out/metrics.jsonl" $after
        resume=--resume
    done
    (run "$out" $workers --resume "$@") >"$work/log" 2>&1
    [ $? -eq $code ] || { cat "$work/log"; wrong "not the undisturbed run's exit code $code"; }
    check "$out"
done

# Each kill is after two checkpoints; the next start finds the latest one damaged and says so.
echo 'damaged checkpoints'
out=$work/damaged
latest=$out/checkpoint_latest.safetensors
run "$out" 1 "$@" >"$work/log" 2>&1 &
kill_after $! "$out/metrics.jsonl" 22
truncate_file "$latest"
run "$out" 1 --resume "$@" >"$work/log" 2>&1 &
kill_after $! "$out/metrics.jsonl" 36
grep 'checkpoint_latest.*expected.*found.*Continuing from' "$work/log" || wrong 'no word of the truncated checkpoint'
flip_byte "$latest"
run "$out" 1 --resume "$@" >"$work/log" 2>&1 &
kill_after $! "$out/metrics.jsonl" 44
grep 'checkpoint_latest.*expected.*found.*Continuing from' "$work/log" || wrong 'no word of the flipped byte'
(run "$out" 1 --resume "$@") >"$work/log" 2>&1
[ $? -eq $code ] || { cat "$work/log"; wrong "not the undisturbed run's exit code $code"; }
check "$out"
exit $failed
