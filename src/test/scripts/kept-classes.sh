#!/bin/sh
# The classes that a start keeps for later ones (./voco, class-data sharing): they are made once by several first starts at a time,
# made again after a start that was killed over it, used where they fit, and passed over without a word where they do not: cut short,
# of another jar, under other options, in a folder that this user cannot write to. Under the flight recorder a run must not crash.
# Works on a copy of what ./voco built here. Arguments name further JDKs to try beside the default one. Ends with 1 if a line fails.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-classes.XXXXXX") || exit 1
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
wrong() {
    echo "  FAILED: $1"
    failed=1
}

"$root/voco" --version >/dev/null || exit 1
read -r jar <"$root/target/launcher/stamp"
mkdir -p "$work/src" "$work/target/launcher" || exit 1
cp -a "$root/voco" "$root/pom.xml" "$root/recipes" "$work" && cp -a "$root/src/main" "$work/src" || exit 1
place=$work/target/launcher
cp -a "$root/target/launcher/stamp" "$root/target/launcher/$jar" "$root/target/launcher/lib" "$place" || exit 1

starts() { # starts WHAT [NAME=VALUE]...: answers, and says nothing else
    what=$1
    shift
    env "$@" "$work/voco" --version >"$work/out" 2>"$work/err" || wrong "$what: exit code $?"
    grep -q '^voco [0-9]' "$work/out" && [ "$(wc -l <"$work/out")" -eq 1 ] && [ ! -s "$work/err" ] ||
        wrong "$what: $(cat "$work/out" "$work/err" | head -n 3)"
    echo "  $what"
}
kept() { find "$place" -name 'voco-run.*.classes' -size +1000k | wc -l; }

for jdk in "${JAVA_HOME:-}" "$@"; do
    echo "Java: ${jdk:-the default}"
    export JAVA_HOME="$jdk"
    rm -f "$place"/*.classes "$place"/classes.*

    for i in 1 2 3; do "$work/voco" --version >"$work/out.$i" 2>&1 & done
    wait
    [ "$(cat "$work"/out.[123] | grep -c '^voco [0-9]')" -eq 3 ] || wrong "three at once: $(cat "$work"/out.?)"
    [ "$(cat "$work"/out.[123] | grep -c 'keeping the classes')" -eq 1 ] || wrong 'three at once: kept more than once'
    [ "$(kept)" -eq 1 ] || wrong 'three at once: nothing is kept'
    echo '  three at once'
    starts 'used (Java ends where it cannot)' VOCO_JAVA_OPTS=-Xshare:on
    starts 'another collector' VOCO_JAVA_OPTS=-XX:+UseZGC
    starts 'a heap of 40 GB' VOCO_JAVA_OPTS=-Xmx40g

    "$work/voco" phantom --out "$work/torsos" --cases 2 --quiet >/dev/null 2>&1
    VOCO_JAVA_OPTS="-XX:StartFlightRecording=filename=$work/flight.jfr" "$work/voco" pretrain --data "$work/torsos" \
        --recipe tiny --steps 2 --threads 1 --device cpu --out "$work/run" >"$work/out" 2>&1 ||
        wrong "flight recorder: $(tail -n 3 "$work/out")"
    rm -rf "$work/torsos" "$work/run"
    echo '  flight recorder'

    classes=$(find "$place" -name 'voco-run.*.classes')
    chmod a-w "$place"
    starts 'a folder that cannot be written to'
    chmod u+w "$place"
    head -c 20000000 "$classes" >"$work/short" && mv -f "$work/short" "$classes"
    starts 'cut short'
    rm -f "$classes"
    "$work/voco" --version >/dev/null 2>&1
    touch "$place/$jar"
    starts 'another jar'
    touch -r "$root/target/launcher/$jar" "$place/$jar"

    rm -f "$classes" "$place"/classes.*
    "$work/voco" --version >/dev/null 2>&1 &
    until [ -d "$place/rehearsal.$!" ]; do sleep 0.1; done
    sleep 1
    kill -9 $!
    wait
    "$work/voco" --version >"$work/out" 2>&1 || wrong "after a killed one: exit code $?"
    [ "$(kept)" -eq 1 ] || wrong 'after a killed one: nothing is kept'
    find "$place" -name 'rehearsal.*' -o -name lock | grep . && wrong 'after a killed one: something is left'
    echo '  after one that was killed'
done
exit $failed
