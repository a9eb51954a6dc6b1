package org.voco4j.program.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;

class PretrainInitTest extends PretrainFixture {
    /** The first step has rate 0, so a run of one step leaves the student as it was. */
    private Map<String, float[]> afterOneStep(String name, @Nullable PretrainedWeights init, String... settings)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("steps=1");
        run(name, init, false, () -> false, all.toArray(String[]::new));
        Map<String, float[]> values = new LinkedHashMap<>();
        Safetensors.read(folder.resolve(name).resolve("model.safetensors"))
                .tensors()
                .forEach((key, tensor) -> values.put(key, tensor.toFloats()));
        return values;
    }

    private static double distance(Map<String, float[]> a, Map<String, float[]> b) {
        assertThat(a.keySet()).isEqualTo(b.keySet());
        double most = 0;
        for (Map.Entry<String, float[]> entry : a.entrySet()) {
            float[] other = b.getOrDefault(entry.getKey(), new float[0]);
            for (int i = 0; i < other.length; i++) {
                most = Math.max(most, Math.abs(entry.getValue()[i] - other[i]));
            }
        }
        return most;
    }

    @Test
    void aRunBeginsWithTheWeightsOfAnother() throws IOException, InterruptedException {
        run("first", false, () -> false, "pretext.variant=official");
        PretrainedWeights first = PretrainedWeights.read(folder.resolve("first"));
        Map<String, float[]> known = new LinkedHashMap<>();
        first.tensors().forEach((name, tensor) -> known.put(name, tensor.toFloats()));

        assertThat(distance(afterOneStep("drawn", null, "seed=1"), known)).isGreaterThan(0.01);
        assertThat(distance(afterOneStep("paper", first, "seed=1"), known)).isZero();
        String[] teacher = {"seed=1", "pretext.variant=official", "export=teacher"};
        assertThat(distance(afterOneStep("own", first, teacher), known)).isGreaterThan(0.01);
        String[] copy = {"seed=1", "pretext.variant=official", "export=teacher", "pretext.teacherInit=copy"};
        assertThat(distance(afterOneStep("copy", first, copy), known)).isLessThan(1e-6); // 0.9 t + 0.1 t
    }

    @Test
    void theGateComparesWithANetworkThatBeganWithNothing() throws IOException, InterruptedException {
        run("first", false, () -> false);
        run("second", PretrainedWeights.read(folder.resolve("first")), false, () -> false);
        assertThat(metrics("second").get(0)).isNotEqualTo(metrics("first").get(0));
        assertThat(metrics("second").get(5).path("gate").path("untrained"))
                .isEqualTo(metrics("first").get(5).path("gate").path("untrained"));
    }

    @Test
    void theBeginningIsNamedAndStaysTheSame() throws IOException, InterruptedException {
        run("first", false, () -> false);
        PretrainedWeights first = PretrainedWeights.read(folder.resolve("first"));
        run("run", first, false, after(4), "model.projector.out=8", "steps=6");
        assertThat(folder.resolve("run/run.json"))
                .content()
                .contains(first.digest(), "loaded ", "proj_head.layer3.0.weight: [16, 16] in the file, [8, 16] here");
        assertThatThrownBy(() -> run("run", true, () -> false, "model.projector.out=8", "steps=6"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the run began with other init");
        run("run", first, true, () -> false, "model.projector.out=8", "steps=6");
        assertThat(steps("run")).hasSize(6).doesNotHaveDuplicates();

        run("whole", first, false, () -> false, "model.projector.out=8", "steps=6");
        assertThat(model("run")).isEqualTo(model("whole"));
    }

    @Test
    void weightsThatDoNotFitAreRefusedBeforeThereIsARun() throws IOException, InterruptedException {
        PretrainedWeights foreign = new PretrainedWeights(
                Map.of("module.down_1.convs.conv_1.conv.weight", Tensor.zeros(DType.F32, 3)), Map.of(), "digest");
        assertThatThrownBy(() -> run("run", foreign, false, () -> false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("do not fit")
                .hasMessageContaining("module.down_1");
        PretrainedWeights instance = new PretrainedWeights(Map.of(), Map.of("voco4j.norm", "instance"), "digest");
        assertThatThrownBy(() -> run("run", instance, false, () -> false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("model.norm=instance");
        assertThat(folder.resolve("run/config.yaml")).doesNotExist();
    }

    /** Refused with some words before there is a run: weights of this one for a network that differs in a setting. */
    private void assertRefused(String setting, String... words) throws IOException, InterruptedException {
        run("first", false, () -> false);
        PretrainedWeights first = PretrainedWeights.read(folder.resolve("first"));
        assertThatThrownBy(() -> run("run", first, false, () -> false, setting))
                .isInstanceOf(UsageException.class)
                .message()
                .contains(words);
        assertThat(folder.resolve("run/config.yaml")).doesNotExist();
    }

    /** Its first convolutions would fit, and the rest would be drawn. */
    @Test
    void halfAnEncoderIsNothingToBeginWith() throws IOException, InterruptedException {
        assertRefused("model.channels=[4, 16]", "they are of an encoder of other sizes: loaded ");
    }

    @Test
    void aProjectorAloneIsNothingToBeginWith() throws IOException, InterruptedException {
        assertRefused(
                "model.encoder=monai-unet",
                "no weight of the encoder could be loaded: loaded ",
                "encoder=monai-unet",
                "channels=[4, 8]");
    }
}
