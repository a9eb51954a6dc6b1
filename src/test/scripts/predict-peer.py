"""Makes src/test/resources/reference/predict_swinunetr.safetensors: MONAI's sliding window with a small Swin-UNETR.

    python predict-peer.py WEIGHTS.pt OUT.safetensors      (torch, numpy and MONAI on the path)

WEIGHTS.pt holds a Swin-UNETR v2 of one channel, 12 features and 14 classes whose weights are hash numbers of their names;
the scan is made of hash numbers too, so that neither has to be stored. Of the result every 8th logit and every 2nd class
along each axis is kept.
"""
import json
import struct
import sys

import numpy
import torch
from monai.inferers import sliding_window_inference
from monai.networks.nets import SwinUNETR

SHAPE, ROI, OVERLAP, NAME = (72, 40, 36), (64, 32, 32), 0.5, "predict"
MASK = (1 << 64) - 1


def numbers(name, count):
    """The first doubles of java.util.SplittableRandom, seeded with the FNV-1a hash of a name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 & MASK
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(seed) + numpy.uint64(0x9E3779B97F4A7C15) * numpy.arange(1, count + 1, dtype=numpy.uint64)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    return (z >> numpy.uint64(11)).astype(numpy.float64) * 2.0**-53


def scan():
    """Blocks of 4 x 4 x 4 equal voxels in (0, 1), and a little noise, as 16 bits keep them."""
    blocks = numbers(NAME + ".low", int(numpy.prod(SHAPE)) // 64).reshape([n // 4 for n in SHAPE])
    for axis in range(3):
        blocks = blocks.repeat(4, axis)
    fine = numbers(NAME + ".fine", int(numpy.prod(SHAPE))).reshape(SHAPE)
    levels = numpy.rint(65535 * (0.1 + 0.7 * blocks + 0.1 * fine))
    return torch.from_numpy((levels.astype(numpy.float32) / numpy.float32(65535))[None, None])


def main(weights, out):
    state = torch.load(weights, map_location="cpu", weights_only=True)["state_dict"]
    net = SwinUNETR(in_channels=1, out_channels=14, feature_size=12, use_v2=True).eval()
    net.load_state_dict({name: value.float() if value.is_floating_point() else value for name, value in state.items()})
    with torch.inference_mode():
        logits = sliding_window_inference(scan(), ROI, 1, net, overlap=OVERLAP, mode="gaussian")
    tensors = {
        "argmax": logits.argmax(1)[0, ::2, ::2, ::2].to(torch.uint8).contiguous().numpy(),
        "logits": logits[0, :, ::8, ::8, ::8].contiguous().numpy(),
        "largest": logits.abs().max().reshape(1).numpy(),
    }
    header, data = {"__metadata__": {"torch": torch.__version__, "monai": "d388d1c6fec8", "shape": str(SHAPE),
                                     "roi": str(ROI), "overlap": str(OVERLAP), "mode": "gaussian"}}, b""
    for name, value in tensors.items():
        raw = value.tobytes()
        kind = {"uint8": "U8", "float32": "F32"}[str(value.dtype)]
        header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(out, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


main(*sys.argv[1:])
