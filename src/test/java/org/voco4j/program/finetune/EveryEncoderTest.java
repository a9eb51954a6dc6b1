package org.voco4j.program.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.voco.VoCoMethod;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;

/** VoCo pre-trains every encoder, and those with a way back up take its weights over. */
class EveryEncoderTest extends PretrainFixture {
    private static final Map<Backbone.Name, String> SETTINGS = Map.of(
            Backbone.Name.UNET, "model.norm=batch",
            Backbone.Name.SWIN_UNETR, "crop.size=33; model.featureSize=3; batch.chunk=5",
            Backbone.Name.UNETR, "crop.size=16; model.featureSize=2; model.hiddenSize=12; model.heads=2",
            Backbone.Name.UNET_3D, "crop.size=16; model.featureSize=2",
            Backbone.Name.MONAI_UNET, "crop.size=8",
            Backbone.Name.RESNET, "crop.size=17; model.channels=[4, 4, 8, 8]; model.depth=10",
            Backbone.Name.MEDICALNET, "crop.size=33; model.channels=[4, 4, 8, 8]; model.depth=18",
            Backbone.Name.DENSENET, "crop.size=61; model.featureSize=2; batch.randomCrops=1");

    private static List<String> settings(Backbone.Name encoder, String... more) {
        List<String> settings = new ArrayList<>(
                List.of("model.encoder=" + encoder, "pretext.grid=[2, 1, 1]", "steps=3", "gate.every=3"));
        settings.addAll(List.of(SETTINGS.getOrDefault(encoder, "").split("; ")));
        settings.addAll(List.of(more));
        return settings;
    }

    private static PretrainRecipe recipe(Backbone.Name encoder) {
        return RecipeTree.load("pretrain", null, settings(encoder)).bind(PretrainRecipe.class);
    }

    @ParameterizedTest
    @EnumSource(Backbone.Name.class)
    void aRunThatWasStoppedEndsInTheSameBits(Backbone.Name encoder) throws IOException, InterruptedException {
        String[] settings = settings(encoder).toArray(String[]::new);
        patients = encoder == Backbone.Name.SWIN_UNETR
                ? 1
                : 2; // a look could move running averages, which it does not have
        Pretrain.Outcome whole = run("whole", false, () -> false, settings);
        assertThat(whole.steps()).isEqualTo(3);
        run("parts", false, after(2), settings);
        run("parts", true, () -> false, settings);
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(metrics("whole"))
                .allMatch(line -> Double.isFinite(line.path("loss").asDouble(Double.NaN)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Backbone.Name.class,
            names = {"UNET", "SWIN_UNETR", "UNETR", "UNET_3D", "MONAI_UNET"})
    void theSegmentationNetworkTakesTheWholeEncoderOver(Backbone.Name encoder) {
        try (Scope scope = Scope.open()) {
            PretrainRecipe recipe = recipe(encoder);
            Map<String, Tensor> exported = recipe.pretext()
                    .of(new VoCoMethod())
                    .networks(recipe.setup(Device.CPU))
                    .get()
                    .stateDict();
            Backbone backbone = recipe.model();
            int edge = recipe.crop().size();
            SegmentationNetwork network = backbone.segment(1, 3, List.of(edge, edge, edge));
            Map<String, Tensor> own = network.encoder().stateDict();
            assertThat(exported.keySet()).containsAll(own.keySet());
            own.forEach((name, weight) -> assertThat(
                            Objects.requireNonNull(exported.get(name)).shape())
                    .as(name)
                    .isEqualTo(weight.shape()));
            assertThat(network.stateDict().keySet()).containsAll(own.keySet());
        }
    }

    @ParameterizedTest
    @EnumSource(Backbone.Name.class)
    void aFileSaysWhatItsNetworkIs(Backbone.Name encoder) {
        Map<String, String> facts = new HashMap<>(recipe(encoder).model().facts());
        assertThat(Backbone.of(facts).facts()).isEqualTo(facts);
        assertThat(facts.remove("encoder")).isEqualTo(encoder.toString());
        Map<String, String> other = new HashMap<>();
        for (String key : facts.keySet()) {
            String[] changed = Stream.of(
                            "channels: [4, 16, 16, 16]",
                            "form: basic",
                            "norm: instance",
                            "featureSize: 6",
                            "swin: v1",
                            "merging: mergingv2",
                            "depth: " + (encoder == Backbone.Name.DENSENET ? 169 : 34),
                            "hiddenSize: 24",
                            "heads: 3")
                    .filter(setting -> setting.startsWith(key + ":"))
                    .findFirst()
                    .orElseThrow()
                    .split(": ", 2);
            String setting = "model." + key + "=" + changed[1];
            other.putAll(RecipeTree.load("pretrain", null, settings(encoder, setting))
                    .bind(PretrainRecipe.class)
                    .model()
                    .facts());
            assertThat(other.get(key)).as(key).isNotEqualTo(facts.get(key));
        }
    }

    @Test
    void aFileOfAUnetrSaysItsPatchesAndBlocksWhereTheyAreNotAsPublished() {
        Backbone published = recipe(Backbone.Name.UNETR).model();
        assertThat(published.facts()).doesNotContainKeys("tokenPatch", "blocks");
        assertThat(Backbone.of(published.facts()).blocks()).isEqualTo(12);
        List<String> settings = settings(Backbone.Name.UNETR, "model.patch=[8, 8, 4]", "model.blocks=3");
        Backbone other = RecipeTree.load("pretrain", null, settings)
                .bind(PretrainRecipe.class)
                .model();
        assertThat(Backbone.of(other.facts()).patch()).containsExactly(8, 8, 4);
        assertThat(Backbone.of(other.facts()).blocks()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.encoder=resnet; model.depth=20 | a standard ResNet has 10, 18, 34, 50, 101, 152 or 200 layers, not 20",
                "model.encoder=densenet; model.depth=18 | a standard DenseNet has 121, 169, 201 or 264 layers, not 18",
                "crop.size=0 | crop.size must be at least 1 voxel, not 0",
                "model.encoder=unetr; crop.size=24 | every edge must be a multiple of 16",
                "model.encoder=swin-unetr; crop.size=32 | crop.size must be at least 33 for this encoder, not 32",
                "model.encoder=unetr; crop.size=16; model.heads=5 | must be a multiple of its 5 heads",
            })
    void whatCannotBeBuiltIsSaidInWords(String settings, String words) {
        assertThatThrownBy(() -> run("run", false, () -> false, settings.split("; ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(words);
    }

    @Test
    void aNetworkWithoutAWayUpDoesNotSegment() {
        assertThatThrownBy(() -> RecipeTree.load("finetune", null, Arrays.asList("model.encoder=resnet"))
                        .bind(FinetuneRecipe.class))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("model.encoder resnet has no way back up");
    }
}
