#!/bin/sh
# Sends signals at random times to commands that compute: each must end with the signal's own code, 143 or 130 (or have
# ended before), leave no hs_err file, and leave a run that goes on. Ends with 1 if one does not.
#
#   signals.sh [N [SEED]]    N signals in all (50), at times drawn from SEED
#
# VOCO names another launcher, KEEP=1 leaves the files.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
count=${1:-50} seed=${2:-1}
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-signals.XXXXXX") || exit 1
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1
failed=0

"$voco" phantom --out torsos --cases 4 --seed 4 --labels --quiet >/dev/null || exit 1
"$voco" finetune --data torsos --out model --recipe tiny --steps 5 --quiet >/dev/null || exit 1
small="--set model.featureSize=12 --set crop.size=40 --set batch.volumes=1 --set batch.randomCrops=4 --set batch.chunk=20"

# Runs the i-th command and sends it the signal, twice: to its process and to its group.
interrupted() { # interrupted I
    # shellcheck disable=SC2086  # $small is several arguments
    case $(($1 % 6)) in
        0) voco benchmark pretrain $small --set precision=bf16 --quiet ;;
        1) voco pretrain --data torsos --out "run$1" --steps 100000 --quiet ;;
        2) voco predict -i torsos -o "predicted$1" --weights model --overlap 0.9 --quiet ;;
        3) voco finetune --data torsos --out "tuned$1" --recipe tiny --steps 100000 --quiet ;;
        4) voco quickstart --out "quick$1" --minutes 1 --quiet ;;
        5) voco plan torsos --minutes 1 -o "plan$1.yaml" --quiet ;;
    esac
}

voco() { timeout --signal=$signal --preserve-status "$seconds" "$voco" "$@"; }

at=$(awk -v n="$count" -v seed="$seed" 'BEGIN { srand(seed); for (i = 0; i < n; i++) printf "%.2f ", 0.2 + 14 * rand() }')
i=0
for seconds in $at; do
    if [ $((i / 6 % 2)) -eq 0 ]; then signal=TERM code=143; else signal=INT code=130; fi
    interrupted $i >out 2>err
    got=$?
    problem=
    [ $got -eq $code ] || [ $got -eq 0 ] || [ $got -eq 3 ] || problem="exit code $got"
    ls hs_err* >/dev/null 2>&1 && problem="${problem:+$problem, }a crash file"
    if [ -z "$problem" ]; then
        printf 'ok      %2d  %-4s after %5s s: %s\n' $i $signal "$seconds" $got
    else
        failed=1
        printf 'FAILED  %2d  %-4s after %5s s: %s\n' $i $signal "$seconds" "$problem"
        sed 's/^/      | /' err | tail -n 6
        rm -f hs_err*
    fi
    i=$((i + 1))
done

# A state that was saved is one to go on from.
for run in run*/; do
    [ -e "$run/checkpoint_latest.safetensors" ] || continue
    taken=$(wc -l <"$run/metrics.jsonl")
    "$voco" pretrain --data torsos --out "$run" --steps 100000 --resume >/dev/null 2>err &
    pid=$!
    waited=0
    until grep -q 'Continuing after step' err || [ $waited -ge 60 ] || ! kill -0 $pid 2>/dev/null; do sleep 1; waited=$((waited + 1)); done
    kill -TERM $pid
    wait $pid
    grep -q "Continuing after step $taken " err || { failed=1; echo "FAILED: $run does not go on after step $taken"; cat err; }
    break
done
exit $failed
