package org.voco4j.pretext.genesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.part.Distortion;
import org.voco4j.pretext.part.IntensityCurve;
import org.voco4j.pretext.part.LocalShuffle;
import org.voco4j.pretext.part.Painting;
import org.voco4j.pretext.part.Restoration;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** Distortions and loss against the published code, with the numbers that it drew. */
class ModelsGenesisTest {
    private static final Shape3 SHAPE = new Shape3(20, 16, 14);

    @Test
    void blocksAreShuffledAsThePublishedCodeDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("models_genesis");
            float[] cube = vectors.floats("cube");
            float[] shuffled = cube.clone();
            int[] orders = vectors.ints("shuffle.orders");
            int from = 0;
            for (Box box : vectors.boxes("shuffle.boxes")) {
                int voxels = (int) box.voxels();
                LocalShuffle.block(cube, shuffled, SHAPE, box, Arrays.copyOfRange(orders, from, from + voxels));
                from += voxels;
            }
            assertThat(from).isEqualTo(orders.length);
            assertThat(shuffled).isEqualTo(vectors.floats("shuffle.out"));
        }
    }

    @Test
    void curvesAreThePublishedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("models_genesis");
            for (String name : List.of("inverted", "increasing")) {
                boolean falls = name.equals("inverted");
                double[] drawn = vectors.doubles("curve." + name + ".draws");
                assertCurve(drawn, falls, vectors.doubles("curve." + name + ".probe"));
                assertCurve(
                        new double[] {0.97, 0.05, 0.02, 0.99},
                        falls,
                        vectors.doubles("curve.folded." + name + ".probe"));
                float[] mapped =
                        new IntensityCurve(drawn[0], drawn[1], drawn[2], drawn[3], falls).of(vectors.floats("cube"));
                assertThat(everySecond(mapped))
                        .containsExactly(vectors.floats("curve." + name + ".out.stride2"), within(1e-5f));
            }
        }
    }

    private static void assertCurve(double[] points, boolean falls, double[] probe) {
        IntensityCurve curve = new IntensityCurve(points[0], points[1], points[2], points[3], falls);
        for (int i = 0; i < probe.length; i++) {
            assertThat(curve.at(i / 100.0)).isCloseTo(probe[i], within(1e-9));
        }
    }

    private static float[] everySecond(float[] cube) {
        float[] some = new float[10 * 8 * 7];
        int i = 0;
        for (int x = 0; x < 20; x += 2) {
            for (int y = 0; y < 16; y += 2) {
                for (int z = 0; z < 14; z += 2) {
                    some[i++] = cube[SHAPE.index(x, y, z)];
                }
            }
        }
        return some;
    }

    @Test
    void boxesArePaintedAsThePublishedCodeDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("models_genesis");
            float[] cube = vectors.floats("cube");
            assertThat(Painting.of(vectors.floats("outer.noise"), cube, SHAPE, vectors.boxes("outer.boxes")))
                    .isEqualTo(vectors.floats("outer.out"));
            float[] noise = vectors.floats("inner.noise");
            float[] painted = cube;
            int next = 0;
            for (Box box : vectors.boxes("inner.boxes")) { // the code draws noise box by box
                float[] full = cube.clone();
                for (int x = box.x0(); x < box.x1(); x++) {
                    for (int y = box.y0(); y < box.y1(); y++) {
                        for (int z = box.z0(); z < box.z1(); z++) {
                            full[SHAPE.index(x, y, z)] = noise[next++];
                        }
                    }
                }
                painted = Painting.of(painted, full, SHAPE, List.of(box));
            }
            assertThat(painted).isEqualTo(vectors.floats("inner.out"));
        }
    }

    @Test
    void axesAreMirroredAsThePublishedCodeDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("models_genesis");
            boolean[] flipped = new boolean[4]; // channel, x, y, z
            for (int axis : vectors.ints("flip.axes")) {
                flipped[axis] ^= true;
            }
            float[] mirrored = new PatchAugmentation.View(flipped[1], flipped[2], flipped[3], 0, 1, 0)
                    .of(vectors.floats("cube"), SHAPE);
            assertThat(everySecond(mirrored)).isEqualTo(vectors.floats("flip.out.stride2"));
        }
    }

    @Test
    void theLossAndItsGradientAreThePublishedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("models_genesis");
            Tensor logits = vectors.tensor("loss.logit").copy().requireGradient(true);
            Tensor loss = Restoration.error(logits, vectors.tensor("loss.target"));
            assertThat(loss.item()).isCloseTo(vectors.doubles("loss.mse")[0], within(1e-12));
            loss.backward();
            assertThat(Objects.requireNonNull(logits.gradient()).toDoubles())
                    .containsExactly(vectors.doubles("loss.grad_logit"), within(1e-12));
        }
    }

    @Test
    void whatIsDrawnLiesInTheCropWhateverItsSize() {
        SplittableRandom random = new SplittableRandom(1);
        for (Shape3 shape : List.of(new Shape3(16, 16, 16), new Shape3(32, 24, 5), new Shape3(64, 64, 1))) {
            float[] crop = Painting.noise(shape, random);
            for (int i = 0; i < 50; i++) {
                for (Box box : Painting.inner(shape, random)) {
                    assertThat(box.isInside(Box.of(shape))).isTrue();
                }
                assertThat(Painting.outer(shape, random)).isNotEmpty().allMatch(box -> box.isInside(Box.of(shape)));
                float[] distorted = new Distortion(1, 1, 1, 0.5).of(crop, shape, random);
                for (float value : distorted) {
                    assertThat(value).isBetween(0f, 1f);
                }
            }
            assertThat(new Distortion(0, 0, 0, 0).of(crop, shape, random)).isEqualTo(crop);
            float[] shuffled = new Distortion(1, 0, 0, 0).of(crop, shape, random);
            long moved = IntStream.range(0, crop.length)
                    .filter(i -> shuffled[i] != crop[i])
                    .count();
            assertThat(moved).as("shuffled in %s", shape).isGreaterThan(crop.length / 20);
        }
    }
}
