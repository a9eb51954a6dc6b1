package org.voco4j.program.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.finetune.Balls;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunFolder;

class TorchCheckpointTest extends PretrainFixture {

    private static Map<String, Object> torch(Path checkpoint) throws IOException {
        Safetensors.Contents contents = Safetensors.read(checkpoint);
        assertThat(TorchCheckpoint.isCheckpoint(contents.metadata())).isTrue();
        return TorchCheckpoint.of(checkpoint, contents.tensors(), contents.metadata());
    }

    private static Map<?, ?> map(Map<?, ?> tree, String key) {
        return (Map<?, ?>) Objects.requireNonNull(tree.get(key));
    }

    private static List<?> groups(Map<String, Object> tree) {
        return (List<?>) Objects.requireNonNull(map(tree, "optimizer").get("param_groups"));
    }

    @Test
    void aSecondProjectorIsInTheStateAndNotInTheOptimiser() throws IOException, InterruptedException {
        run("run", false, () -> false, "pretext.variant=tpami", "batch.volumes=2", "pretext.window=whole", "steps=4");
        Map<String, Object> tree = torch(folder.resolve("run/checkpoint_latest.safetensors"));
        Map<?, ?> state = map(tree, "state_dict");
        long teacher = state.keySet().stream()
                .filter(name -> String.valueOf(name).startsWith("teacher."))
                .count();
        assertThat(teacher).isEqualTo(6);
        assertThat(state.get("backbone.conv_0.conv_0.conv.weight")).isNotNull();
        Map<?, ?> group = (Map<?, ?>) groups(tree).get(0);
        assertThat((List<?>) Objects.requireNonNull(group.get("params"))).hasSize((int) (state.size() - teacher));

        Path torch = folder.resolve("run.pt");
        ConvertWeights.run(new ConvertWeights.Task(folder.resolve("run"), torch, "", "", false));
        Path back = folder.resolve("back.safetensors");
        ConvertWeights.run(new ConvertWeights.Task(torch, back, "", "", false));
        Map<String, Tensor> ours = Safetensors.read(back).tensors();
        assertThat(ours.keySet()).isEqualTo(state.keySet());
        Map<String, Tensor> model =
                Safetensors.read(folder.resolve("run/model.safetensors")).tensors();
        model.forEach((name, tensor) -> assertThat(
                        Objects.requireNonNull(ours.get(name)).toFloats())
                .as(name)
                .isEqualTo(tensor.toFloats()));
    }

    @Test
    void aPretrainingHasOneGroupOverTheStudentsWeights() throws IOException, InterruptedException {
        run("run", false, () -> false, "pretext.variant=official", "optim.amsgrad=true", "steps=4", "optim.warmup=1");
        Path checkpoint = folder.resolve("run/checkpoint_latest.safetensors");
        Map<String, Object> tree = torch(checkpoint);
        assertThat(tree.get("step")).isEqualTo(4L);
        Map<?, ?> state = map(tree, "state_dict");
        long student = state.keySet().stream()
                .filter(name -> String.valueOf(name).startsWith("student."))
                .count();
        assertThat(state).hasSize((int) (2 * student)); // and the teacher's
        Map<?, ?> group = (Map<?, ?>) groups(tree).get(0);
        assertThat((List<?>) Objects.requireNonNull(group.get("params"))).hasSize((int) student);
        assertThat(group.get("amsgrad")).isEqualTo(true);
        Map<?, ?> moments = map(map(tree, "optimizer"), "state");
        assertThat(moments).hasSize((int) student);
        Map<?, ?> first = (Map<?, ?>) Objects.requireNonNull(moments.get(0L));
        assertThat(((Tensor) Objects.requireNonNull(first.get("exp_avg"))).toFloats())
                .isEqualTo(Objects.requireNonNull(Safetensors.read(checkpoint)
                                .tensors()
                                .get("optimizer.conv_0.conv_0.conv.weight.exp_avg"))
                        .toFloats());
        assertThat(((Tensor) Objects.requireNonNull(first.get("step"))).item()).isEqualTo(4);
    }

    @Test
    void aFineTuningHasTheEncoderAndWhatIsAboveIt() throws IOException, InterruptedException {
        List<String> settings = List.of(
                "patch.size=[16, 16, 16]",
                "model.channels=[4, 8]",
                "optim.encoderRate=0.5",
                "optim.lr=0.01",
                "optim.warmup=0",
                "steps=2",
                "validation.every=2");
        RecipeTree recipe = RecipeTree.load("finetune", "tiny", settings);
        Path at = folder.resolve("tuned");
        try (RunFolder opened = RunFolder.open(at, recipe, false)) {
            Finetune.run(
                    recipe.bind(FinetuneRecipe.class), Balls.scans(2, 1), null, Device.CPU, opened, ears, after(1));
        }
        Map<String, Object> tree = torch(at.resolve("checkpoint_latest.safetensors"));
        assertThat(groups(tree)).hasSize(2);
        Map<?, ?> encoder = (Map<?, ?>) groups(tree).get(0);
        Map<?, ?> above = (Map<?, ?>) groups(tree).get(1);
        assertThat(encoder.get("lr")).isEqualTo(0.5 * 0.005); // half a cosine, half of the way
        assertThat(above.get("lr")).isEqualTo(0.005);
        assertThat((List<?>) Objects.requireNonNull(encoder.get("params"))).hasSize(12);
        assertThat(map(tree, "state_dict").get("final_conv.weight")).isInstanceOf(Tensor.class);
    }

    @Test
    void withoutItsConfigurationItIsRefused() throws IOException, InterruptedException {
        run("run", false, () -> false, "steps=4");
        Files.delete(folder.resolve("run/config.yaml"));
        assertThatThrownBy(() -> torch(folder.resolve("run/checkpoint_latest.safetensors")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no config.yaml beside it");
    }
}
