#!/bin/sh
# Two runs fill one cache at the same time, and one is killed with kill -9 half-way: every entry must be whole or absent,
# the other run and later ones must read the cache without a word and end in the same bytes as one without a cache, also
# after entries were truncated and had a flipped byte. Five rounds, killed at other moments. Ends with 1 if it does not.
# Arguments are passed on to every run. VOCO names another launcher, KEEP=1 leaves the files.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-cache.XXXXXX") || exit 1
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. "$root/src/test/scripts/damage.sh"
failed=0
scans=24

"$voco" phantom --out "$work/torsos" --cases $scans --seed 3 --quiet >/dev/null || exit 1

# Becomes the run: called in a subshell or in the background, so that its process is the run's own.
run() { # run FOLDER ARGUMENT...
    out=$1
    shift
    exec "$voco" pretrain --data "$work/torsos" --out "$out" --steps 20 --set gate.every=1000 --set loader.workers=2 \
        --set data.cache=0 "$@"
}

wrong() {
    echo "  FAILED: $1"
    failed=1
}

entries() { find "$1" -name '*.prepared' 2>/dev/null | wc -l | tr -d ' '; }

# A run ended with this code: it should be the undisturbed run's, with the same model.
same() { # same CODE FOLDER LOG
    [ "$1" -eq $code ] || { cat "$3"; wrong "exit code $1, not the undisturbed run's $code"; }
    actual=$(sha256sum <"$2/model.safetensors")
    [ "$actual" = "$expected" ] || wrong 'other model than without a cache'
}

(run "$work/without" "$@") >/dev/null 2>"$work/log"
code=$?
[ $code -eq 0 ] || [ $code -eq 3 ] || { cat "$work/log"; echo 'the undisturbed run failed'; exit 1; }
expected=$(sha256sum <"$work/without/model.safetensors")

for after in 1 5 9 13 17; do
    cache=$work/cache-$after
    run "$work/killed-$after" --cache "$cache" "$@" >"$work/log-killed" 2>&1 &
    killed=$!
    run "$work/other-$after" --cache "$cache" "$@" >"$work/log-other" 2>&1 &
    other=$!
    while [ "$(entries "$cache")" -lt $after ] && kill -0 $killed 2>/dev/null; do sleep 0.01; done
    kill -9 $killed 2>/dev/null || wrong 'it had ended before it could be killed'
    echo "killed with $(entries "$cache") of $scans entries there, $(find "$cache" -name '.*.part' | wc -l) half written"
    wait $killed 2>/dev/null
    wait $other
    same $? "$work/other-$after" "$work/log-other"
    if grep -i 'warning.*cache' "$work/log-other"; then wrong 'a warning of the other run'; fi
    [ "$(entries "$cache")" -eq $scans ] || wrong "$(entries "$cache") entries for $scans scans"

    (run "$work/reader-$after" --cache "$cache" "$@") >"$work/log" 2>&1
    same $? "$work/reader-$after" "$work/log"
    grep "^Cache: $scans of $scans scans were there" "$work/log" | cut -c 1-60 || wrong 'not all scans were there'
    if grep -i 'warning.*cache' "$work/log"; then wrong 'an entry that is not whole'; fi
done

echo 'damaged entries'
truncate_file "$(find "$cache" -name '*.prepared' | sort | head -n 1)"
flip_byte "$(find "$cache" -name '*.prepared' | sort | tail -n 1)"
(run "$work/damaged" --cache "$cache" "$@") >"$work/log" 2>&1
same $? "$work/damaged" "$work/log"
[ "$(grep -c 'is damaged and is made anew: expected .* found' "$work/log")" -eq 2 ] || wrong 'not two warnings'
grep "^Cache: $((scans - 2)) of $scans scans were there" "$work/log" | cut -c 1-60 || wrong 'not all others were there'
exit $failed
