package org.voco4j.network;

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

    /** [B, C, X, Y(, Z)] → d₁ of [B, f, X, Y(, Z)]. */
    Tensor forward(Tensor x) {
        List<Tensor> hidden = encoder.hidden(x);
        List<Tensor> levels = encoder.levels(x, hidden); // e₁, e₂, e₃, e₄, e₁₀
        Tensor y = decoders.get(0).forward(levels.get(DECODERS - 1), hidden.get(SwinTransformer.STAGES - 1));
        for (int i = 1; i < DECODERS; i++) {
            y = decoders.get(i).forward(y, levels.get(DECODERS - 1 - i)); // twice as fine
        }
        return y;
    }

    SwinUnetrEncoder encoder() {
        return encoder;
    }
}
