package org.voco4j.engine.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.vector.Numbers;
import org.voco4j.engine.vector.RowNormKernel;
import org.voco4j.engine.vector.VectorModule;

/** Layer norm on the processor by a kernel of our own. */
final class RowNorm {
    private static final long WIDE = 512; // features: the last whose rows were measured
    private static final long FEW = 256; // rows, below which calling costs more than norming

    private RowNorm() {}

    /** Whether there is such a kernel for these rows […, C]. */
    static boolean serves(Tensor x) {
        return VectorModule.isUsable()
                && x.device().isCpu()
                && x.type() == DType.F32
                && x.size(-1) <= WIDE
                && x.count() >= FEW * x.size(-1)
                && x.count() <= Integer.MAX_VALUE / Float.BYTES
                && CustomGradient.isPossible();
    }

    /** (x − μ)/√(σ² + ε)·γ + β. */
    static Tensor of(Tensor x, @Nullable Tensor gamma, @Nullable Tensor beta, double epsilon) {
        int features = Math.toIntExact(x.size(-1));
        RowNormKernel kernel = new RowNormKernel(
                ActivatedNorm.values(gamma, features, 1), ActivatedNorm.values(beta, features, 0), epsilon);
        Tensor rows = MapLayout.rowMajor(x.detach());
        Tensor y = new Tensor(torch.empty_like(rows.handle));
        kernel.forward(numbers(rows), numbers(y), Engine.threads());
        return CustomGradient.attach(y, Arrays.asList(x, gamma, beta), List.of(rows), (gradient, saved) -> {
            Tensor ofX = new Tensor(torch.empty_like(saved.get(0).handle));
            float[][] ofAffine = kernel.backward(
                    numbers(saved.get(0)), numbers(MapLayout.rowMajor(gradient)), numbers(ofX), Engine.threads());
            return List.of(ofX, Tensor.of(ofAffine[0], features), Tensor.of(ofAffine[1], features));
        });
    }

    private static Numbers numbers(Tensor rows) {
        ByteBuffer memory = rows.bytes(0, Math.toIntExact(rows.count() * Float.BYTES));
        return Numbers.floats(memory);
    }
}
