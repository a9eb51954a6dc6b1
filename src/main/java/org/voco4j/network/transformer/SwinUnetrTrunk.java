package org.voco4j.network.transformer;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Tensor;

/**
 * Swin-UNETR without its last convolution: {@link SwinUnetrEncoder} and the path back up to the resolution of the scan.
 *
 * <pre>  d₅ = up(e₁₀, h₃)    d₄ = up(d₅, e₄)    d₃ = up(d₄, e₃)    d₂ = up(d₃, e₂)    d₁ = up(d₂, e₁) </pre>
 *
 * <p>{@link UpResidual} is up. Weights have the keys of {@link SwinUnetr}.
 */
final class SwinUnetrTrunk extends Module {
    private static final int DECODERS = 5;

    private final SwinUnetrEncoder encoder;
    private final List<UpResidual> decoders = new ArrayList<>(); // 5 … 1

    /** A trunk of C channels and f features. */
    SwinUnetrTrunk(int dims, int in, int features, SwinVersion version, PatchMerging.Order merging) {
        encoder = part("", new SwinUnetrEncoder(dims, in, features, version, merging));
        int[] widths = {16 * features, 8 * features, 4 * features, 2 * features, features, features};
        for (int i = 0; i < DECODERS; i++) {
            decoders.add(part("decoder" + (DECODERS - i), new UpResidual(dims, widths[i], widths[i + 1])));
        }
    }

    /** h₃, then e₁, e₂, e₃, e₄, e₁₀: what the path up starts from. */
    List<Tensor> encode(Tensor x) {
        List<Tensor> hidden = encoder.hidden(x);
        List<Tensor> maps = new ArrayList<>(List.of(hidden.get(SwinTransformer.STAGES - 1)));
        maps.addAll(encoder.levels(x, hidden));
        return maps;
    }

    /** d₅ … d₁ from what {@link #encode} returned; d₁ is [B, f, X, Y(, Z)]. */
    List<Tensor> decoded(List<Tensor> maps) {
        List<Tensor> decoded = new ArrayList<>();
        Tensor y = maps.get(DECODERS); // [B, 16f, X/32, …]
        for (int i = 0; i < DECODERS; i++) {
            y = decoders.get(i).forward(y, maps.get(i == 0 ? 0 : DECODERS - i)); // twice as fine
            decoded.add(y);
        }
        return decoded;
    }

    /** d₁ from what {@link #encode} returned. */
    Tensor decode(List<Tensor> maps) {
        return decoded(maps).get(DECODERS - 1);
    }

    SwinUnetrEncoder encoder() {
        return encoder;
    }
}
