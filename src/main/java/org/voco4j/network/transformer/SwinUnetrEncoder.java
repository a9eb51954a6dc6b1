package org.voco4j.network.transformer;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.ResidualUnit;
import org.voco4j.network.unet.UNetEncoder;

/**
 * The encoder of Swin-UNETR, as VoCo's released code pre-trains it: the transformer and the convolutions beside it.
 *
 * <pre>
 *   e₁ = unit(x)      e₂ = unit(h₀)      e₃ = unit(h₁)      e₄ = unit(h₂)      e₁₀ = unit(h₄)
 * </pre>
 *
 * <p>Pooled and concatenated these are the 24·f numbers that VoCo projects. Weights are named as published ({@code
 * swinViT.…}, {@code encoder1.layer.conv1.conv.weight}, …, {@code encoder10.…}). Any crop above 32 voxels is taken:
 * maps that windows or merging do not divide are padded, unlike in MONAI's whole network, which asks for multiples of 32.
 */
public final class SwinUnetrEncoder extends Encoder implements TokenEncoder {
    private static final String SWIN = "swinViT.";

    private final int dims;
    private final int features;
    private final SwinTransformer transformer;
    private final ResidualUnit encoder1;
    private final ResidualUnit encoder2;
    private final ResidualUnit encoder3;
    private final ResidualUnit encoder4;
    private final ResidualUnit encoder10;

    /**
     * An encoder with untrained (zero) weights.
     *
     * @param dims 2 or 3 spatial axes
     * @param in channels of the scan
     * @param features f (paper: 48)
     * @throws IllegalArgumentException if f is not a multiple of 3, which the heads share out
     */
    public SwinUnetrEncoder(int dims, int in, int features, SwinVersion version, PatchMerging.Order merging) {
        if (features < 3 || features % 3 != 0) {
            throw new IllegalArgumentException("model.featureSize must be a multiple of 3 heads, not " + features);
        }
        this.dims = dims;
        this.features = features;
        transformer = part("swinViT", new SwinTransformer(dims, in, features, version, merging));
        encoder1 = part("encoder1.layer", new ResidualUnit(dims, in, features));
        encoder2 = part("encoder2.layer", new ResidualUnit(dims, features, features));
        encoder3 = part("encoder3.layer", new ResidualUnit(dims, 2 * features, 2 * features));
        encoder4 = part("encoder4.layer", new ResidualUnit(dims, 4 * features, 4 * features));
        encoder10 = part("encoder10.layer", new ResidualUnit(dims, 16 * features, 16 * features));
    }

    /** h₀ … h₄ of the transformer. */
    List<Tensor> hidden(Tensor x) {
        return transformer.hidden(x);
    }

    @Override
    public List<Integer> patch() {
        return Collections.nCopies(dims, SwinTransformer.PATCH);
    }

    @Override
    public int tokenSize() {
        return features;
    }

    @Override
    public boolean isInDeepest(String weight) {
        return weight.startsWith(SWIN);
    }

    @Override
    public Tensor deepest(Tensor x, Tensor hidden, Tensor token) {
        return transformer.masked(x, hidden, token);
    }

    @Override
    public List<Tensor> levels(Tensor x) {
        return levels(x, hidden(x));
    }

    /** The levels, where h₀ … h₄ are known already. */
    List<Tensor> levels(Tensor x, List<Tensor> h) {
        return List.of(
                encoder1.forward(x), // [B, f, X, Y(, Z)]
                encoder2.forward(h.get(0)), // [B, f, X/2, Y/2, Z/2]
                encoder3.forward(h.get(1)), // [B, 2f, X/4, …]
                encoder4.forward(h.get(2)), // [B, 4f, X/8, …]
                encoder10.forward(h.get(4))); // [B, 16f, X/32, …]
    }

    @Override
    public List<Integer> channels() {
        return List.of(features, features, 2 * features, 4 * features, 16 * features);
    }

    @Override
    public boolean takes(long... size) {
        return Arrays.stream(size).anyMatch(edge -> edge > 32); // one voxel is left of 32 at the coarsest level
    }

    @Override
    public int stage(String weight) {
        String part = weight.substring(0, weight.indexOf(".", weight.startsWith(SWIN) ? SWIN.length() : 0));
        return switch (part) {
            case SWIN + "patch_embed", "encoder1", "encoder2" -> 0;
            case "encoder3" -> 1;
            case "encoder4" -> 2;
            case "encoder10" -> 4;
            default -> part.charAt((SWIN + "layers").length()) - '0'; // layersN and layersNc before it
        };
    }

    @Override
    public boolean mixesSamples() {
        return false;
    }

    @Override
    public long multiplyAdds(int crop) {
        long total = transformer.multiplyAdds(crop) + UNetEncoder.cube(crop) * encoder1.multiplyAddsPerVoxel();
        ResidualUnit[] units = {encoder2, encoder3, encoder4, null, encoder10};
        long edge = crop;
        for (ResidualUnit unit : units) {
            edge = (edge + 1) / 2;
            total += unit == null ? 0 : UNetEncoder.cube(edge) * unit.multiplyAddsPerVoxel();
        }
        return total;
    }
}
