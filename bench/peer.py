#!/usr/bin/env python3
"""Times the reference implementations in Python on the CPU, for comparison with `voco benchmark`.

    peer.py pretrain      a step of the released VoCo: student, teacher's average, teacher, losses, backward, AdamW
    peer.py finetune      a training step of a MONAI network: forward, Dice and cross entropy, backward, AdamW
    peer.py predict       MONAI's sliding window over one scan, and the class of every voxel
    peer.py preprocess    MONAI's transforms from a NIfTI file to what is trained on
    peer.py scan          makes what `segment` and `voco predict` take: a scan as NIfTI, and weights
    peer.py segment       from that file to a file of labels, as a script with MONAI does it

Checkouts that are not installed are found through PEER_MONAI, PEER_VOCO, PEER_EINOPS and PEER_NIBABEL. Inputs are noise in
memory but for preprocess. One JSON document is printed, with the names of `voco benchmark --json`.
"""
import argparse
import contextlib
import importlib.util
import json
import os
import pathlib
import resource
import statistics
import sys
import time

BASES = 16  # of a scan, 4 x 4 x 1


class Stopwatch:
    """Wall seconds, CPU seconds of all threads, and page faults of each round."""

    def __init__(self):
        self.wall, self.cpu, self.minor, self.major = [], [], 0, 0

    @contextlib.contextmanager
    def round(self, counts=True):
        before = resource.getrusage(resource.RUSAGE_SELF)
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if counts:
            after = resource.getrusage(resource.RUSAGE_SELF)
            self.wall.append(wall)
            self.cpu.append(cpu)
            self.minor += after.ru_minflt - before.ru_minflt
            self.major += after.ru_majflt - before.ru_majflt

    def of_steps(self):
        return {
            "median_s_per_step": round(statistics.median(self.wall), 6),
            "median_cpu_s_per_step": round(statistics.median(self.cpu), 6),
            "min_s": round(min(self.wall), 6),
            "max_s": round(max(self.wall), 6),
            **self.beside(),
        }

    def of_repeats(self):
        return {
            "seconds": round(statistics.median(self.wall), 4),
            "cpu_seconds": round(statistics.median(self.cpu), 4),
            "first_s": round(self.wall[0], 4),
            **self.beside(),
        }

    def beside(self):
        return {"page_faults": {"minor": self.minor, "major": self.major}}


def find_checkouts():
    sys.dont_write_bytecode = True
    for name in ("PEER_NIBABEL", "PEER_EINOPS", "PEER_MONAI"):
        if os.environ.get(name):
            sys.path.insert(0, os.path.abspath(os.environ[name]))


def autocast(args):
    import torch

    return torch.autocast("cpu", torch.bfloat16, enabled=args.bf16)


def released_voco(features, checkpoint):
    """Student and teacher as the released code builds them; its projector is written for 48 features."""
    if not os.environ.get("PEER_VOCO"):
        sys.exit("PEER_VOCO: the folder of a checkout of Luffy03/VoCo")
    path = pathlib.Path(os.environ["PEER_VOCO"], "models", "voco_head.py")
    spec = importlib.util.spec_from_file_location("voco_head", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.VoCoHead(argparse.Namespace(
        spatial_dims=3, in_channels=1, feature_size=features, dropout_path_rate=0.0, use_checkpoint=checkpoint))
    if features != 48:
        for network in (model.student, model.teacher):
            network.proj_head = module.projection_head(in_dim=24 * features, hidden_dim=2048, out_dim=2048)
    return model.train()


def pretrain(args):
    import torch
    from monai.data import MetaTensor

    model = released_voco(args.features, not args.no_checkpoint)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, amsgrad=True)
    cube = (1, args.crop, args.crop, args.crop)
    crops = MetaTensor(torch.rand(args.volumes * args.random_crops, *cube))
    bases = MetaTensor(torch.rand(args.volumes * BASES, *cube))
    overlaps = torch.rand(args.volumes, args.random_crops, BASES)
    overlaps /= overlaps.sum(-1, keepdim=True)
    watch, losses = Stopwatch(), []
    for step in range(args.warmup + args.steps):
        with watch.round(step >= args.warmup):
            with contextlib.redirect_stdout(sys.stderr), autocast(args):  # the model prints its labels
                loss = sum(model(crops, bases, overlaps))
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        losses.append(round(loss.item(), 6))
    return {
        "task": "pretrain_step", "feature_size": args.features, "roi": args.crop, "batch": args.volumes,
        "sw": args.random_crops, "crops_per_step": args.volumes * (args.random_crops + BASES),
        "checkpoint": not args.no_checkpoint, "warmup": args.warmup, "steps": args.steps, **watch.of_steps(),
        "params_student": sum(p.numel() for p in model.student.parameters()), "losses": losses,
    }


def segmentation_network(args):
    from monai.networks.nets import BasicUNet, SwinUNETR, UNet

    with contextlib.redirect_stdout(sys.stderr):
        if args.network == "swin-unetr":
            return SwinUNETR(in_channels=1, out_channels=args.classes, feature_size=args.features, use_v2=True)
        if args.network == "basic-unet":
            return BasicUNet(spatial_dims=3, in_channels=1, out_channels=args.classes)
        return UNet(spatial_dims=3, in_channels=1, out_channels=args.classes, channels=(16, 32, 64, 128, 256),
                    strides=(2, 2, 2, 2), num_res_units=2)


def finetune(args):
    import torch
    from monai.losses import DiceCELoss

    network = segmentation_network(args).train()
    objective = DiceCELoss(to_onehot_y=True, softmax=True)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-4, weight_decay=1e-5)
    images = torch.rand(args.patches, 1, *[args.patch] * 3)
    labels = torch.randint(args.classes, (args.patches, 1, *[args.patch] * 3)).float()
    watch, losses = Stopwatch(), []
    for step in range(args.warmup + args.steps):
        with watch.round(step >= args.warmup):
            optimizer.zero_grad(set_to_none=True)
            with autocast(args):
                logits = network(images)
            loss = objective(logits.float(), labels)
            loss.backward()
            optimizer.step()
        losses.append(round(loss.item(), 6))
    return {
        "task": "finetune_step", "network": args.network, "feature_size": args.features, "patch": args.patch,
        "patches": args.patches, "classes": args.classes, "warmup": args.warmup, "steps": args.steps, **watch.of_steps(),
        "params": sum(p.numel() for p in network.parameters()), "losses": losses,
    }


def predict(args):
    import torch
    from monai.inferers import sliding_window_inference

    network = segmentation_network(args).eval()
    size = [int(edge) for edge in args.size.split(",")]
    window = (args.window,) * 3
    scan = torch.rand(1, 1, *size)
    watch, windows = Stopwatch(), 0

    def counted(patches):
        nonlocal windows
        windows += len(patches)
        return network(patches)

    with torch.inference_mode(), autocast(args):
        network(torch.rand(1, 1, *window))  # what is only made once
        for _ in range(args.repeats):
            with watch.round():
                logits = sliding_window_inference(scan, window, 1, counted, overlap=args.overlap, mode="constant")
                classes = logits.argmax(1)
    return {
        "task": "predict", "network": args.network, "feature_size": args.features, "size": size, "window": args.window,
        "overlap": args.overlap, "classes": args.classes, "repeats": args.repeats, **watch.of_repeats(),
        "windows": windows // args.repeats, "labels_found": classes.unique().numel(),
    }


def preprocess(args):
    from monai import transforms as t

    steps = t.Compose([
        t.LoadImage(image_only=True), t.EnsureChannelFirst(), t.Orientation(axcodes="RAS"),
        t.Spacing((1.5, 1.5, 1.5), mode="bilinear"), t.ScaleIntensityRange(-175.0, 250.0, 0.0, 1.0, clip=True),
        t.CropForeground(), t.Resize((384, 384, 64), mode="trilinear", align_corners=True),
    ])
    watch = Stopwatch()
    for _ in range(args.repeats):
        with watch.round():
            made = steps(args.file)
    values = made.as_tensor().double()
    return {
        "task": "preprocess", "file": os.path.basename(args.file), "repeats": args.repeats, **watch.of_repeats(),
        "output_mean": round(values.mean().item(), 6), "output_std": round(values.std(unbiased=False).item(), 6),
    }


def scan(args):
    import nibabel
    import numpy
    import torch

    network = segmentation_network(args)
    torch.save(network.state_dict(), args.weights)
    size = [int(edge) for edge in args.size.split(",")]
    smooth = torch.nn.functional.interpolate(torch.randn(1, 1, *[edge // 8 for edge in size]), size, mode="trilinear")
    values = (smooth[0, 0] * 300).clamp(-1000, 1000).numpy().astype(numpy.int16)
    nibabel.save(nibabel.Nifti1Image(values, numpy.diag([1.5, 1.5, 1.5, 1.0])), args.file)
    return {"task": "scan", "size": size, "params": sum(p.numel() for p in network.parameters())}


def segment(args):
    import nibabel
    import numpy
    import torch
    from monai import transforms as t
    from monai.inferers import sliding_window_inference

    network = segmentation_network(args).eval()
    network.load_state_dict(torch.load(args.weights))
    image = t.Compose([
        t.LoadImage(image_only=True), t.EnsureChannelFirst(), t.Orientation(axcodes="RAS"),
        t.Spacing((1.5, 1.5, 1.5), mode="bilinear"), t.ScaleIntensityRange(-175.0, 250.0, 0.0, 1.0, clip=True),
    ])(args.file)
    with torch.inference_mode(), autocast(args):
        logits = sliding_window_inference(image[None], (args.window,) * 3, 1, network, overlap=args.overlap, mode="constant")
        classes = logits.argmax(1)[0].as_tensor().numpy().astype(numpy.uint8)
    nibabel.save(nibabel.Nifti1Image(classes, nibabel.load(args.file).affine), args.out)
    return {"task": "segment", "network": args.network, "feature_size": args.features, "window": args.window}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    works = parser.add_subparsers(dest="work", required=True)
    for run in (pretrain, finetune, predict, preprocess, scan, segment):
        work = works.add_parser(run.__name__)
        work.set_defaults(run=run, bf16=False)
        work.add_argument("--threads", type=int, default=os.cpu_count())
        if run in (preprocess, scan, segment):
            work.add_argument("--file", required=True)
        if run is not preprocess:
            work.add_argument("--features", type=int, default=12, help="of Swin-UNETR, a multiple of 12")
            work.add_argument("--bf16", action="store_true", help="autocast the forward pass")
        if run in (predict, preprocess):
            work.add_argument("--repeats", type=int, default=3)
        elif run in (pretrain, finetune):
            work.add_argument("--steps", type=int, default=3)
            work.add_argument("--warmup", type=int, default=1)
        if run in (scan, segment):
            work.add_argument("--weights", required=True)
        if run in (finetune, predict, scan, segment):
            work.add_argument("--network", default="swin-unetr", choices=("swin-unetr", "basic-unet", "unet"))
            work.add_argument("--classes", type=int, default=14)
        if run is pretrain:
            work.add_argument("--crop", type=int, default=64, help="voxels along each axis")
            work.add_argument("--volumes", type=int, default=1)
            work.add_argument("--random-crops", type=int, default=4, help="of a volume, beside its 16 bases")
            work.add_argument("--no-checkpoint", action="store_true", help="keep activations instead of making them again")
        elif run is finetune:
            work.add_argument("--patch", type=int, default=96, help="voxels along each axis")
            work.add_argument("--patches", type=int, default=1)
        if run in (predict, scan):
            work.add_argument("--size", default="128,128,128", help="voxels of the scan, X,Y,Z")
        if run is segment:
            work.add_argument("--out", required=True)
        if run in (predict, segment):
            work.add_argument("--window", type=int, default=96, help="voxels along each axis")
            work.add_argument("--overlap", type=float, default=0.5)
    return parser.parse_args()


def main():
    args = arguments()
    find_checkouts()
    import torch

    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    document = {"peer": "python", **args.run(args)}
    document["dtype"] = "bfloat16" if args.bf16 else "float32"
    document["threads"] = args.threads
    document["peak_rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    document["environment"] = {"torch": torch.__version__, **{
        name: os.environ.get(name, "not set")
        for name in ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES", "OMP_NUM_THREADS")}}
    print(json.dumps(document))


if __name__ == "__main__":
    main()
