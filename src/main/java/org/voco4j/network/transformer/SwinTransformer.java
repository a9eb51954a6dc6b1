package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Conv;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.ResidualUnit;
import org.voco4j.network.unet.UNetEncoder;

/**
 * The Swin transformer of Swin-UNETR (Hatamizadeh et al. 2022; v2: He et al. 2023), as MONAI has it.
 *
 * <pre>
 *   x₀ = patches of 2 voxels along each axis, each a token of f features
 *   x_i = stage_i(x_{i−1}), 2ⁱ·f features at half the resolution      i = 1 … 4, heads 3, 6, 12, 24
 *   h_i = x_i normalised over its features, without scale and shift
 * </pre>
 *
 * <p>In v2 a {@link ResidualUnit} precedes each stage. Weights are named as published: {@code patch_embed.proj.weight},
 * {@code layers1.0.blocks.0.attn.qkv.weight}, {@code layers1c.0.layer.conv1.conv.weight}.
 */
final class SwinTransformer extends Module {
    static final int STAGES = 4;

    static final int PATCH = 2;
    private static final int HEADS = 3;
    private static final double EPSILON = 1e-5;

    private final int dims;
    private final int in;
    private final int features;
    private final Conv patches;
    private final List<SwinStage> stages = new ArrayList<>();
    private final List<ResidualUnit> units = new ArrayList<>(); // one before each stage in v2, none in v1

    /**
     * A transformer with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in channels of the scan
     * @param features f, a multiple of 3
     */
    SwinTransformer(int dims, int in, int features, SwinVersion version, PatchMerging.Order order) {
        this.dims = dims;
        this.in = in;
        this.features = features;
        patches = part("patch_embed.proj", new Conv(dims, in, features, PATCH, PATCH, true));
        Tensor index = WindowAttention.index(dims);
        for (int i = 0; i < STAGES; i++) {
            stages.add(part("layers" + (i + 1) + ".0", new SwinStage(dims, features << i, HEADS << i, order, index)));
        }
        for (int i = 0; version == SwinVersion.V2 && i < STAGES; i++) {
            units.add(part("layers" + (i + 1) + "c.0.layer", new ResidualUnit(dims, features << i, features << i)));
        }
    }

    /** [B, C, X, Y(, Z)] → h₀ … h₄, h_i of [B, 2ⁱ·f, ⌈X/2ⁱ⁺¹⌉, ⌈Y/2ⁱ⁺¹⌉(, ⌈Z/2ⁱ⁺¹⌉)]. */
    List<Tensor> hidden(Tensor x) {
        return hiddenOf(embedded(x));
    }

    /** h₄ where M, [f], stands for hidden patches, w of [B, 1, ⌈X/2⌉, …]. */
    Tensor masked(Tensor x, Tensor hidden, Tensor token) {
        return hiddenOf(TokenEncoder.masked(embedded(x), hidden, token)).get(STAGES);
    }

    private Tensor embedded(Tensor x) {
        long[] odd = new long[dims];
        for (int i = 0; i < dims; i++) {
            odd[i] = x.size(-1 - i) % PATCH;
        }
        return patches.forward(Rearrange.padEnd(x, odd));
    }

    private List<Tensor> hiddenOf(Tensor tokens) {
        Tensor map = tokens;
        List<Tensor> hidden = new ArrayList<>(List.of(normalised(map)));
        for (int i = 0; i < STAGES; i++) {
            map = map(stages.get(i)
                    .forward(tokens(units.isEmpty() ? map : units.get(i).forward(map))));
            hidden.add(normalised(map));
        }
        return hidden;
    }

    private Tensor normalised(Tensor map) {
        return map(Ops.layerNorm(tokens(map), null, null, EPSILON));
    }

    /** [B, C, X, Y(, Z)] → [B, X, Y, Z, C], Z = 1 in two dimensions. */
    private Tensor tokens(Tensor map) {
        return dims == 2
                ? Rearrange.permute(map.reshape(map.size(0), map.size(1), map.size(2), map.size(3), 1), 0, 2, 3, 4, 1)
                : Rearrange.permute(map, 0, 2, 3, 4, 1);
    }

    /** [B, X, Y, Z, C] → [B, C, X, Y(, Z)]. */
    private Tensor map(Tensor tokens) {
        Tensor map = Rearrange.permute(tokens, 0, 4, 1, 2, 3);
        return dims == 2 ? map.reshape(map.size(0), map.size(1), map.size(2), map.size(3)) : map;
    }

    /** Multiply–adds of one forward pass of one cubic crop. */
    long multiplyAdds(int crop) {
        long edge = (crop + 1L) / PATCH;
        long total = UNetEncoder.cube(edge) * UNetEncoder.cube(PATCH) * in * features;
        for (int i = 0; i < STAGES; i++) {
            total += stages.get(i).multiplyAdds(edge, edge, edge);
            if (!units.isEmpty()) {
                total += UNetEncoder.cube(edge) * units.get(i).multiplyAddsPerVoxel();
            }
            edge = (edge + 1) / 2;
        }
        return total;
    }
}
