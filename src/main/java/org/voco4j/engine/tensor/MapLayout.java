package org.voco4j.engine.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.voco4j.engine.vector.VectorModule;

/**
 * Where the values of maps lie on the CPU: channel by channel (row-major), or voxel by voxel with the channels side by side.
 *
 * <p>Convolutions leave their result as their map was; a network whose norms we compute ourselves says where it wants them with
 * {@link #fastest}. Measured on one thread of an AMD Zen 4, there and back in ms, channel by channel against voxel by voxel
 * (2026-11-29):
 *
 * <ul>
 *   <li>Kernel 3: 12 to 12 channels at 96³ 511 against 301, 24 to 12 774 against 516, 8 to 8 at 64³ 106 against 53, 32 to 32 442
 *       against 403, 48 to 48 935 against 885; but 192 to 192 at 2³, 20 samples, 11 against 17.
 *   <li>Transposed, kernel 2: 24 to 12 at 48³ 77 against 42. Kernel 1 is a product of matrices where channels lie side by side:
 *       libtorch's convolution takes 300 for 24 to 12 channels at 96³, the product 80.
 *   <li>Libtorch's group norm is 7 times slower voxel by voxel, and less exact, and a copy there and back costs a third of a
 *       convolution of 12 channels: without the kernel of {@link ActivatedNorm} nothing is won.
 * </ul>
 */
public final class MapLayout {
    private static final long SHORT = 4; // voxels along an axis
    private static final long WIDE = 96; // channels for which oneDNN is slower voxel by voxel on short maps

    private MapLayout() {}

    /**
     * The map as convolutions of kernel 3 and norms take it fastest.
     *
     * @param x [B, C, X, Y(, Z)]
     * @param channels that the convolutions make of it
     */
    public static Tensor fastest(Tensor x, int channels) {
        if (!x.device().isCpu() || x.shape().length != 5 || x.type() == DType.F64) {
            return x;
        }
        if (!VectorModule.isUsable() || !CustomGradient.isPossible()) {
            return rowMajor(x); // norms are libtorch's then
        }
        boolean small = channels >= WIDE && Arrays.stream(x.shape()).skip(2).anyMatch(edge -> edge <= SHORT);
        return small ? rowMajor(x) : voxelByVoxel(x);
    }

    /** The map channel by channel, as losses and blending read it. */
    public static Tensor rowMajor(Tensor x) {
        return new Tensor(x.handle.contiguous());
    }

    /** The values in memory of their own, row-major, without a graph. */
    static Tensor rowMajorCopy(Tensor x) {
        return new Tensor(x.handle.detach().clone(new MemoryFormatOptional(MemoryFormat.Contiguous)));
    }

    /** [B, C, X, Y, Z] with the channels side by side. */
    static Tensor voxelByVoxel(Tensor x) {
        if (x.size(1) > 1) {
            return new Tensor(x.handle.contiguous(MemoryFormat.ChannelsLast3d));
        }
        // one channel lies alike either way, but the strides say what a convolution is to make of it
        Tensor rows = new Tensor(x.handle.contiguous());
        long yz = x.size(3) * x.size(4);
        return Ops.strided(
                rows, x.shape(), new long[] {x.size(2) * yz, 1, yz, x.size(4), 1}, rows.handle.storage_offset());
    }

    /** Whether channels lie side by side, and that is not also row-major. */
    static boolean isVoxelByVoxel(Tensor x) {
        return x.shape().length == 5
                && x.handle.suggest_memory_format().intern() == MemoryFormat.ChannelsLast3d
                && x.handle.is_contiguous(MemoryFormat.ChannelsLast3d);
    }

    /** [B, C, X, Y, Z] → [B, X, Y, Z, C], row-major; a view where channels lie side by side. */
    static Tensor voxels(Tensor x) {
        return new Tensor(x.handle.permute(0, 2, 3, 4, 1).contiguous());
    }
}
