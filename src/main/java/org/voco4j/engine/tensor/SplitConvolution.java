package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of one sample whose gradients are those of n pieces of its map along X, with the planes beside them.
 *
 * <p>Libtorch hands one sample with few channels and planes to kernels of one thread that write out what every voxel sees; two
 * samples it hands to oneDNN. Measured on two threads of an AMD Zen 4, kernel 3, there and back in ms (2026-11-29): 24 to 24
 * channels at 24³ 39 against 16; the weight's gradient of 1 to 32 at 96³ 190 against 30; at 6³ nothing is won.
 */
final class SplitConvolution {
    private static final long SLOW = 20_480; // channels times planes times rows: libtorch's own bound
    private static final long WORTHWHILE = 1_000; // voxels
    private static final long MOST = 8; // pieces

    private final Convolution convolution;
    private final long pieces;

    private SplitConvolution(Convolution convolution, long pieces) {
        this.convolution = convolution;
        this.pieces = pieces;
    }

    /** Whether this is how a map is convolved for training. */
    static boolean serves(Convolution convolution, Tensor x) {
        return x.device().isCpu()
                && x.type() == DType.F32
                && convolution.keepsSize()
                && x.size(0) == 1
                && x.size(1) * x.size(2) * x.size(3) <= SLOW
                && x.count() / x.size(1) >= WORTHWHILE
                && pieces(x) <= MOST
                && GradMode.is_enabled()
                && CustomGradient.isPossible()
                && !torch.is_autocast_enabled(DeviceType.CPU);
    }

    /** The smallest number above 1 that shares out X evenly; more than {@link #MOST} where that is too large, or there is none. */
    private static long pieces(Tensor x) {
        long number = 2;
        while (number <= MOST && x.size(2) % number != 0) {
            number++;
        }
        return number;
    }

    /** [1, C, X, Y, Z] → [1, D, X, Y, Z]. */
    static Tensor of(Convolution convolution, Tensor x, Tensor weight, @Nullable Tensor bias) {
        Tensor value;
        try (NoGrad none = NoGrad.open()) {
            value = new Tensor(convolution.byOneDnn(x.handle, weight.handle, Ops.optional(bias)));
        }
        boolean ofMap = x.handle.requires_grad();
        SplitConvolution split = new SplitConvolution(convolution, pieces(x));
        return CustomGradient.attach(
                value,
                Arrays.asList(x, weight, bias),
                List.of(x, weight),
                (gradient, saved) -> split.back(gradient, saved.get(0), saved.get(1), ofMap, bias != null));
    }

    private List<@Nullable Tensor> back(Tensor gradient, Tensor x, Tensor weight, boolean ofMap, boolean ofBias) {
        boolean voxelByVoxel = MapLayout.isVoxelByVoxel(x);
        long pad = convolution.pad();
        long length = x.size(2) / pieces;
        Tensor padded = new Tensor(torch.constant_pad_nd(x.handle, 0, 0, 0, 0, pad, pad));
        T_TensorTensorTensor_T all = convolution.backward(
                laid(cut(gradient, length, length), voxelByVoxel).handle,
                laid(cut(padded, length, length + 2 * pad), voxelByVoxel).handle,
                weight.handle,
                new long[] {0, pad, pad},
                ofMap,
                true,
                ofBias);
        Tensor ofX = null;
        if (ofMap) {
            Tensor sum = new Tensor(torch.zeros_like(padded.handle));
            for (long piece = 0; piece < pieces; piece++) {
                Tensor part = new Tensor(all.get0()).narrow(0, piece, 1);
                InPlace.add(sum.narrow(2, piece * length, length + 2 * pad), part);
            }
            ofX = sum.narrow(2, pad, x.size(2));
        }
        return Arrays.asList(ofX, new Tensor(all.get1()), ofBias ? new Tensor(all.get2()) : null);
    }

    /** Pieces of so many planes, each beginning so many after the one before: a view [n, C, planes, Y, Z]. */
    private Tensor cut(Tensor map, long step, long planes) {
        long[] shape = map.shape();
        shape[0] = pieces;
        shape[2] = planes;
        long[] strides = new long[shape.length];
        Arrays.setAll(strides, map.handle::stride);
        strides[0] = step * strides[2];
        return Ops.strided(map, shape, strides, map.handle.storage_offset());
    }

    private static Tensor laid(Tensor map, boolean voxelByVoxel) {
        return voxelByVoxel ? MapLayout.voxelByVoxel(map) : MapLayout.rowMajor(map);
    }
}
