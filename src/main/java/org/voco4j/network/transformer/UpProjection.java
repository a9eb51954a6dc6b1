package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.ConvTranspose;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.ResidualUnit;
import org.voco4j.network.unet.UNetEncoder;

/**
 * A map of tokens made finer step by step, as MONAI's UnetrPrUpBlock with residual units.
 *
 * <pre>  y₀ = deconv(x)     y_i = unit(deconv(y_{i−1}))     deconv: 2 voxels of one along each axis, no bias </pre>
 */
final class UpProjection extends Module {
    private final ConvTranspose first;
    private final List<Step> steps = new ArrayList<>();
    private final long channels;
    private final long tokens;

    /** C to D channels, 2^(1 + {@code steps}) times as fine. */
    UpProjection(int dims, int in, int out, int steps) {
        tokens = in;
        channels = out;
        first = part("transp_conv_init.conv", new ConvTranspose(dims, in, out, 2, 2, false));
        for (int i = 0; i < steps; i++) {
            this.steps.add(part("blocks." + i, new Step(dims, out)));
        }
    }

    /** [B, C, X, Y(, Z)] → [B, D, 2^(1 + steps)·X, …]. */
    Tensor forward(Tensor x) {
        Tensor map = first.forward(x);
        for (Step step : steps) {
            map = step.unit.forward(step.finer.forward(map));
        }
        return map;
    }

    /** Multiply–adds of a cubic map; a voxel is reached by one tap of an upsampling. */
    long multiplyAdds(int edge) {
        long total = UNetEncoder.cube(2L * edge) * tokens * channels;
        for (int i = 0; i < steps.size(); i++) {
            long perVoxel = channels * channels + steps.get(i).unit.multiplyAddsPerVoxel();
            total += UNetEncoder.cube((long) edge << (2 + i)) * perVoxel;
        }
        return total;
    }

    private static final class Step extends Module {
        private final ConvTranspose finer;
        private final ResidualUnit unit;

        Step(int dims, int channels) {
            finer = part("0.conv", new ConvTranspose(dims, channels, channels, 2, 2, false));
            unit = part("1", new ResidualUnit(dims, channels, channels));
        }
    }
}
