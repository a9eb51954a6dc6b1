#!/bin/sh
# A run whose disk becomes full, while it writes a checkpoint or a line of its metrics, must end with exit code 1 and one
# sentence, keep what it had saved, and after room was made end in the same bytes as one that was left alone; one whose
# cache has no more room must go on to the same bytes with one warning. Ends with 1 if it does not. The disk is a tmpfs of a
# few megabytes, so this needs to be root on Linux, and is skipped otherwise.
# Arguments are passed on to every run. VOCO names another launcher.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-full.XXXXXX") || exit 1
disk=$work/disk
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; umount "$disk" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0

mkdir "$disk"
mount -t tmpfs -o size=1m tmpfs "$disk" 2>/dev/null || {
    echo 'SKIPPED: a file system of its own cannot be mounted here; run this as root on Linux'
    exit 0
}

"$voco" phantom --out "$work/torsos" --cases 8 --seed 3 --quiet >/dev/null || exit 1

# Becomes the run: called in a subshell or in the background, so that its process is the run's own.
run() { # run FOLDER ARGUMENT...
    out=$1
    shift
    exec "$voco" pretrain --data "$work/torsos" --out "$out" --steps 60 --set gate.every=1000 --quiet "$@"
}

wrong() {
    echo "  FAILED: $1"
    failed=1
}

size() { wc -c <"$1" | tr -d ' '; }

# The run on the small disk ended with this code; it should be 1, with one sentence that names the file.
refused() { # refused CODE FILE
    [ "$1" -eq 1 ] || wrong "exit code $1, expected 1"
    grep '^voco: ' "$work/log" | cut -c 1-200
    grep -Eq "^voco: .*/$2 cannot be written: .*; [0-9,]+ bytes are needed, [0-9,]+ are free" "$work/log" ||
        wrong "no sentence that names $2, the bytes needed and the bytes free"
    [ "$(grep -c '^voco: ' "$work/log")" -eq 1 ] || wrong 'not one sentence'
    if grep -Eq '^[[:space:]]+at [a-z]+\..*\(' "$work/log"; then wrong 'a stack trace'; fi
    [ -z "$(find "$disk" -name '.*.part')" ] || wrong 'half a file was left behind'
}

# There is room now: the run goes on and ends like the undisturbed one.
continued() { # continued FOLDER ARGUMENT...
    (run "$@" --resume) >"$work/log" 2>&1
    [ $? -eq $code ] || { cat "$work/log"; wrong "not the undisturbed run's exit code $code"; }
    steps=$(sed -n 's/^{"step":\([0-9]*\),.*/\1/p' "$1/metrics.jsonl")
    [ "$steps" = "$(seq 60)" ] || wrong 'metrics.jsonl does not hold each step once'
    actual=$(sha256sum <"$1/model.safetensors")
    if [ "$actual" = "$expected" ]; then echo "  same model: ${actual%% *}"; else wrong 'other model'; fi
}

(run "$work/whole" "$@") >/dev/null 2>"$work/log"
code=$?
[ $code -eq 0 ] || [ $code -eq 3 ] || { cat "$work/log"; echo 'the undisturbed run failed'; exit 1; }
expected=$(sha256sum <"$work/whole/model.safetensors")
bytes=$(size "$work/whole/checkpoint_latest.safetensors")
megabyte=1048576

echo "full while the third checkpoint is written ($bytes bytes each)"
mount -o remount,size=$((bytes * 5 / 2 + megabyte)) "$disk" || exit 1
out=$disk/run
(run "$out" --set checkpoint.every=10 "$@") >/dev/null 2>"$work/log"
refused $? checkpoint_latest.safetensors
for name in latest previous; do
    [ "$(size "$out/checkpoint_$name.safetensors")" -eq "$bytes" ] || wrong "checkpoint_$name is not whole"
done
mount -o remount,size=$((bytes * 6 + 4 * megabyte)) "$disk" || exit 1
continued "$out" --set checkpoint.every=10 "$@"
rm -rf "$out"

echo 'full while a line of metrics is written'
run "$out" --set checkpoint.every=30 "$@" >/dev/null 2>"$work/log" &
pid=$!
until [ "$(cat "$out/metrics.jsonl" 2>/dev/null | wc -l)" -gt 31 ]; do
    kill -0 $pid 2>/dev/null || { cat "$work/log"; echo 'the run ended too early'; exit 1; }
    sleep 0.1
done
cat /dev/zero >"$disk/filler" 2>/dev/null
wait $pid
ended=$? pid=
refused $ended metrics.jsonl
[ -z "$(tail -c 1 "$out/metrics.jsonl" | tr -d '\n')" ] || echo '  its last line is half written'
before=$(sha256sum <"$out/checkpoint_latest.safetensors")
echo 'continued while it is still full'
(run "$out" --set checkpoint.every=30 --resume "$@") >/dev/null 2>"$work/log"
refused $? config.yaml
[ "$(sha256sum <"$out/checkpoint_latest.safetensors")" = "$before" ] || wrong 'the checkpoint changed'
rm "$disk/filler"
continued "$out" --set checkpoint.every=30 "$@"
rm -rf "$out"

echo 'full while the cache is filled: the run goes on without'
mount -o remount,size=256k "$disk" || exit 1
(run "$work/cached" --cache "$disk/cache" --set data.cache=0 "$@") >/dev/null 2>"$work/log"
[ $? -eq $code ] || { cat "$work/log"; wrong "not the undisturbed run's exit code $code"; }
[ "$(grep -c '^warning: .* not cached any more' "$work/log")" -eq 1 ] || { cat "$work/log"; wrong 'not one warning'; }
grep 'not cached any more' "$work/log" | cut -c 1-300
[ "$(find "$disk" -name '*.prepared' | wc -l)" -gt 0 ] || wrong 'nothing was cached before'
[ -z "$(find "$disk" -name '.*.part')" ] || wrong 'half a file was left behind'
[ "$(sha256sum <"$work/cached/model.safetensors")" = "$expected" ] || wrong 'other model'
exit $failed
