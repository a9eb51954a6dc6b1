package org.voco4j.pretext.rubik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.BinaryCrossEntropy;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.AsItComes;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.part.Choice;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Shape3;

/** Turns, masks, heads and losses of a published study. */
class RubikTest {
    private static final double TOLERANCE = 1e-9;

    @Test
    void piecesTurnAsInTheStudy() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("rubik");
            Shape3 shape = new Shape3(4, 4, 3);
            for (int piece = 0; piece < 8; piece++) {
                Twist twist = Twist.of(expected.tensor("turns.draws").toDoubles()[piece]);
                float[] turned = twist.apply(piece(expected, "cells", piece), shape);
                assertThat(turned).containsExactly(piece(expected, "turned", piece));
                assertThat(twist == Twist.X ? 1.0 : 0)
                        .isEqualTo(expected.tensor("turned.flag_x").toDoubles()[piece]);
                assertThat(twist == Twist.Z ? 1.0 : 0)
                        .isEqualTo(expected.tensor("turned.flag_z").toDoubles()[piece]);
            }
        }
    }

    private static float[] piece(MethodVectors tensors, String name, int piece) {
        return tensors.tensor(name).narrow(0, piece, 1).to(DType.F32).toFloats();
    }

    @Test
    void maskedPiecesLoseTheStudysVoxels() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("rubik");
            double[] flags = expected.tensor("masked.flag").toDoubles();
            SplittableRandom unused = new SplittableRandom(0);
            double[] noise = expected.tensor("masked.noise").toDoubles();
            int block = noise.length / 4;
            int masked = 0;
            for (int piece = 0; piece < 8; piece++) {
                float[] voxels = piece(expected, "turned", piece);
                if (flags[piece] == 1) {
                    int first = block * masked++;
                    Rubik.hide(voxels, new RandomGenerator() {
                        private int next = first;

                        @Override
                        public double nextDouble() {
                            return noise[next++];
                        }

                        @Override
                        public long nextLong() {
                            return unused.nextLong();
                        }
                    });
                }
                assertThat(voxels).containsExactly(piece(expected, "masked", piece));
            }
            assertThat(masked).isEqualTo(4);
        }
    }

    @Test
    void headsAndLossAreThoseOfTheStudy() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("rubik");
            RubikSettings settings = new RubikSettings(Shape3.cube(1), Shape3.cube(2), 0, 100, false, 1, 64, 1024);
            Rubik.Network network = new Rubik.Network(new AsItComes(), settings);
            network.to(Device.CPU, DType.F64);
            Map<String, Tensor> named = new LinkedHashMap<>();
            network.state()
                    .forEach((name, weight) -> named.put(
                            name.replace("rubik_piece", "fc6")
                                    .replace("rubik_order", "order_fc")
                                    .replace("rubik_turned_x", "hor_rot_fc")
                                    .replace("rubik_turned_z", "ver_rot_fc"),
                            weight));
            Tensors.fillWithHashNumbers(named, "");
            double[] numbers = Tensors.numbersOf("rubik.pooled")
                    .doubles(4 * 8 * 512L)
                    .map(u -> 2 * u - 1)
                    .toArray();
            Tensor pooled = Tensor.of(numbers, 32, 512).requireGradient(true);
            network.training(true);
            MethodVectors logits = new MethodVectors(network.logits(pooled));
            assertClose(logits.tensor("orders"), expected.tensor("head.order_logits"));
            assertClose(Ops.sigmoid(logits.tensor("turnedX")), expected.tensor("head.p_x"));
            assertClose(Ops.sigmoid(logits.tensor("turnedZ")), expected.tensor("head.p_z"));

            double[] labels = expected.tensor("head.labels").toDoubles();
            double[] rows = new double[400];
            for (int i = 0; i < 4; i++) {
                rows[100 * i + (int) labels[i]] = 1;
            }
            MethodVectors truth = new MethodVectors(Map.of(
                    "orders", Tensor.of(rows, 4, 100),
                    "turnedX", expected.tensor("head.flags_x"),
                    "turnedZ", expected.tensor("head.flags_z")));
            assertClose(CrossEntropy.of(logits.tensor("orders"), truth.tensor("orders")), expected.tensor("head.ce"));
            assertClose(
                    BinaryCrossEntropy.of(logits.tensor("turnedX"), truth.tensor("turnedX")),
                    expected.tensor("head.bce_x"));
            assertClose(
                    BinaryCrossEntropy.of(logits.tensor("turnedZ"), truth.tensor("turnedZ")),
                    expected.tensor("head.bce_z"));
            Loss loss = Rubik.loss(logits.tensors(), new Choice(100), truth::tensor);
            assertClose(loss.total(), expected.tensor("head.loss"));
            loss.backward();
            Tensor gradient = Objects.requireNonNull(pooled.gradient());
            assertClose(gradient.norm(), expected.tensor("head.grad_pooled.l2"));
            Tensor everyEighth = gradient.reshape(4, 8, 64, 8).narrow(1, 3, 1).narrow(3, 0, 1);
            assertClose(everyEighth, expected.tensor("head.grad_pooled.cell3"));
        }
    }

    @Test
    void withMasksNothingIsHalved() {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> logits = new LinkedHashMap<>();
            logits.put("orders", Tensor.of(new double[] {0, 0}, 1, 2));
            logits.put("turnedX", Tensor.of(new double[] {0, 0}, 1, 2));
            logits.put("turnedZ", Tensor.of(new double[] {0, 0}, 1, 2));
            Tensor right = Tensor.of(new double[] {1, 0}, 1, 2);
            double plain =
                    Rubik.loss(logits, new Choice(2), name -> right).total().item();
            logits.put("masked", Tensor.of(new double[] {0, 0}, 1, 2));
            double plus =
                    Rubik.loss(logits, new Choice(2), name -> right).total().item();
            assertThat(plain).isCloseTo(1.5 * Math.log(2), within(TOLERANCE));
            assertThat(plus).isCloseTo(4 * Math.log(2), within(TOLERANCE));
        }
    }

    @ParameterizedTest
    @CsvSource({"1 1 1 1, 0 0 0 1, 0.5", "0 0 0 1, 0 0 0 1, 1", "0 0 1 0, 0 0 0 1, 0.3333333333", "1 0, 0 0, 0.5"})
    void aGuessIsRightHalfTheTimeHoweverRareTheFlag(String told, String flags, double expected) {
        try (Scope scope = Scope.open()) {
            Tensor accuracy = Flags.balancedAccuracy(row(told).plus(-0.5), row(flags));
            assertThat(accuracy.item()).isCloseTo(expected, within(1e-6));
        }
    }

    private static Tensor row(String numbers) {
        double[] row = java.util.Arrays.stream(numbers.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return Tensor.of(row, 1, row.length);
    }

    @Test
    void whatIsHiddenInEitherDoesNotTellPiecesApart() {
        assertThat(Rubik.meanOfSeen(new float[] {1, 0, 3, 0}, new float[] {2, 5, 0, 0}))
                .isEqualTo(1);
        assertThat(Rubik.meanOfSeen(new float[] {0, 4}, new float[] {3, 0})).isZero();
    }

    @Test
    void imagesOfOneSliceAreRefused() {
        assertThatThrownBy(() -> RecipeTree.load(
                                "pretrain",
                                null,
                                List.of("pretext.task=rubik", "data.size=[64, 64, 1]", "model.dims=2"))
                        .bind(PretrainRecipe.class))
                .hasMessageContaining("about x");
    }

    private static void assertClose(Tensor found, Tensor expected) {
        double[] values = found.toDoubles();
        double[] wanted = expected.toDoubles();
        assertThat(values).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(values[i]).isCloseTo(wanted[i], within(TOLERANCE * Math.max(1, Math.abs(wanted[i]))));
        }
    }
}
