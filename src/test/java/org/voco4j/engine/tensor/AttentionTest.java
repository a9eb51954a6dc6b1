package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;

class AttentionTest {
    private static Tensor random(long seed, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = random.doubles(count, -1, 1).toArray();
        return Tensor.of(values, shape);
    }

    /** The result and the gradients of q, k, v and b for a weighted sum of it. */
    private static List<Tensor> run(boolean fused, long w, long h, long n, long d, boolean masked) {
        Tensor q = random(1, 2, w, h, n, d).requireGradient(true);
        Tensor k = random(2, 2, w, h, n, d).requireGradient(true);
        Tensor v = random(3, 2, w, h, n, d).requireGradient(true);
        Tensor b = random(4, h, n, n).requireGradient(true);
        @Nullable Tensor m = masked ? Ops.isAbove(random(5, w, n, n), 0.5).times(-100) : null;
        Tensor a = fused ? Attention.fused(q, k, v, b, m) : Attention.generic(q, k, v, b, m);
        a.times(random(6, 2, w, h, n, d)).sum().backward();
        List<Tensor> all = new ArrayList<>(List.of(a));
        for (Tensor leaf : List.of(q, k, v, b)) {
            all.add(Objects.requireNonNull(leaf.gradient()));
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "3, 2, 27, 4, false",
        "3, 2, 27, 4, true",
        "9, 3, 100, 5, true",
        "1, 4, 8, 2, false",
        "2, 24, 343, 3, true"
    })
    void fusedEqualsWhatLibtorchDifferentiatesItself(long w, long h, long n, long d, boolean masked) {
        try (Scope scope = Scope.open()) {
            List<Tensor> fused = run(true, w, h, n, d, masked);
            List<Tensor> plain = run(false, w, h, n, d, masked);
            String[] names = {"result", "gradient of q", "of k", "of v", "of the bias"};
            for (int i = 0; i < names.length; i++) {
                assertThat(fused.get(i).shape()).isEqualTo(plain.get(i).shape());
                Tensors.assertClose(fused.get(i), plain.get(i).toDoubles(), 1e-12, names[i]);
            }
        }
    }

    @Test
    void globalAttentionIsTheSoftmaxOfTheProductsInValuesAndGradients() {
        try (Scope scope = Scope.open()) {
            List<List<Tensor>> both = new ArrayList<>();
            for (boolean written : new boolean[] {false, true}) {
                Tensor q = random(1, 2, 3, 70, 5).requireGradient(true);
                Tensor k = random(2, 2, 3, 70, 5).requireGradient(true);
                Tensor v = random(3, 2, 3, 70, 5).requireGradient(true);
                Tensor a = written
                        ? Ops.softmax(q.matmul(k.transpose(2, 3)).times(1 / Math.sqrt(5)), 3)
                                .matmul(v)
                        : Attention.global(q, k, v);
                a.times(random(4, 2, 3, 70, 5)).sum().backward();
                both.add(List.of(a, gradient(q), gradient(k), gradient(v)));
            }
            for (int i = 0; i < 4; i++) {
                Tensors.assertClose(both.get(0).get(i), both.get(1).get(i).toDoubles(), 1e-13, "tensor " + i);
            }
        }
    }

    @Test
    void globalAttentionOfSixteenBitsIsComputedInThirtyTwo() {
        Tensor q = random(1, 1, 2, 40, 8).to(DType.BF16);
        Tensor k = random(2, 1, 2, 40, 8).to(DType.BF16);
        Tensor v = random(3, 1, 2, 40, 8).to(DType.BF16);
        Tensor wide = Attention.global(q.to(DType.F32), k.to(DType.F32), v.to(DType.F32));
        try (Autocast cast = Autocast.open(Device.CPU, Precision.BF16)) {
            assertThat(Attention.global(q, k, v).toFloats())
                    .isEqualTo(wide.to(DType.BF16).toFloats());
            assertThat(Attention.global(q.to(DType.F32), k.to(DType.F32), v.to(DType.F32))
                            .toFloats())
                    .isEqualTo(wide.toFloats());
        }
    }

    private static Tensor gradient(Tensor leaf) {
        return Objects.requireNonNull(leaf.gradient());
    }

    @Test
    void aGradientOutsideAScopeIsRefused() {
        Tensor x = random(1, 1, 1, 1, 4, 2).requireGradient(true);
        assertThatThrownBy(() -> Attention.of(x, x, x, random(2, 1, 4, 4), null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("scope");
    }

    @Test
    void frozenInputsGiveTheSameResultWithoutAGraph() {
        Tensor x = random(1, 2, 3, 2, 8, 4);
        Tensor bias = random(2, 2, 8, 8);
        double[] expected = Attention.generic(x, x, x, bias, null).toDoubles();
        Tensors.assertClose(Attention.fused(x, x, x, bias, null), expected, 1e-12, "result");
    }

    @Test
    void whatIsSavedForTheWayBackIsReleasedAfterIt() throws InterruptedException {
        Tensors.collectGarbage();
        long before = 0;
        for (int i = 0; i < 6; i++) {
            try (Scope scope = Scope.open()) {
                run(true, 2, 2, 8, 2, true);
            }
            if (i == 0) {
                before = Engine.nativeObjects();
            }
        }
        assertThat(Engine.nativeObjects()).isEqualTo(before);
    }
}
