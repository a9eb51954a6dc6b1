package org.voco4j.pretext.transvw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.part.ElasticField;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** The bending, the head and the losses against the published code; words. */
class TransVwTest {
    private static double[] field(MethodVectors vectors, String name) {
        return Arrays.stream(vectors.doubles(name)).map(u -> 2 * u - 1).toArray();
    }

    @Test
    void aCropIsBentAsThePublishedCodeDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("transvw");
            ElasticField field = new ElasticField(
                    new Shape3(16, 16, 8),
                    field(vectors, "elastic.draws_y"),
                    field(vectors, "elastic.draws_x"),
                    8,
                    991);
            float[] bent = field.of(vectors.floats("cube"));
            assertThat(bent).containsExactly(vectors.floats("elastic.out"), within(1e-5f));
        }
    }

    @Test
    void theHeadAndItsGradientsAreThePublishedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("transvw");
            TransVwNetwork.Head head = new TransVwNetwork.Head(512, 1024, 44);
            head.to(Device.CPU, DType.F64);
            Tensors.fillWithHashNumbers(head.state(), "clc_out.");
            double[] numbers = Tensors.numbersOf("transvw.deep")
                    .doubles(2 * 512 * 4)
                    .map(u -> 2 * u - 1)
                    .toArray();
            Tensor deep = Tensor.of(numbers, 2, 512, 2, 2, 1).requireGradient(true);
            Tensor logits = head.logits(deep);
            assertThat(Ops.softmax(logits, 1).toDoubles())
                    .containsExactly(vectors.doubles("head.probabilities"), within(1e-10));
            double[] right = new double[2 * 44];
            int[] labels = vectors.ints("head.labels");
            right[labels[0]] = 1;
            right[44 + labels[1]] = 1;
            Tensor word = CrossEntropy.of(logits, Tensor.of(right, 2, 44));
            assertThat(word.item()).isCloseTo(vectors.doubles("loss.ce")[0], within(1e-10));
            Tensor voxels = vectors.tensor("loss.restored");
            Tensor error =
                    voxels.minus(vectors.tensor("loss.original")).square().mean();
            assertThat(error.item()).isCloseTo(vectors.doubles("loss.mse")[0], within(1e-12));
            assertThat(error.plus(word.times(0.01)).item()).isCloseTo(vectors.doubles("loss.total")[0], within(1e-10));
            word.times(0.01).backward();
            Tensor gradient = Objects.requireNonNull(deep.gradient());
            assertThat(gradient.norm().item()).isCloseTo(vectors.doubles("head.grad_deep.l2")[0], within(1e-9));
            assertThat(gradient.narrow(1, 0, 1).toDoubles())
                    .containsExactly(vectors.doubles("head.grad_deep.channel0"), within(1e-10));
            assertThat(Objects.requireNonNull(
                                    Objects.requireNonNull(head.weights().get("fc1.bias"))
                                            .gradient())
                            .toDoubles())
                    .containsExactly(vectors.doubles("head.grad_fc1_bias"), within(1e-10));
        }
    }

    @Test
    void wordsLieApartAndTheirVersionsInTheScan() {
        Shape3 volume = new Shape3(64, 64, 16);
        Words words = Words.draw(volume, Shape3.cube(16), 16, 5, new SplittableRandom(1));
        assertThat(words.places()).hasSize(16).doesNotHaveDuplicates();
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 500; i++) {
            assertThat(words.version(i % 16, random)).matches(box -> box.isInside(Box.of(volume)));
        }
        assertThatThrownBy(() -> Words.draw(volume, Shape3.cube(16), 400, 20, random))
                .hasMessageContaining("pretext.words: 400 words")
                .hasMessageContaining("find no room");
    }
}
