package org.voco4j.program.locate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.phantom.Torso;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.voco.PositionPrediction;
import org.voco4j.pretext.voco.VoCo;
import org.voco4j.pretext.voco.VoCoMethod;
import org.voco4j.pretext.voco.VoCoSettings;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.PretrainedModel;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.Box;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.Voxel;
import org.voco4j.volume.format.Nifti;

class LocateTest {
    private static final Offset<Double> ROUNDING = within(1e-5);

    private static final RecipeTree RECIPE = RecipeTree.load(
            "pretrain",
            null,
            List.of(
                    "data.size=[32, 32, 16]",
                    "crop.size=8",
                    "model.channels=[4, 8]",
                    "model.projector.hidden=16",
                    "model.projector.out=16",
                    "pretext.variant=official"));

    @TempDir
    private static Path folder = Path.of("");

    private static Map<String, Tensor> weights = Map.of();

    @BeforeAll
    static void makeScansAndWeights() throws IOException {
        for (int i = 0; i < 2; i++) {
            Volume torso = Torso.generate(7 + i).image();
            new Nifti().write(torso, scan(i));
            new Nifti().write(Orient.to(torso, "LPS"), folder.resolve("turned-" + i + ".nii.gz"));
        }
        PretrainRecipe recipe = RECIPE.bind(PretrainRecipe.class);
        VoCoSettings voco = recipe.pretext().of(new VoCoMethod());
        Setup setup = recipe.setup(Device.CPU);
        weights = new VoCo(voco.options(setup), voco.networks(setup), 5, Device.CPU).export();
        write("model", weights, about(PretrainedModel.KIND, RECIPE.toYaml()));
    }

    private static Path scan(int i) {
        return folder.resolve("torso-" + i + ".nii.gz");
    }

    private static Map<String, String> about(String kind, @Nullable String config) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("voco4j.kind", kind);
        if (config != null) {
            about.put(PretrainedModel.CONFIG, config);
        }
        return about;
    }

    private static Path write(String name, Map<String, Tensor> tensors, Map<String, String> about) throws IOException {
        Path file = folder.resolve(name + ".safetensors");
        Safetensors.write(file, tensors, about);
        return file;
    }

    private static PretrainedModel model() {
        return PretrainedModel.read(folder.resolve("model.safetensors"));
    }

    private static Locate.Outcome locate(Path scan, @Nullable Path against, @Nullable Voxel crop) {
        return Locate.run(model(), scan, against, crop, Device.CPU);
    }

    @Test
    void aModelFileAloneSaysWhatTheGateWouldSay() {
        assertThat(model().recipe()).isEqualTo(RECIPE.bind(PretrainRecipe.class));
        PretrainRecipe recipe = model().recipe();
        List<HeldOutScan> scans = List.of(
                PreparedScan.read(scan(0), recipe.data().preprocessing()).heldOut(),
                PreparedScan.read(scan(1), recipe.data().preprocessing()).heldOut());
        TrainedVoCo task = new TrainedVoCo(recipe, scans, Device.CPU);
        task.task().load(weights);
        equal(locate(scan(0), null, null).prediction(), task.predict(0, 0));
        equal(locate(scan(0), scan(1), null).prediction(), task.predict(0, 1));
    }

    private static void equal(PositionPrediction one, PositionPrediction other) {
        assertThat(one.crops()).isEqualTo(other.crops()).hasSize(16);
        assertThat(one.bases()).isEqualTo(other.bases());
        assertThat(one.truth()).isDeepEqualTo(other.truth());
        assertThat(one.predicted()).isDeepEqualTo(other.predicted());
        assertThat(one.against()).isEqualTo(other.against());
    }

    @Test
    void trueSharesSumToOneAndTheDrawnCropLiesAcrossBases() {
        Locate.Outcome outcome = locate(scan(0), scan(1), new Voxel(40, 50, 30));
        assertThat(outcome.prediction().crops()).hasSize(17);
        assertThat(outcome.shown()).isEqualTo(16);
        for (double[] truth : outcome.prediction().truth()) {
            assertThat(Arrays.stream(truth).sum()).isCloseTo(1, within(1e-9));
        }
        Locate.Outcome usual = locate(scan(0), scan(1), null);
        double largest =
                Arrays.stream(usual.prediction().truth()[usual.shown()]).max().orElse(0);
        assertThat(largest).isBetween(0.3, 0.7);
        assertThat(usual.prediction().crops())
                .isEqualTo(outcome.prediction().crops().subList(0, 16));
    }

    @Test
    void aCropThatIsABaseHasShareOneAndLogitOneThere() {
        PreparedScan scan = PreparedScan.read(scan(0), model().recipe().data().preprocessing());
        List<Box> bases = locate(scan(0), null, null).prediction().bases();
        for (int i = 0; i < bases.size(); i += 5) {
            Locate.Outcome outcome = locate(scan(0), null, scan.centre(bases.get(i)));
            assertThat(outcome.prediction().truth()[16][i]).isEqualTo(1);
            assertThat(outcome.prediction().predicted()[16][i]).isCloseTo(1, ROUNDING);
            assertThat(outcome.right(16)).isPositive();
            assertThat(outcome.moved()).isFalse();
        }
    }

    @Test
    void theOrientationOfTheFilesDoesNotChangeTheAnswer() {
        Locate.Outcome plain = locate(scan(0), scan(1), new Voxel(40, 50, 30));
        Shape3 shape = plain.from().stored().shape();
        Locate.Outcome turned = locate(
                folder.resolve("turned-0.nii.gz"),
                folder.resolve("turned-1.nii.gz"),
                new Voxel(shape.x() - 1 - 40, shape.y() - 1 - 50, 30));
        assertThat(turned.prediction().crops()).isEqualTo(plain.prediction().crops());
        assertThat(turned.prediction().predicted())
                .isDeepEqualTo(plain.prediction().predicted());
        assertThat(turned.top1()).isEqualTo(plain.top1());
    }

    @Test
    void aMovedCropIsSaidToBe() {
        assertThat(LocateReport.moved(locate(scan(0), null, new Voxel(40, 50, 30))))
                .isNull();
        Locate.Outcome outcome = locate(scan(0), null, new Voxel(0, 50, 30));
        assertThat(LocateReport.moved(outcome)).contains("0,50,30 sticks out", "moved to the nearest place");
        assertThat(outcome.prediction().crops().get(16).x0()).isZero();
    }

    @Test
    void weightsThatAreNotExactlyThoseOfTheirConfigurationAreRefused() throws IOException {
        refused(
                write("segmenter", weights, about("segmentation", null)),
                "holds weights of another kind (segmentation)");
        refused(write("old", weights, about(PretrainedModel.KIND, null)), "no voco4j.config in its metadata");
        refused(write("foreign", weights, Map.of("format", "pt")), "no voco4j.config in its metadata");
        refused(
                write("typing", weights, about(PretrainedModel.KIND, "data:\n  sise: 3\n")),
                "voco4j.config: unknown key data.sise, did you mean data.size?");
        Map<String, Tensor> fewer = new LinkedHashMap<>(weights);
        String name = fewer.keySet().iterator().next();
        Tensor removed = Objects.requireNonNull(fewer.remove(name));
        refused(
                write("fewer", fewer, about(PretrainedModel.KIND, RECIPE.toYaml())),
                "the weight " + name + " is missing");
        fewer.put(name, removed);
        fewer.put("more", Tensor.zeros(DType.F32, 1));
        refused(write("more", fewer, about(PretrainedModel.KIND, RECIPE.toYaml())), "it has no weight more");
        RecipeTree other = RECIPE.with(List.of("model.channels=[4, 6]", "model.norm=instance"));
        refused(write("shape", weights, about(PretrainedModel.KIND, other.toYaml())), "has shape");
    }

    private static void refused(Path file, String sentence) {
        assertThatThrownBy(() -> Locate.run(PretrainedModel.read(file), scan(0), null, null, Device.CPU))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--weights: " + file)
                .hasMessageContaining(sentence);
    }
}
