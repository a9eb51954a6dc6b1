#!/bin/sh
# Runs voco pretrain on inputs that are wrong, and all commands where the machine around is poor (no locale, no home, no
# fonts, a full disk for the output), and compares exit code and sentence. Prints a table; ends with 1 if a line of it fails. The inputs are made here. VOCO names another launcher, KEEP=1 leaves the files.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-wrong.XXXXXX") || exit 1
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. "$root/src/test/scripts/damage.sh"
failed=0

# ends CODE SENTENCE NAME COMMAND...: runs the command and looks for the sentence (an extended regular expression, case
# ignored) on standard error. A stack trace there, or anything on standard output of a refused run, fails the line.
ends() {
    code=$1 sentence=$2 name=$3
    shift 3
    "$@" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    problem=
    [ $got -eq "$code" ] || problem="exit code $got"
    [ -z "$sentence" ] || grep -Eiq -- "$sentence" "$work/err" || problem="${problem:+$problem, }no '$sentence'"
    if grep -Eq '^[[:space:]]+at [a-z]+\..*\(' "$work/err"; then problem="${problem:+$problem, }a stack trace"; fi
    if [ "$code" -eq 2 ] && [ -s "$work/out" ]; then problem="${problem:+$problem, }words on standard output"; fi
    printf '%-34s %4s  ' "$name" "$code"
    if [ -z "$problem" ]; then
        if [ -n "$sentence" ]; then grep -Ei -- "$sentence" "$work/err" | head -n 1 | cut -c 1-150; else echo; fi
    else
        failed=1
        printf 'FAILED: %s\n' "$problem"
        sed 's/^/      | /' "$work/err" | tail -n 12
    fi
}

# expect CODE SENTENCE NAME ARGUMENT...: the same with voco pretrain.
expect() {
    code=$1 sentence=$2 name=$3
    shift 3
    ends "$code" "$sentence" "$name" "$voco" pretrain "$@"
}

# What a run takes that is as small as runs get.
small="--set steps=2 --set gate.every=1 --set checkpoint.every=1 --set data.size=[32,32,16] --set crop.size=16 \
--set model.channels=[4,8] --set batch.randomCrops=2"
small="$small $*" # more settings for every run, such as --set model.encoder=swin-unetr --set crop.size=33

printf 'making inputs in %s\n' "$work" >&2
mkdir "$work/empty" "$work/other" "$work/damaged"
printf 'not a scan\n' >"$work/other/notes.txt"
"$voco" phantom --out "$work/torsos" --cases 3 --seed 5 --quiet >/dev/null || exit 1
"$java" "$root/src/test/scripts/BadScans.java" "$work" || exit 1
first='' second='' third=''
for scan in "$work"/torsos/*.nii.gz; do first=$second second=$third third=$scan; done
cp "$first" "$second" "$work/damaged"
size=$(wc -c <"$third")
head -c $((size / 2)) "$third" >"$work/damaged/cut.nii.gz"
printf 'optim:\n  larningRate: 1e-3\n  wamup: 3\n' >"$work/unknown.yaml"
printf 'optim: [1, 2\n' >"$work/broken.yaml"
printf '{"training": ["a.nii",]}\n' >"$work/comma.json"
printf 'image,note\na.nii,"open\n' >"$work/quote.csv"

printf '%-34s %4s  %s\n' 'input' 'code' 'sentence'
# shellcheck disable=SC2086  # $small is several arguments
{
    expect 2 'no scan' 'empty folder' --data "$work/empty" --out "$work/r1" $small
    expect 2 'no scan' 'folder without scans' --data "$work/other" --out "$work/r2" $small
    expect 2 'nothing there|does not exist' 'no such folder' --data "$work/nowhere" --out "$work/r3" $small
    expect 0 'cut\.nii\.gz.*' 'one truncated, two good scans' --data "$work/damaged" --out "$work/r4" $small
    expect 2 'flat\.nii.*2-D' '2-D image' --data "$work/flat" --out "$work/r5" $small
    expect 2 'cube\.nii.*(8x8x8|too small)' '8x8x8 scan' --data "$work/cube" --out "$work/r6" $small
    expect 2 'nan\.nii.*(nan|finite)' 'NaN volume' --data "$work/nan" --out "$work/r7" $small
    expect 2 'constant\.nii.*every voxel' 'constant volume' --data "$work/constant" --out "$work/r8" $small
    expect 2 'unknown\.yaml: unknown key optim\.larningRate' 'unknown key in a recipe file' \
        --data "$work/torsos" --out "$work/r9" --recipe "$work/unknown.yaml"
    expect 2 'unknown key optim\.wamup, did you mean optim\.warmup\?' 'unknown key, with a suggestion' \
        --data "$work/torsos" --out "$work/r9" --set optim.wamup=3
    expect 2 'broken\.yaml.*not valid YAML' 'recipe that is not YAML' \
        --data "$work/torsos" --out "$work/r9" --recipe "$work/broken.yaml"
    expect 2 'comma\.json, line 1, column 23: a comma with nothing after it' 'list that is not JSON' \
        --data "$work/comma.json" --out "$work/r9" $small
    expect 2 'quote\.csv: expected the quotes in line 2 to be closed' 'table with an open quote' \
        --data "$work/quote.csv" --out "$work/r9" $small
    expect 2 'no recipe.*did you mean tiny\?' 'unknown recipe' --data "$work/torsos" --out "$work/r9" --recipe tinny
    expect 2 'optim\.lr must be a number, not "fast"' 'value of another type' \
        --data "$work/torsos" --out "$work/r9" --set optim.lr=fast
    expect 2 'crop\.size' 'crop of 0 voxels' --data "$work/torsos" --out "$work/r10" $small --set crop.size=0
    expect 2 'crop\.size' 'crop the encoder cannot halve' --data "$work/torsos" --out "$work/r11" $small --set crop.size=1
    expect 0 '' 'the same folder after a refusal' --data "$work/torsos" --out "$work/r10" $small
    expect 2 'pretext\.grid' 'more bases than voxels' --data "$work/torsos" --out "$work/r12" $small --set pretext.grid=[40,4,1]
    expect 2 'crop\.size must be at least 33' 'crop too small for Swin-UNETR' --data "$work/torsos" --out "$work/r14" $small \
        --set model.encoder=swin-unetr --set crop.size=32
    expect 2 'model\.featureSize must be a multiple of 3' 'features that heads cannot share' \
        --data "$work/torsos" --out "$work/r14" $small --set model.encoder=swin-unetr --set model.featureSize=16
    expect 2 'model\.encoder must be one of unet, swin-unetr, unetr' 'unknown encoder' \
        --data "$work/torsos" --out "$work/r14" --set model.encoder=vit
    expect 2 'precision must be one of fp32, bf16' 'unknown precision' \
        --data "$work/torsos" --out "$work/r14" --set precision=fp8
    expect 2 'batch\.chunk must be null or at least 1' 'chunk of 0 crops' \
        --data "$work/torsos" --out "$work/r14" --set batch.chunk=0
    expect 2 "max-memory.*'lots' is no amount of memory" 'memory that is no amount' \
        --data "$work/torsos" --out "$work/r14" --max-memory lots
    expect 2 'a single crop at a time takes .*--max-memory allows' 'memory that is not enough' \
        --data "$work/torsos" --out "$work/r14" $small --max-memory 10M
    expect 2 'Possible solutions:.*--resume' 'misspelt option' --data "$work/torsos" --out "$work/r9" --resum
    expect 2 '--device' 'a device that is not there' --data "$work/torsos" --out "$work/r13" $small --device cuda:99
    expect 0 '' 'a run to continue from' --data "$work/torsos" --out "$work/run" $small
    expect 2 '--resume' 'existing run without --resume' --data "$work/torsos" --out "$work/run" $small
    expect 2 'seed was 0 and is now 7' 'resume with another seed' \
        --data "$work/torsos" --out "$work/run" $small --resume --seed 7
    expect 2 'the data changed' 'resume with other scans' --data "$work/damaged" --out "$work/run" $small --resume
    latest=$work/run/checkpoint_latest.safetensors
    truncate_file "$latest"
    expect 0 'checkpoint_latest.*is not whole: expected [0-9]+ .*, found [0-9]+\. Continuing from checkpoint_previous' \
        'latest checkpoint truncated' --data "$work/torsos" --out "$work/run" $small --resume
    flip_byte "$latest"
    expect 0 'checkpoint_latest.*checksum: expected .*, found .*\. Continuing from checkpoint_previous' \
        'latest checkpoint with a flipped byte' --data "$work/torsos" --out "$work/run" $small --resume
    truncate_file "$latest"
    flip_byte "$work/run/checkpoint_previous.safetensors"
    expect 1 'neither checkpoint of the run can be used, and nothing was changed' \
        'both checkpoints damaged' --data "$work/torsos" --out "$work/run" $small --resume
    "$voco" weights convert "$work/run" "$work/run.pt" --quiet >/dev/null || failed=1
    expect 0 'loaded [0-9]+ of' 'weights as PyTorch has them' --data "$work/torsos" --out "$work/r15" $small \
        --init "$work/run.pt"
    truncate_file "$work/run.pt"
    expect 2 'run\.pt is not whole' 'weights, truncated' --data "$work/torsos" --out "$work/r16" $small --init "$work/run.pt"
    expect 2 'notes\.txt' 'weights that are text' --data "$work/torsos" --out "$work/r16" $small --init "$work/other/notes.txt"
    expect 2 'no weight of the encoder could be loaded.*the weights were trained with' 'weights of another network' \
        --data "$work/torsos" --out "$work/r16" $small --init "$work/run" --set model.encoder=densenet --set crop.size=64
    expect 2 'notes\.txt' 'output below a file' --data "$work/torsos" --out "$work/other/notes.txt/run" $small
    if [ "$(id -u)" -ne 0 ]; then
        mkdir "$work/locked" && chmod 555 "$work/locked"
        expect 2 'locked' 'folder without write permission' --data "$work/torsos" --out "$work/locked/run" $small
        chmod 755 "$work/locked"
    fi
}

# The machine around. Names have letters beyond ASCII; every command reads or writes one.
good=0 # the exit code that is right
commands() { # commands NAME PREFIX...: every command with the prefix before it, in a folder of its own
    where=$1
    shift
    place=$work/$where-größe
    mkdir -p "$place" && chmod 777 "$place"
    ends "$good" '' "$where: phantom" "$@" "$voco" phantom --out "$place/körper" --cases 3 --seed 5 --labels
    cp "$place/körper/torso_0001.nii.gz" "$place/Schädel.nii.gz" || failed=1
    ends "$good" '' "$where: verify" "$@" "$voco" verify "$place/Schädel.nii.gz"
    # shellcheck disable=SC2086
    ends "$good" '' "$where: pretrain" "$@" "$voco" pretrain --data "$place/körper" --out "$place/läufe" $small
    ends "$good" '' "$where: locate" "$@" "$voco" locate --weights "$place/läufe" -i "$place/Schädel.nii.gz" -o "$place/schädel.png"
    ends "$good" '' "$where: finetune" "$@" "$voco" finetune --data "$place/körper" --recipe tiny --steps 2 --out "$place/für"
    ends "$good" '' "$where: predict" "$@" "$voco" predict -i "$place/Schädel.nii.gz" --weights "$place/für" -o "$place/gefärbt"
    ends "$good" '' "$where: evaluate" "$@" "$voco" evaluate --pred "$place/gefärbt" --truth "$place/gefärbt" -o "$place/güte"
    ends "$good" '' "$where: preprocess" "$@" "$voco" preprocess -i "$place/Schädel.nii.gz" -o "$place/geübt" --recipe tiny
    ends "$good" '' "$where: weights convert" "$@" "$voco" weights convert "$place/läufe" "$place/gewichtä.pt"
    ends "$good" '' "$where: weights inspect" "$@" "$voco" weights inspect "$place/gewichtä.pt"
    ends "$good" '' "$where: info" "$@" "$voco" info --json
    for made in schädel.png gewichtä.pt gefärbt/Schädel.nii.gz güte/summary.json für/summary.json; do
        [ -e "$place/$made" ] || case $made-$where in
            schädel.png-fonts) ;;
            *) failed=1 && echo "FAILED: $where: there is no $made" ;;
        esac
    done
}

commands locale env LC_ALL=C
commands posix env LC_ALL=POSIX LANG=de_DE.UTF-8
jar=$(ls "$root"/target/launcher/voco4j-*.jar 2>/dev/null | head -n 1)
if [ -n "$jar" ]; then
    # shellcheck disable=SC2086
    ends 0 '' 'java -jar, LC_ALL=C' env LC_ALL=C "$java" -jar "$jar" phantom --out "$work/für 100%" --cases 1
    [ -d "$work/für 100%" ] || { failed=1 && echo 'FAILED: java -jar made no folder of that name'; }
    ends 2 'gibt-es-nicht-ü' 'java -jar, LC_ALL=C, an error' env LC_ALL=C "$java" -jar "$jar" verify "$work/gibt-es-nicht-ü"
fi

if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    mkdir "$work/temporary" && chmod 1777 "$work/temporary" && chmod 755 "$work"
    (
        mkdir "$work/nobody" && chmod 777 "$work/nobody" && cd "$work/nobody" || exit 1
        VOCO_JAVA_OPTS="-Djava.io.tmpdir=$work/temporary"
        export VOCO_JAVA_OPTS
        commands nobody setpriv --reuid=12345 --regid=12345 --clear-groups env -u HOME
        [ -z "$(ls -A)" ] || { failed=1 && echo "FAILED: nobody: left $(ls -A)"; }
        exit $failed
    ) || failed=1
fi

# No font: pictures are missed, results are there. The home is another, because Java keeps a list of fonts in it.
mkdir "$work/home"
printf '<?xml version="1.0"?><fontconfig></fontconfig>\n' >"$work/fonts.conf"
commands fonts env FONTCONFIG_FILE="$work/fonts.conf" VOCO_JAVA_OPTS="-Duser.home=$work/home"
ends 0 'warning: .*schädel\.png could not be drawn' 'fonts: what locate says' \
    env FONTCONFIG_FILE="$work/fonts.conf" VOCO_JAVA_OPTS="-Duser.home=$work/home" "$voco" \
    locate --weights "$work/fonts-größe/läufe" -i "$work/fonts-größe/Schädel.nii.gz" -o "$work/schädel.png"
grep -q . "$work/out" || { failed=1 && echo 'FAILED: fonts: locate printed nothing'; }

# Standard output that takes nothing.
full() { "$@" >/dev/full; }
closed() { "$@" >&-; }
for arguments in --help --version info 'info --json' 'pretrain --help' "verify $work/torsos" "verify $work/torsos --json" \
    "phantom --out $work/unheard --cases 1"; do
    # shellcheck disable=SC2086  # several arguments in one variable are meant
    [ ! -e /dev/full ] || ends 1 'standard output could not be written: No space left' "full: $arguments" full "$voco" $arguments
    # shellcheck disable=SC2086
    ends 1 'standard output' "closed: $arguments" closed "$voco" $arguments
done
if [ -e /dev/full ]; then # results on disk are whole nevertheless
    good=1
    commands full full
fi
exit $failed
