#!/bin/sh
# An archive as hospitals have one: Orthanc with its DICOMweb plugin, on the loopback and with a login. A series is stored there,
# fetched, segmented from the archive, its segmentation stored and read back. All of that is killed (kill -9) while it fetches, while
# it segments, while it stores, and at random moments, and run again: the archive must hold the same as if nothing had been.
# Ends with "green" and 0, with 1 at what is wrong, or with 77 where Orthanc is not installed (Debian: orthanc, orthanc-dicomweb)
# or a series is missing. VOCO names another launcher, SERIES another folder of one series, ORTHANC_PLUGINS another folder of
# plugins, ROUNDS how many random moments (3); KEEP=1 leaves the files.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
series=${SERIES:-${VOCO_TEST_DATA:-$root/../shared/data}/formats/dicom/c3l_00189_explicit_le}
plugins=${ORTHANC_PLUGINS:-/usr/share/orthanc/plugins}
PATH=$PATH:/usr/sbin

. "$root/src/test/scripts/ending.sh"

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

# A model that was trained for one step: what it says of a scan is nonsense, but always the same.
"$voco" phantom --out "$work/torsos" --cases 2 --labels --quiet >/dev/null || fail 'no torsos'
"$voco" finetune --data "$work/torsos" --out "$work/model" --recipe tiny --steps 1 --set 'data.size=[32,32,16]' \
    --set 'patch.size=[16,16,16]' --set 'model.channels=[4,8,8]' --quiet >/dev/null || fail 'no model'

predict() { # predict FOLDER: fetches to FOLDER/scan, segments to FOLDER/out and stores, as a process of its own in a subshell
    exec "$voco" predict --dicomweb "$web" --series "$uid" --store -i "$1/scan" -o "$1/out" --weights "$work/model" \
        --threads 1 --overlap 0 --quiet
}
archive() { # archive FILE: the digest of each object that is there
    for id in $(rest /instances | tr -d '[]",'); do
        rest "/instances/$id/attachments/dicom/md5" && echo
    done | sort >"$1"
}
segmentation() { # segmentation FOLDER: what was made there
    find "$1/out" -name '[!.]*.dcm'
}

archive "$work/before"
begun=$(date +%s)
(predict "$work/first") || fail 'the series was not segmented'
seconds=$(($(date +%s) - begun))
archive "$work/after"
made=$(segmentation "$work/first")
[ "$(comm -13 "$work/before" "$work/after" | wc -l)$(comm -23 "$work/before" "$work/after")" = 1 ] ||
    fail 'the archive has not one object more'
"$voco" fetch-series --dicomweb "$web" --study "$study" -o "$work/back" --quiet >/dev/null || fail 'the study was not fetched'
back=$(find "$work/back" -name '[!.]*.dcm' ! -path "*/$uid/*")
cmp "$made" "$back" || fail 'another segmentation came back'
"$voco" predict -i "$series" -o "$work/labels.nii.gz" --weights "$work/model" --threads 1 --overlap 0 --quiet >/dev/null ||
    fail 'no label map'
"$voco" evaluate --pred "$work/labels.nii.gz" --truth "$back" --json >"$work/said" 2>/dev/null ||
    fail 'the segmentation is not read as the label map'
grep -q '"mean":{"dice":1,' "$work/said" || fail "not the label map: $(cat "$work/said")"

same() { # same FOLDER: after a run in it the archive holds what it held after the first one
    (predict "$1") || fail "$1 did not end"
    archive "$work/now"
    cmp "$work/after" "$work/now" || fail 'another state of the archive'
    cmp "$made" "$(segmentation "$1")" || fail 'another segmentation'
    [ -z "$(find "$1" -name '*.part')" ] || fail 'parts are left'
}
same "$work/first"
same "$work/second"

pause() { # pause SECONDS: at most
    sleep "$(awk "BEGIN { print $1 * $(od -An -N2 -tu2 /dev/urandom) / 65536 }")"
}
moment() { # moment WHEN FOLDER: waits until then, or until the process has ended
    while kill -0 $killed 2>/dev/null; do
        case $1 in
            fetch) set -- "$1" "$2" "$2/scan/.$uid.part"/*.dcm && [ $# -gt 5 ] && return ;;
            predict) [ -d "$2/scan/$uid" ] && pause $((seconds / 2 + 1)) && return ;;
            store) [ -n "$(segmentation "$2" 2>/dev/null)" ] && pause 0.3 && return ;;
            *) pause "$seconds" && return ;;
        esac
    done
}
series_id=$(rest /tools/lookup --data "$(basename "$(dirname "$back")")" | sed -n 's/.*"Path" *: *"\([^"]*\)".*/\1/p')
for when in fetch predict store store $(seq "${ROUNDS:-3}"); do
    rm -rf "$work/killed"
    rest "$series_id" --output /dev/null -X DELETE || fail 'the segmentation was not deleted'
    predict "$work/killed" 2>/dev/null &
    killed=$!
    moment "$when" "$work/killed"
    kill -9 $killed 2>/dev/null
    wait $killed 2>/dev/null
    killed=''
    archive "$work/now"
    cmp -s "$work/now" "$work/before" && state=without || state=with
    [ $state = without ] || cmp "$work/now" "$work/after" || fail 'half a segmentation is in the archive'
    echo "killed ($when): $(find "$work/killed" -name '[!.]*.dcm' 2>/dev/null | wc -l) files, the archive $state the segmentation"
    same "$work/killed"
done
echo green
