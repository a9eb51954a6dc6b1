package org.voco4j.program.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.TestData;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.downstream.segment.SegmenterOptions;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.GridScores;
import org.voco4j.program.finetune.LabelledFiles;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.locate.Locate;
import org.voco4j.program.locate.LocateReport;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.PretrainedModel;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.Voxel;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** Images of one slice go the same way as scans, from pictures on disk to weights and back to pictures. */
class TwoDimensionsTest {
    private static final List<String> FLAT =
            List.of("model.dims=2", "data.window=[0, 255]", "data.size=[64, 64, 1]", "model.channels=[4, 8, 8]");
    private static final List<String> PRETRAIN = List.of(
            "pretext.grid=[4, 4, 1]",
            "crop.size=16",
            "model.projector.hidden=16",
            "model.projector.out=16",
            "batch.randomCrops=3",
            "augment.flip=0.5",
            "augment.rot90=0.5",
            "steps=2");
    private static final List<String> FINETUNE = List.of(
            "patch.size=[32, 32, 1]",
            "augment.flip=0.5",
            "data.heldOut=0.4",
            "validation.every=1",
            "labels={disc: 255}",
            "steps=2");

    private static int threads;

    @TempDir
    private Path folder = Path.of("");

    private final PretrainFixture.Ears lines = new PretrainFixture.Ears();

    @BeforeAll
    static void oneThread() {
        threads = Engine.threads();
        Engine.threads(1);
    }

    @AfterAll
    static void asBefore() {
        Engine.threads(threads);
    }

    @Test
    void radiographsArePreTrainedOn() throws IOException, InterruptedException {
        List<String> rows = new ArrayList<>(List.of("image,patient,split"));
        String[] parts = {"train", "val", "val"};
        String[] names = {"00000001_000.png", "00000002_000.png", "00000013_003.png"};
        for (int i = 0; i < names.length; i++) {
            Path picture = TestData.path("xray").resolve(names[i]).toAbsolutePath();
            rows.add(picture + "," + names[i].substring(0, 8) + "," + parts[i]);
        }
        pretrain(Files.write(folder.resolve("xray.csv"), rows), "run");
    }

    @Test
    void picturesArePreTrainedFineTunedAndSegmented() throws IOException, InterruptedException {
        Path images = Files.createDirectories(folder.resolve("data/images"));
        Path labels = Files.createDirectories(folder.resolve("data/labels"));
        for (int i = 0; i < 5; i++) {
            Shape3 shape = new Shape3(80, 72 + i, 1); // of several sizes
            Formats.of(Path.of("a.png")).write(picture(shape, i, false), images.resolve(i + ".png"), Stored.UINT8);
            Formats.of(Path.of("a.png")).write(picture(shape, i, true), labels.resolve(i + ".png"), Stored.UINT8);
        }
        pretrain(images, "pretrained");
        PretrainedModel model = PretrainedModel.read(folder.resolve("pretrained"));
        Locate.Outcome seen =
                Locate.run(model, images.resolve("0.png"), images.resolve("1.png"), new Voxel(40, 40, 0), Device.CPU);
        assertThat(seen.prediction().bases())
                .hasSize(16)
                .allMatch(base -> base.shape().equals(new Shape3(16, 16, 1)));

        assertThat(LocateReport.picture(seen)).isNotNull();

        RecipeTree tree = tree("finetune", FINETUNE);
        FinetuneRecipe recipe = tree.bind(FinetuneRecipe.class);
        try (RunFolder run = RunFolder.open(folder.resolve("tuned"), tree, false)) {
            LabelledScans scans = LabelledFiles.open(List.of(folder.resolve("data")), null, recipe, null, lines);
            assertThat(scans.heldOut()).hasSize(2);
            PretrainedWeights weights = PretrainedWeights.read(folder.resolve("pretrained"));
            Finetune.Outcome<GridScores> outcome =
                    Finetune.run(recipe, scans, weights, Device.CPU, run, lines, () -> false);
            assertThat(outcome).isNotNull();
        }
        assertThat(lines.warnings).allMatch(line -> line.contains("in the pre-training of the weights"));
        assertThat(folder.resolve("tuned/summary.json")).isRegularFile();

        Path out = folder.resolve("out");
        try (Segmenter segmenter = Segmenter.load(folder.resolve("tuned"))) {
            Predict.Outcome outcome = Predict.run(
                    segmenter, new Predict.Task(List.of(images), out, "png", null, SegmenterOptions.DEFAULT), lines);
            assertThat(outcome.failed()).isEmpty();
            assertThat(outcome.written()).containsExactly("0", "1", "2", "3", "4");
        }
        Volume mask = Formats.any(2).read(out.resolve("3.png"));
        assertThat(mask.shape()).isEqualTo(new Shape3(80, 75, 1));
        for (float value : mask.voxels()) {
            assertThat(value).isIn(0f, 255f); // labels as the data had them
        }
    }

    @Test
    void scansOfTheOtherKindAreLeftOutInWords() throws IOException {
        Volume scan = new Volume(new Shape3(20, 20, 20), Affine.identity(), new float[8000]);
        Formats.any().write(scan, folder.resolve("scan.nrrd"));
        PretrainRecipe recipe = tree("pretrain", PRETRAIN).bind(PretrainRecipe.class);
        assertThatThrownBy(() -> UnlabelledFiles.open(List.of(folder), null, recipe, null, lines))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("PNG and JPEG");
        assertThat(lines.warnings)
                .anyMatch(line -> line.contains("20x20x20 is not a 2-D image: expected one slice of at least 16x16"));
        Formats.any(2).write(picture(new Shape3(80, 72, 1), 1, false), folder.resolve("picture.png"), Stored.UINT8);
        PretrainRecipe deep =
                RecipeTree.load("pretrain", null, PretrainFixture.SMALL).bind(PretrainRecipe.class);
        assertThatThrownBy(() -> UnlabelledFiles.open(List.of(folder), null, deep, null, lines))
                .isInstanceOf(UsageException.class);
        assertThat(lines.warnings)
                .anyMatch(line -> line.endsWith("left out: 1 PNG or JPEG file, which is for 2-D recipes"));
    }

    @Test
    void sizesMustBeOfAsManyAxesAsTheNetwork() {
        assertThatThrownBy(() ->
                        tree("pretrain", List.of("data.size=[64, 64, 16]")).bind(PretrainRecipe.class))
                .hasMessageContaining("model.dims: 2 needs data.size: [X, Y, 1], not [64, 64, 16]");
        assertThatThrownBy(() -> tree("pretrain", List.of("model.dims=3", "pretext.grid=[4, 4, 1]"))
                        .bind(PretrainRecipe.class))
                .hasMessageContaining("data.size [64, 64, 1] has one slice, which needs model.dims: 2");
        assertThatThrownBy(() -> tree("finetune", List.of("data.size=null", "patch.size=[32, 32, 1]"))
                        .bind(FinetuneRecipe.class))
                .hasMessageContaining("model.dims: 2 needs data.size: [X, Y, 1], not null");
        assertThatThrownBy(() ->
                        tree("finetune", List.of("patch.size=[32, 32, 16]")).bind(FinetuneRecipe.class))
                .hasMessageContaining("model.dims: 2 needs patch.size: [X, Y, 1]");
        assertThatThrownBy(() -> tree("pretrain", List.of("model.dims=4")).bind(PretrainRecipe.class))
                .hasMessageContaining("model.dims must be 2 or 3, not 4");
    }

    private void pretrain(Path data, String name) throws IOException, InterruptedException {
        List<String> settings = new ArrayList<>(PRETRAIN);
        settings.add("data.heldOut=0.4");
        RecipeTree tree = tree("pretrain", settings);
        PretrainRecipe recipe = tree.bind(PretrainRecipe.class);
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, false)) {
            UnlabelledScans scans = UnlabelledFiles.open(List.of(data), null, recipe, null, lines);
            assertThat(scans.heldOut()).hasSize(2);
            assertThat(scans.source().volume(scans.training().get(0)).shape()).isEqualTo(new Shape3(64, 64, 1));
            Pretrain.run(recipe, scans, null, Resources.of(Device.CPU), run, lines, () -> false);
        }
        assertThat(Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))
                        .toString())
                .contains("\"step\":2")
                .contains("crossScan");
    }

    private static RecipeTree tree(String kind, List<String> settings) {
        List<String> all = new ArrayList<>(FLAT);
        all.addAll(settings);
        return RecipeTree.load(kind, kind.equals("pretrain") ? null : "tiny", all);
    }

    /** A bright disc on noise, or where it lies. */
    private static Volume picture(Shape3 shape, long seed, boolean label) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int x0 = random.nextInt(30, 50);
        int y0 = random.nextInt(30, 50);
        float[] values = new float[(int) shape.voxels()];
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                boolean inside = Math.hypot(x - x0, y - y0) < 15;
                float shown = random.nextInt(1, 100) + (inside ? 150 : 0);
                values[shape.index(x, y, 0)] = label ? (inside ? 255 : 0) : shown;
            }
        }
        return new Volume(shape, Affine.ofRows(-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0), values);
    }
}
