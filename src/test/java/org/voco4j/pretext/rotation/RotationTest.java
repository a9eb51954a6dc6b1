package org.voco4j.pretext.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.AsItComes;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextScore;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.part.Turn;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** The head of a published study, and what tells turns without it. */
class RotationTest {
    @Test
    void theHeadIsThatOfTheStudy() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("rotation");
            Rotation.Network network = new Rotation.Network(new AsItComes(), 1024, 10);
            Map<String, Tensor> named = new LinkedHashMap<>();
            network.state().forEach((name, weight) -> named.put(name.replace("rotation_head", "fc"), weight));
            Tensors.fillWithHashNumbers(named, "");
            SplittableRandom numbers = Tensors.numbersOf("rotation.deep");
            double[] values = numbers.doubles(3 * 512 * 4L).map(u -> 2 * u - 1).toArray();
            Tensor deep = Tensor.of(values, 3, 512, 2, 2, 1).to(DType.F32);
            Tensor logits = network.logits(deep.mean(2, 3, 4));
            float[] wanted = expected.tensor("head.logits").toFloats();
            float[] found = logits.toFloats();
            for (int i = 0; i < wanted.length; i++) {
                assertThat(found[i]).isCloseTo(wanted[i], within(1e-5f));
            }
            double[] labels = expected.tensor("head.labels").toDoubles();
            float[] rows = new float[30];
            for (int i = 0; i < 3; i++) {
                rows[10 * i + (int) labels[i]] = 1;
            }
            Tensor loss = CrossEntropy.of(logits, Tensor.of(rows, 3, 10));
            assertThat(loss.item()).isCloseTo(expected.tensor("head.loss").item(), within(1e-5));
            loss.backward();
            float[] bias = Objects.requireNonNull(
                            Objects.requireNonNull(named.get("fc.2.bias")).gradient())
                    .toFloats();
            float[] wantedBias = expected.tensor("head.grad_fc2_bias").toFloats();
            for (int i = 0; i < bias.length; i++) {
                assertThat(bias[i]).isCloseTo(wantedBias[i], within(1e-5f));
            }
        }
    }

    private static Volume noise(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape3 shape = new Shape3(32, 32, 16);
        float[] voxels = new float[(int) shape.voxels()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (float) random.nextDouble();
        }
        return new Volume(shape, Affine.identity(), voxels);
    }

    /** How often the mean of the others tells the turns of scans with these seeds. */
    private static double toldByTheMean(long... seeds) {
        List<HeldOutScan> scans = new ArrayList<>();
        for (long seed : seeds) {
            String name = Integer.toString(scans.size());
            scans.add(new HeldOutScan(name, name, () -> noise(seed)));
        }
        List<String> small =
                List.of("pretext.task=rotation", "data.size=[32, 32, 16]", "crop.size=8", "model.channels=[4, 8]");
        PretrainRecipe recipe = RecipeTree.load("pretrain", null, small).bind(PretrainRecipe.class);
        PretextTask task = recipe.pretext().chosen().task(recipe.setup(Device.CPU));
        PretextScore score = Objects.requireNonNull(task.score(scans));
        return Objects.requireNonNull(score.controls().get("mean scan"));
    }

    @Test
    void theMeanOfOtherScansTellsTurnsWhereScansAreAlike() {
        try (Scope scope = Scope.open()) {
            assertThat(toldByTheMean(1, 1, 1)).isEqualTo(1);
            assertThat(toldByTheMean(1, 2, 3)).isLessThan(0.6);
        }
    }

    @Test
    void everyTurnIsTakenBack() {
        float[] crop = noise(1).voxels();
        float[] cube = Arrays.copyOf(crop, 64);
        for (int turned = 0; turned < 10; turned++) {
            float[] there = Turn.of(cube, Shape3.cube(4), turned);
            assertThat(Turn.of(there, Shape3.cube(4), Turn.inverse(turned))).isEqualTo(cube);
        }
    }
}
