#!/bin/bash
# Times voco4j and the reference implementations in Python on the same work, in alternation, and prints a table in Markdown.
#
#   bench/compare.sh [-n RUNS] [-t "THREADS …"] [-o FOLDER] [-s] [WORK …]
#
#   -n   runs of each, whose medians the table has (5)
#   -t   numbers of threads ("1 2")
#   -o   where each run's JSON is kept (a new folder below target/compare)
#   -s   small sizes, to try the script; its figures mean nothing
#
# Each run of a work is three processes: Python with its allocator as it is, Python with the allocator told to keep memory as
# the launcher tells ours, and voco. bench/README.md says what has to be there, and what the works are.
set -u

works='pretrain pretrain-bf16 predict predict-bf16 finetune segment basic-unet-predict basic-unet-finetune unet-predict unet-finetune preprocess'
runs=5 threads='1 2' folder='' small=''
usage() {
    sed -n '2,/^set -u/p' "$0" | sed '$d; s/^# \{0,1\}//'
    printf 'Works: %s\nand with the paper'"'"'s 48 features, minutes each: pretrain-48 predict-48 predict-bf16-48 segment-48\n' "$works"
    exit "$1"
}
while getopts 'n:t:o:sh' option; do
    case $option in
        n) runs=$OPTARG ;;
        t) threads=$OPTARG ;;
        o) folder=$OPTARG ;;
        s) small=1 ;;
        h) usage 0 ;;
        *) usage 2 >&2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || works=$*

here=$(cd "$(dirname "$0")" && pwd -P)
voco=${VOCO:-$here/../voco}
python=${PEER_PYTHON:-python3}
folder=${folder:-$here/../target/compare/$(date +%Y%m%d-%H%M%S)}
mkdir -p "$folder" || exit 1
folder=$(cd "$folder" && pwd -P)

# One set of sizes for both sides.
if [ -n "$small" ]; then
    crop=40 edge=64 scan=64 steps='--steps 1 --warmup 0' repeats='--repeats 1'
else
    crop=40 edge=96 scan=128 steps='--steps 3 --warmup 1' repeats='--repeats 3'
fi
cube="[$edge, $edge, $edge]"

basic=(--set model.encoder=unet --set model.form=basic --set model.norm=instance --set 'model.channels=[32, 32, 64, 128, 256]')
unet=(--set model.encoder=monai-unet --set 'model.channels=[16, 32, 64, 128, 256]')
# DiceCELoss of one patch: the background counts, and both parts weigh the same.
loss=(--set loss.background=true --set loss.batch=false --set loss.crossEntropy=1.0 --set batch.patches=1 --set "patch.size=$cube")

# ours and peer become the words of both sides for a work.
# shellcheck disable=SC2206  # several words in one variable are meant
words() {
    local work=${1%-48} features=12 crop=$crop steps=$steps repeats=$repeats
    if [ "$work" != "$1" ]; then # minutes each
        features=48 crop=64 steps='--steps 1 --warmup 0' repeats='--repeats 1'
    fi
    case $work in
        pretrain*)
            ours=(benchmark pretrain --set model.featureSize=$features --set crop.size=$crop --set batch.volumes=1
                --set pretext.randomCrops=4 $steps)
            peer=(pretrain --features $features --crop $crop $steps)
            ;;
        *predict | predict-bf16)
            ours=(benchmark predict --size "$scan,$scan,$scan" --window "$edge,$edge,$edge" --classes 14
                --set validation.blend=constant $repeats)
            peer=(predict --size "$scan,$scan,$scan" --window $edge --classes 14 $repeats)
            ;;
        *finetune)
            ours=(benchmark finetune --classes 14 "${loss[@]}" $steps)
            peer=(finetune --patch $edge --classes 14 $steps)
            ;;
        segment)
            ours=(predict --weights "$folder/weights-$features.pt" --recipe btcv --set model.featureSize=$features --set "patch.size=$cube"
                --blend constant --overlap 0.5 --in "$folder/scan.nii.gz" --out "$folder/ours.nii.gz")
            peer=(segment --weights "$folder/weights-$features.pt" --features $features --window $edge --file "$folder/scan.nii.gz"
                --out "$folder/peer.nii.gz")
            ;;
        preprocess)
            [ -n "${SCAN:-}" ] || return 1
            ours=(benchmark preprocess --in "$SCAN" $repeats)
            peer=(preprocess --file "$SCAN" $repeats)
            ;;
        *)
            return 1
            ;;
    esac
    timed=''
    if [ "$work" = segment ]; then # from file to file, Python's and Java's start with it
        timed="$python $here/timed.py"
        [ -e "$folder/weights-$features.pt" ] || "$python" "$here/peer.py" scan --features $features --file "$folder/scan.nii.gz" \
            --weights "$folder/weights-$features.pt" --size "$scan,$scan,$scan" >"$folder/scan.log" || return 1
    else
        ours+=(--json)
    fi
    case $work in
        pretrain | preprocess | segment) ;;
        pretrain-bf16) ours+=(--set precision=bf16) peer+=(--bf16) ;;
        predict* | finetune)
            ours+=(--set model.encoder=swin-unetr --set model.featureSize=$features)
            peer+=(--network swin-unetr --features $features)
            [ "$work" != predict-bf16 ] || { ours+=(--precision bf16) && peer+=(--bf16); }
            ;;
        basic-unet-*) ours+=("${basic[@]}") peer+=(--network basic-unet) ;;
        unet-*) ours+=("${unet[@]}") peer+=(--network unet) ;;
        *) return 1 ;;
    esac
}

# Runs a command and keeps its document as WORK.THREADS.WHO.RUN.json; what it says goes to a log beside it.
keep() {
    local name=$folder/$1
    shift
    if ! "$@" >"$name.json" 2>"$name.log"; then
        printf 'failed, see %s.log: %s\n' "$name" "$*" >&2
        rm -f "$name.json"
    fi
}

peer_default() {
    # shellcheck disable=SC2086  # nothing, or a command and a word
    env -u MALLOC_MMAP_THRESHOLD_ -u MALLOC_TRIM_THRESHOLD_ -u MALLOC_ARENA_MAX -u GOMP_SPINCOUNT -u GLIBC_TUNABLES OMP_NUM_THREADS="$t" \
        $timed "$python" "$here/peer.py" "${peer[@]}" --threads "$t"
}
peer_tuned() {
    # shellcheck disable=SC2086
    env -u GLIBC_TUNABLES MALLOC_MMAP_THRESHOLD_=8589934592 MALLOC_TRIM_THRESHOLD_=68719476736 OMP_NUM_THREADS="$t" \
        $timed "$python" "$here/peer.py" "${peer[@]}" --threads "$t"
}
voco_run() {
    rm -f "$folder"/ours.*
    # shellcheck disable=SC2086
    env -u MALLOC_MMAP_THRESHOLD_ -u MALLOC_TRIM_THRESHOLD_ -u MALLOC_ARENA_MAX -u GOMP_SPINCOUNT -u GLIBC_TUNABLES \
        $timed "$voco" "${ours[@]}" --quiet --device cpu --threads "$t"
}

for work in $works; do
    if ! words "$work"; then
        [ "$work" = preprocess ] && printf 'preprocess is left out: SCAN names no file\n' >&2 && continue
        printf 'no work %s\n' "$work" >&2
        exit 2
    fi
done
"$voco" --version >"$folder/version.txt" || exit 1 # builds it, if need be, before anything is timed
for run in $(seq "$runs"); do
    for t in $threads; do
        for work in $works; do
            words "$work" || continue
            printf 'run %s of %s: %s, %s thread(s)\n' "$run" "$runs" "$work" "$t" >&2
            keep "$work.$t.default.$run" peer_default
            keep "$work.$t.tuned.$run" peer_tuned
            keep "$work.$t.voco.$run" voco_run
        done
    done
done
"$python" "$here/table.py" "$folder" | tee "$folder/table.md"
