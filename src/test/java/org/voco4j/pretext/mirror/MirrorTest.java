package org.voco4j.pretext.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.augment.Draws;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.TrainingStep;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.PretextScore;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Samples;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** A method outside the catalogue is all that pre-training needs. */
class MirrorTest {
    private static final int STEPS = 100;
    private static final Shape3 SIZE = new Shape3(32, 32, 8);

    /** Brighter and brighter from left to right, four times over, with noise. */
    private static Volume scan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) SIZE.voxels()];
        for (int i = 0; i < values.length; i++) {
            int x = i / (SIZE.y() * SIZE.z());
            values[i] = (float) (0.1 + 0.8 * (x % 8) / 7 + 0.05 * random.nextDouble());
        }
        return new Volume(SIZE, Affine.identity(), values);
    }

    @Test
    void itLearnsAndSaysSoBesideChance() {
        Setup setup = new Setup(
                Backbone.of(Map.of("encoder", "unet", "channels", "[4, 8]", "form", "light", "norm", "group")),
                Precision.FP32,
                SIZE,
                8,
                2,
                1,
                Device.CPU);
        PretextTask task = new MirrorMethod().task(new MirrorSettings(8, 16), setup);
        Samples samples = new Samples(task, setup.samples());
        Draws draws = Draws.of(3);
        try (Optimizer optimizer = new AdamW(new AdamW.Settings(0.9, 0.999, 1e-8, false))) {
            task.trainable().forEach(group -> optimizer.add(group.weights(), group.rate(), 0));
            TrainingStep descent = new TrainingStep(optimizer, task.moved(), step -> 1e-2, 0);
            for (int step = 0; step < STEPS; step++) {
                Draws now = draws.at(step);
                for (int s = 0; s < setup.samples(); s++) {
                    samples.fill(s, List.of(scan(10L * step + s)), now.at(s));
                }
                int at = step;
                descent.step(
                        step,
                        setup.samples() * task.views(),
                        () -> task.loss(new PretextTask.Batch(samples.tensors(Device.CPU), at, STEPS, now)),
                        () -> {});
            }
        }
        List<HeldOutScan> heldOut =
                List.of(new HeldOutScan("a", "a", () -> scan(-1)), new HeldOutScan("b", "b", () -> scan(-2)));
        try (Scope scope = Scope.open()) {
            PretextScore score = Objects.requireNonNull(task.score(heldOut));
            assertThat(score.controls()).containsEntry("chance", 0.5).containsKey("untrained");
            assertThat(score.trained()).isGreaterThan(0.9);
            assertThat(task.export().keySet()).anyMatch(name -> name.startsWith("conv_0."));
        }
    }
}
