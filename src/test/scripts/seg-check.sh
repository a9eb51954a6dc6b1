#!/bin/sh
# What others say of our DICOM Segmentations: voco predict writes two series as segments of bits and as label maps; dcmdump and
# dciodvfy (Debian: dcmtk, dicom3tools) have to find no error, and pydicom (python3-pydicom, python3-numpy), and highdicom where
# there is one, the voxels that voco predict writes as NIfTI. Ends with 1 at what is wrong, or with 77 where a program or a series
# is missing. VOCO names another launcher, PYTHON another Python; KEEP=1 leaves the files.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
voco=${VOCO:-$root/voco}
python=${PYTHON:-python3}
data=${VOCO_TEST_DATA:-$root/../shared/data}/formats

. "$root/src/test/scripts/ending.sh"

for program in dcmdump dciodvfy; do
    command -v $program >/dev/null || skip "$program is not installed"
done
"$python" -c 'import numpy, pydicom' 2>/dev/null || skip "$python has no pydicom and numpy (PYTHON names another)"
[ -d "$data/dicom" ] || skip "there is no $data/dicom"

work=$(mktemp -d "${TMPDIR:-/tmp}/voco-seg.XXXXXX") || exit 1
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

"$voco" phantom --out "$work/torsos" --cases 2 --labels --quiet >/dev/null || fail 'no torsos'
"$voco" finetune --data "$work/torsos" --out "$work/model" --recipe tiny --steps 1 --set 'data.size=[32,32,16]' \
    --set 'patch.size=[16,16,16]' --set 'model.channels=[4,8,8]' --quiet >/dev/null || fail 'no model'

predict() { # predict SERIES FOLDER [OPTIONS]
    scans=$1 folder=$2
    shift 2
    "$voco" predict -i "$scans" -o "$folder" --weights "$work/model" --threads 1 --overlap 0 --quiet "$@" >/dev/null ||
        fail "no result for $scans"
}

for series in dicom/c3l_00189_explicit_le dicomseg/ct-3slice; do
    name=$(basename "$series")
    predict "$data/$series" "$work/$name/nii"
    for kind in segments labelmap; do
        option=
        [ $kind = segments ] || option=--labelmap
        predict "$data/$series" "$work/$name/$kind" --format dicom-seg $option
        file=$(find "$work/$name/$kind" -name '*.dcm')
        dcmdump "$file" >"$work/dump" 2>&1 && ! grep -E '^[EWF]: ' "$work/dump" || fail "dcmdump of $name, $kind"
        dciodvfy "$file" >"$work/said" 2>&1
        if grep -q '^Error - Information Object Not found' "$work/said"; then # label maps are of 2024
            echo "$name, $kind: dcmdump finds no error, dciodvfy does not know the class"
        else
            grep '^Error' "$work/said" && fail "dciodvfy of $name, $kind"
            echo "$name, $kind: dcmdump and dciodvfy find no error, $(grep -c '^Warning' "$work/said") warnings"
        fi
        "$python" - "$file" "$work/$name/nii" <<'PYTHON' || fail "the frames of $name, $kind"
import glob
import gzip
import json
import sys

import numpy as np
import pydicom

path, folder = sys.argv[1:]
raw = gzip.open(glob.glob(folder + "/*.nii.gz")[0]).read()
header = lambda kind, at, count=1: np.frombuffer(raw, kind, count, at)
shape = header("<i2", 42, 3)
kind = {2: "u1", 4: "<i2", 512: "<u2"}[int(header("<i2", 70)[0])]
expected = header(kind, int(header("<f4", 108)[0]), int(np.prod(shape, dtype=int))).reshape(shape, order="F")
affine = np.vstack([header("<f4", 280, 12).reshape(3, 4), [0, 0, 0, 1]]).astype(float)
inverse = np.linalg.inv(affine)

values = {name: int(value) for value, name in json.load(open(folder + "/labels.json"))["labels"].items()}
seg = pydicom.dcmread(path)
value = {segment.SegmentNumber: values[segment.SegmentLabel] for segment in seg.SegmentSequence}
pixels = seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)
shared = seg.SharedFunctionalGroupsSequence[0]
spacing = [float(mm) for mm in shared.PixelMeasuresSequence[0].PixelSpacing]
o = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
lps = np.diag([-1.0, -1.0, 1.0])
found = np.zeros(shape, int)
column, row = np.meshgrid(np.arange(seg.Columns), np.arange(seg.Rows))
for frame, groups in zip(pixels, seg.PerFrameFunctionalGroupsSequence, strict=True):
    corner = np.array(groups.PlanePositionSequence[0].ImagePositionPatient, float)
    mm = corner[:, None, None] + o[:3, None, None] * spacing[1] * column + o[3:, None, None] * spacing[0] * row
    at = np.einsum("ij,jrc->irc", inverse[:3, :3] @ lps, mm) + inverse[:3, 3, None, None]
    assert np.abs(at - np.rint(at)).max() < 0.05, "a frame beside the grid"
    x, y, z = np.rint(at).astype(int)
    if seg.SegmentationType == "BINARY":
        number = groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        shown = frame == 1
        assert not found[x, y, z][shown].any(), "segments overlap"
        found[x[shown], y[shown], z[shown]] = value[number]
    else:
        found[x, y, z] = np.vectorize(lambda pixel: value[pixel] if pixel else 0)(frame)
assert expected.any() and (found == expected).all(), "other voxels"
print("pydicom", pydicom.__version__ + ":", len(pixels), "frames,", np.count_nonzero(found), "voxels, those of the label map")
try:
    import highdicom
except ImportError:
    print("highdicom is not installed: not asked")
else:
    volume = highdicom.seg.segread(path).get_volume(combine_segments=True)
    index = np.argwhere(volume.array)
    mm = (index @ volume.affine[:3, :3].T + volume.affine[:3, 3]) * [-1, -1, 1]
    x, y, z = np.rint(mm @ inverse[:3, :3].T + inverse[:3, 3]).astype(int).T
    numbers = volume.array[tuple(index.T)]
    assert len(index) == np.count_nonzero(found) and (found[x, y, z] == [value[n] for n in numbers]).all(), "highdicom"
    print("highdicom", highdicom.__version__ + ": the same voxels")
PYTHON
    done
done
