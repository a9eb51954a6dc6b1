package org.voco4j.engine.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.vector.NormKernel;
import org.voco4j.engine.vector.NormKernel.Moments;
import org.voco4j.engine.vector.NormKernel.OfAffine;
import org.voco4j.engine.vector.Numbers;
import org.voco4j.engine.vector.VectorModule;

/**
 * Group norm, then a shortcut added and a leaky ReLU, of a map with several channels.
 *
 * <pre>  y = relu((x − μ)/√(σ² + ε)·γ + β + s) </pre>
 *
 * <p>By a kernel of our own on the processor where channels lie side by side, with 32 bits or brain floats and the JDK's Vector API there; by
 * operations of libtorch elsewhere.
 *
 * @param groups of neighbouring channels, over whose voxels μ and σ² (biased) are taken; C for instance norm
 * @param gamma γ, [C], or null for 1
 * @param beta β, [C], or null for 0
 * @param epsilon ε
 * @param slope of the ReLU below 0; 1 for none
 */
public record ActivatedNorm(
        int groups, @Nullable Tensor gamma, @Nullable Tensor beta, double epsilon, double slope) {

    /**
     * Computes y.
     *
     * <p>Where gradients are recorded the kernel needs a {@link Scope} that stays open until they are computed; where none is open
     * operations of libtorch compute.
     *
     * @param x [B, C, X, Y(, Z)]
     * @param shortcut s, like x, or null for none
     * @return [B, C, X, Y(, Z)]
     */
    public Tensor of(Tensor x, @Nullable Tensor shortcut) {
        return of(x, shortcut, false);
    }

    /** The same for a map that nothing else needs: where no gradients are recorded the result may lie in its place. */
    public Tensor over(Tensor x, @Nullable Tensor shortcut) {
        return of(x, shortcut, !GradMode.is_enabled());
    }

    private Tensor of(Tensor x, @Nullable Tensor shortcut, boolean inPlace) {
        if (serves(x)) {
            return LayerTimes.own(LayerTimes.Kind.NORM, x, map -> byKernel(map, shortcut, inPlace));
        }
        Tensor normed = Ops.libtorchGroupNorm(x, groups, gamma, beta, epsilon);
        Tensor y = shortcut == null ? normed : normed.plus(shortcut);
        return isActivated() ? Ops.leakyReluInPlace(y, slope) : y;
    }

    private boolean isActivated() {
        return slope != 1;
    }

    private static boolean serves(Tensor x) {
        return VectorModule.isUsable()
                && x.device().isCpu()
                && (x.type() == DType.F32 || x.type() == DType.BF16)
                && MapLayout.isVoxelByVoxel(x)
                && CustomGradient.isPossible()
                && x.count() / x.size(0) <= Integer.MAX_VALUE / Float.BYTES;
    }

    private Tensor byKernel(Tensor x, @Nullable Tensor shortcut, boolean inPlace) {
        int channels = Math.toIntExact(x.size(1));
        NormKernel kernel = new NormKernel(
                channels, groups, values(gamma, channels, 1), values(beta, channels, 0), epsilon, (float) slope);
        Tensor y = inPlace ? x : new Tensor(torch.empty_like(x.handle.detach()));
        Tensor added = shortcut == null ? null : shortcut.to(x.type());
        Moments[] moments;
        try (Scope scope = Scope.open()) {
            moments = kernel.forward(samples(x), added == null ? null : samples(added), samples(y), Engine.threads());
        }
        boolean withShortcut = added != null && added.handle.requires_grad();
        boolean keepsResult = isActivated() && added != null; // x alone says else where the ReLU leaked
        List<Tensor> kept = keepsResult ? List.of(x, y) : List.of(x);
        return CustomGradient.attach(y, Arrays.asList(x, added, gamma, beta), kept, (gradient, saved) -> {
            Tensor ofX = new Tensor(torch.empty_like(saved.get(0).handle));
            Tensor ofShortcut = withShortcut ? new Tensor(torch.empty_like(saved.get(0).handle)) : null;
            OfAffine ofAffine;
            try (Scope scope = Scope.open()) {
                ofAffine = kernel.backward(
                        samples(saved.get(0)),
                        keepsResult ? samples(saved.get(1)) : null,
                        samples(gradient),
                        moments,
                        samples(ofX),
                        ofShortcut == null ? null : samples(ofShortcut),
                        Engine.threads());
            }
            return Arrays.asList(
                    ofX, ofShortcut, Tensor.of(ofAffine.gamma(), channels), Tensor.of(ofAffine.beta(), channels));
        });
    }

    /** γ or β. */
    static float[] values(@Nullable Tensor perChannel, int channels, float otherwise) {
        float[] values = new float[channels];
        Arrays.fill(values, otherwise);
        return perChannel == null ? values : perChannel.toFloats();
    }

    /** The memory of a map, sample by sample and voxel by voxel. */
    private static List<Numbers> samples(Tensor map) {
        Tensor voxels = MapLayout.voxels(map.detach());
        return DirectBuffer.samples(voxels).stream()
                .map(voxels.type() == DType.F32 ? Numbers::floats : Numbers::brainFloats)
                .toList();
    }
}
