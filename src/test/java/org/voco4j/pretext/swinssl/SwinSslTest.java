package org.voco4j.pretext.swinssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetrEncoder;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.part.Blots;
import org.voco4j.pretext.part.NtXent;
import org.voco4j.pretext.part.Painting;
import org.voco4j.pretext.part.ThreeHeads;
import org.voco4j.pretext.part.Turn;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** Blots, losses and the whole network against the released code. */
class SwinSslTest {
    private static final Shape3 CUBE = Shape3.cube(20);

    private static float[] cube(String name) {
        double[] numbers = Tensors.numbersOf(name).doubles(CUBE.voxels()).toArray();
        float[] cube = new float[numbers.length];
        for (int i = 0; i < cube.length; i++) {
            cube[i] = (float) numbers[i];
        }
        return cube;
    }

    @Test
    void boxesAreFilledAsTheReleasedCodeDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("swinunetr_ssl");
            float[] blotted = Blots.noise(
                    cube("swinssl.cube"), CUBE, vectors.boxes("noise.boxes"), vectors.doubles("noise.normals"));
            assertThat(blotted).containsExactly(vectors.floats("noise.out"), within(1e-6f));
            float[] swapped =
                    Painting.of(cube("swinssl.cube"), cube("swinssl.other"), CUBE, vectors.boxes("swap.boxes"));
            assertThat(swapped).containsExactly(vectors.floats("swap.out"), within(1e-6f));
        }
    }

    @Test
    void copiesAreTurnedAsTheReleasedCodeDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("rotation");
            float[] turns = vectors.floats("swinunetr"); // [4, 3, 3, 3]
            for (int k = 0; k < 4; k++) {
                float[] turned = Turn.of(vectors.floats("cube"), Shape3.cube(3), SwinSslSettings.Plane.YZ.turned(k));
                assertThat(turned).containsExactly(Arrays.copyOfRange(turns, 27 * k, 27 * (k + 1)));
            }
        }
    }

    @Test
    void drawnBoxesAddUpToTheirShareAndHoldSomething() {
        SplittableRandom random = new SplittableRandom(3);
        for (Shape3 shape : List.of(Shape3.cube(16), new Shape3(96, 96, 96), new Shape3(64, 64, 1))) {
            for (double share : new double[] {0, 0.1, 0.3}) {
                List<Box> boxes = Blots.draw(shape, share, random);
                long voxels = boxes.stream().mapToLong(Box::voxels).sum();
                assertThat(voxels).isGreaterThanOrEqualTo((long) (share * shape.voxels()));
                assertThat(boxes).allMatch(box -> box.isInside(Box.of(shape)) && box.voxels() > 1);
                float[] noise = Blots.noise(new float[(int) shape.voxels()], shape, boxes, random);
                for (float value : noise) {
                    assertThat(value).isBetween(0f, 1f);
                }
            }
        }
    }

    @Test
    void lossesAndTheirGradientsAreTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("swinunetr_ssl");
            Tensor first = vectors.tensor("loss.first").copy().requireGradient(true);
            Tensor second = vectors.tensor("loss.second").copy().requireGradient(true);
            Tensor logits = vectors.tensor("loss.rot_logits").copy().requireGradient(true);
            Tensor restored = vectors.tensor("loss.recon").copy().requireGradient(true);
            double[] right = new double[6 * 4];
            int[] labels = vectors.ints("loss.rot_labels");
            for (int i = 0; i < labels.length; i++) {
                right[4 * i + labels[i]] = 1;
            }
            Tensor turn = CrossEntropy.of(logits, Tensor.of(right, 6, 4));
            Tensor contrast = NtXent.of(Tensor.concatenate(List.of(first, second), 0), 0.5)
                    .get(0);
            Tensor restoration =
                    restored.minus(vectors.tensor("loss.target")).abs().mean();
            Tensor total = turn.plus(contrast).plus(restoration);
            assertThat(turn.item()).isCloseTo(vectors.doubles("loss.rotation")[0], within(1e-10));
            assertThat(contrast.item()).isCloseTo(vectors.doubles("loss.contrast")[0], within(1e-10));
            assertThat(restoration.item()).isCloseTo(vectors.doubles("loss.reconstruction")[0], within(1e-10));
            assertThat(total.item()).isCloseTo(vectors.doubles("loss.total")[0], within(1e-10));
            total.backward();
            Map.of("first", first, "second", second, "rot", logits, "recon", restored)
                    .forEach((name, of) -> assertThat(
                                    Objects.requireNonNull(of.gradient()).toDoubles())
                            .as(name)
                            .containsExactly(vectors.doubles("loss.grad_" + name), within(1e-10)));
        }
    }

    @Test
    void theNetworkIsTheReleasedOne() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("swinunetr_ssl_net");
            ThreeHeads network = new ThreeHeads(
                    new SwinUnetrEncoder(3, 1, 12, SwinVersion.V1, PatchMerging.Order.MERGING),
                    new Shape3(64, 64, 32),
                    ThreeHeads.Head.TOKENS,
                    512);
            network.to(Device.CPU, DType.F64);
            Map<String, Tensor> weights = network.weights();
            Tensors.fillWithHashNumbers(weights, "");
            double[] numbers =
                    Tensors.numbersOf("swinssl.image").doubles(64 * 64 * 32).toArray();
            Tensor image = Tensor.of(numbers, 1, 1, 64, 64, 32);
            Tensor map = network.deepest(image);
            Tensor turn = network.turn(map);
            Tensor contrast = network.contrast(map);
            Tensor restored = network.restored(map);
            assertThat(turn.toDoubles()).containsExactly(vectors.doubles("rotation"), within(1e-9));
            assertThat(contrast.toDoubles()).containsExactly(vectors.doubles("contrast"), within(1e-9));
            assertThat(restored.mean().item()).isCloseTo(vectors.doubles("reconstruction.mean")[0], within(1e-9));
            assertThat(restored.square().mean().sqrt().item())
                    .isCloseTo(vectors.doubles("reconstruction.rms")[0], within(1e-9));
            Tensor loss = turn.square()
                    .mean()
                    .plus(contrast.square().mean())
                    .plus(restored.minus(image).abs().mean());
            double expected = vectors.doubles("loss")[0];
            assertThat(loss.item()).isCloseTo(expected, within(1e-9 * expected));
            loss.backward();
            String names = Objects.requireNonNull(
                    Safetensors.read(Path.of("src/test/resources/reference/methods/swinunetr_ssl_net.safetensors"))
                            .metadata()
                            .get("grad_l2_names"));
            String[] order = names.replaceAll("[\\[\\]\" ]", "").split(",");
            double[] norms = vectors.doubles("grad_l2");
            for (int i = 0; i < norms.length; i++) {
                Tensor gradient = Objects.requireNonNull(
                        Objects.requireNonNull(weights.get(order[i]), order[i]).gradient(), order[i]);
                assertThat(gradient.norm().item()).as(order[i]).isCloseTo(norms[i], within(1e-8 * (norms[i] + 1e-6)));
            }
        }
    }
}
