#!/bin/sh
# An archive as hospitals have one: Orthanc with its DICOMweb plugin, on the loopback and with a login. A series is stored,
# fetched, segmented and its segmentation stored; transfers are killed and run again. Ends with "green" and 0, with 1 at what is
# wrong, or with 77 where Orthanc is not installed (Debian: orthanc, orthanc-dicomweb) or a series is missing.
# VOCO names another launcher, SERIES another folder of one series, ORTHANC_PLUGINS another folder of plugins; KEEP=1 leaves the files.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
series=${SERIES:-${VOCO_TEST_DATA:-$root/../shared/data}/formats/dicom/c3l_00189_explicit_le}
plugins=${ORTHANC_PLUGINS:-/usr/share/orthanc/plugins}
PATH=$PATH:/usr/sbin

skip() {
    echo "skipped: $1"
    exit 77
}
fail() {
    echo "FAILED: $1"
    exit 1
}

for program in Orthanc curl; do
    command -v $program >/dev/null || skip "$program is not installed"
done
[ -e "$plugins/libOrthancDicomWeb.so" ] || skip "there is no libOrthancDicomWeb.so in $plugins"
[ -d "$series" ] || skip "there is no $series"

work=$(mktemp -d "${TMPDIR:-/tmp}/voco-orthanc.XXXXXX") || exit 1
orthanc='' killed=''
end() {
    for pid in $killed $orthanc; do kill -9 "$pid" 2>/dev/null; done
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

VOCO_DICOMWEB_USER=voco VOCO_DICOMWEB_PASSWORD=$(basename "$work")
export VOCO_DICOMWEB_USER VOCO_DICOMWEB_PASSWORD
rest() { # rest PATH [OPTIONS OF CURL]
    path=$1 && shift
    printf 'user = "%s:%s"\n' "$VOCO_DICOMWEB_USER" "$VOCO_DICOMWEB_PASSWORD" |
        curl -sS --fail --max-time 20 --config - "$@" "http://localhost:$port$path"
}

# A port may be taken: the next one is tried until an archive of ours answers.
port=$((20000 + $$ % 20000))
for _ in 1 2 3 4 5; do
    port=$((port + 1))
    cat >"$work/orthanc.json" <<EOF
{"Name": "$work", "StorageDirectory": "$work/archive", "IndexDirectory": "$work/archive", "HttpPort": $port,
 "DicomServerEnabled": false, "RemoteAccessAllowed": false, "AuthenticationEnabled": true,
 "RegisteredUsers": {"$VOCO_DICOMWEB_USER": "$VOCO_DICOMWEB_PASSWORD"},
 "Plugins": ["$plugins/libOrthancDicomWeb.so"], "DicomWeb": {"Enable": true, "Root": "/dicom-web/"}}
EOF
    Orthanc "$work/orthanc.json" >"$work/orthanc.log" 2>&1 &
    orthanc=$!
    for _ in $(seq 100); do
        rest /system 2>/dev/null | grep -qF "\"$work\"" && break 2
        kill -0 $orthanc 2>/dev/null || break
        sleep 0.1
    done
done
rest /system 2>/dev/null | grep -qF "\"$work\"" || fail "Orthanc did not start: $(tail -n 1 "$work/orthanc.log")"
web=http://localhost:$port/dicom-web

for file in "$series"/*; do
    rest /instances --output /dev/null --data-binary "@$file" || fail "$file was not stored"
done
tag() { # tag DICOMWEB-PATH TAG: the first value of an attribute
    rest "/dicom-web$1" | tr -d ' \t\n' | sed -n "s/.*\"$2\":{\"Value\":\[\"*\([^\"]*\)\"*\].*/\1/p"
}
study=$(tag /series 0020000D)
uid=$(tag /series 0020000E)
count=$(find "$series" -type f | wc -l)
contents() { # contents FOLDER: of all files, whatever their names
    find "$1" -type f -exec cksum {} + | cut -d ' ' -f 1,2 | sort
}
fetch() { # fetch FOLDER, as a process of its own in a subshell
    exec "$voco" fetch-series --dicomweb "$web" --study "$study" --series "$uid" -o "$1" --json
}

VOCO_DICOMWEB_PASSWORD=wrong "$voco" fetch-series --dicomweb "$web" --study "$study" -o "$work/none" 2>"$work/said" &&
    fail 'fetched without the right password'
grep -q 'status 401' "$work/said" || fail "of a wrong password: $(cat "$work/said")"
(fetch "$work/fetched") >"$work/said" || fail 'the series was not fetched'
[ "$(contents "$series")" = "$(contents "$work/fetched")" ] || fail 'other bytes came back'

# A fetch that is killed on the way leaves nothing under the series' name; the next one fetches the rest.
half=$work/killed/.$uid.part
for _ in 1 2 3 4 5 6; do
    rm -rf "$work/killed"
    fetch "$work/killed" >/dev/null &
    killed=$!
    while kill -0 $killed 2>/dev/null; do
        set -- "$half"/*.dcm
        [ $# -lt 3 ] || break
    done
    kill -9 $killed 2>/dev/null
    wait $killed 2>/dev/null
    killed=''
    [ ! -d "$half" ] || break
done
[ -d "$half" ] || fail 'no fetch was killed on its way'
[ ! -e "$work/killed/$uid" ] || fail 'a part of a series has the name of all of it'
there=$(find "$half" -name '[0-9]*.dcm' | wc -l)
(fetch "$work/killed") >"$work/said" || fail 'the rest was not fetched'
grep -q "\"fetched\":$((count - there)),\"kept\":$there," "$work/said" || fail "after $there of $count: $(cat "$work/said")"
diff -r "$work/fetched" "$work/killed" || fail 'other files after a killed fetch'
echo "$count objects, the same to the last byte; fetched again after $there"

echo green
