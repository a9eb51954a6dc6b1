package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.ConvTranspose;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.ResidualUnit;

/**
 * A map of tokens made finer step by step, as MONAI's UnetrPrUpBlock with residual units.
 *
 * <pre>  y₀ = deconv(x)     y_i = unit(deconv(y_{i−1}))     deconv: s voxels of one along each axis, no bias </pre>
 */
final class UpProjection extends Module {
    private final ConvTranspose first;
    private final List<Step> steps = new ArrayList<>();
    private final List<List<Integer>> strides;
    private final long tokens;
    private final long channels;

    /**
     * C to D channels.
     *
     * @param dims axes, of which each step has the first ones
     * @param strides s of each step along x, y, z, coarsest first; at least one
     */
    UpProjection(int dims, int in, int out, List<List<Integer>> strides) {
        this.strides = strides;
        tokens = in;
        channels = out;
        first = part(
                "transp_conv_init.conv",
                new ConvTranspose(in, out, strides.get(0).subList(0, dims)));
        for (int i = 1; i < strides.size(); i++) {
            steps.add(part("blocks." + (i - 1), new Step(out, strides.get(i).subList(0, dims))));
        }
    }

    /** [B, C, X, Y(, Z)] → [B, D, ∏s_x·X, …]. */
    Tensor forward(Tensor x) {
        Tensor map = first.forward(x);
        for (Step step : steps) {
            map = step.unit.forward(step.finer.forward(map));
        }
        return map;
    }

    /** Multiply–adds of a map of so many voxels, which has 3 axes; a voxel is reached by one tap of an upsampling. */
    long multiplyAdds(long voxels) {
        long fine = voxels * product(strides.get(0));
        long total = fine * tokens * channels;
        for (int i = 0; i < steps.size(); i++) {
            fine *= product(strides.get(1 + i));
            total += fine * (channels * channels + steps.get(i).unit.multiplyAddsPerVoxel());
        }
        return total;
    }

    private static long product(List<Integer> numbers) {
        return numbers.stream().reduce(1, Math::multiplyExact);
    }

    private static final class Step extends Module {
        private final ConvTranspose finer;
        private final ResidualUnit unit;

        Step(int channels, List<Integer> stride) {
            finer = part("0.conv", new ConvTranspose(channels, channels, stride));
            unit = part("1", new ResidualUnit(stride.size(), channels, channels));
        }
    }
}
