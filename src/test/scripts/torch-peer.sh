#!/bin/sh
# Whether PyTorch accepts what we write, and goes on with an optimiser of ours: needs a python with torch (PYTHON names
# it) and a build (./mvnw -B package). Ends with 1 if it does not.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd -P)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d "${TMPDIR:-/tmp}/voco-torch.XXXXXX")
trap 'rm -rf "$work"' EXIT
"$java" -cp "$root/target/classes:$root/target/lib/*" "$root/src/test/scripts/TorchPeer.java" "$work" 2>/dev/null
"${PYTHON:-python3}" - "$work" <<'PYTHON'
import sys
import warnings
import zipfile

import torch

warnings.simplefilter("error")
path = sys.argv[1] + "/checkpoint.pt"
assert zipfile.ZipFile(path).testzip() is None
following = torch.load(sys.argv[1] + "/next.pt", weights_only=True)
for mapped in False, True:
    read = torch.load(path, weights_only=True, mmap=mapped)
    assert read["epoch"] == 7 and read["tuple"] == (1, None, 2.5, "ünï")
    for name, values in read["formats"].items():
        assert name == "same" or values.tolist() == [0, 1, 1], name
    assert read["formats"]["same"].data_ptr() == read["state_dict"]["0.bias"].data_ptr()
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    net.load_state_dict(read["state_dict"])
    optimizer = torch.optim.AdamW(net.parameters(), lr=1, amsgrad=True)
    optimizer.load_state_dict(read["optimizer"])
    sum(p.square().sum() for p in net.parameters()).backward()
    optimizer.step()
    difference = max((following[k] - v).abs().max().item() for k, v in net.state_dict().items())
    assert difference <= 1e-6, difference
    print("read" + (", mapped" if mapped else "") + "; the next step differs by", difference)
PYTHON
