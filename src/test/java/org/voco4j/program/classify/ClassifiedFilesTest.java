package org.voco4j.program.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.TestData;
import org.voco4j.downstream.classify.Classifier;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.predict.PredictClasses;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunFolder;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** From tables on disk to a run and to predictions: CTs, and radiographs, which are images of one slice. */
class ClassifiedFilesTest {
    private static final List<String> FLAT = List.of(
            "model.dims=2",
            "data.window=[0, 255]",
            "data.size=[48, 40, 1]",
            "input.size=[40, 40, 1]",
            "input.jitter=[4, 0, 0]",
            "model.channels=[4, 8, 8]",
            "batch.scans=2",
            "steps=2",
            "validation.every=1");

    private static int threads;

    @TempDir
    private Path folder = Path.of("");

    private final PretrainFixture.Ears ears = new PretrainFixture.Ears();

    @BeforeAll
    static void oneThread() {
        threads = Engine.threads();
        Engine.threads(1);
    }

    @AfterAll
    static void asBefore() {
        Engine.threads(threads);
    }

    private static ClassifyRecipe recipe(String... settings) {
        return RecipeTree.load("classify", null, List.of(settings)).bind(ClassifyRecipe.class);
    }

    private ClassifiedScans open(ClassifyRecipe recipe, Path... tables) throws IOException, InterruptedException {
        return ClassifiedFiles.open(List.of(tables), null, recipe, null, ears);
    }

    private Path scans(int count) throws IOException {
        List<String> rows = new ArrayList<>(List.of("image,class,patient"));
        for (int i = 0; i < count; i++) {
            String name = "s" + i + ".nii.gz";
            Formats.any().write(ClassifiedBalls.scan(i), folder.resolve(name), Stored.FLOAT32);
            rows.add(name + "," + (i / 2 % 4 == 0 ? "rare" : "usual") + ",p" + i / 2);
        }
        return Files.write(folder.resolve("table.csv"), rows);
    }

    @Test
    void everyFoldHoldsOutWholePatientsAndTheSameShareOfEachClass() throws IOException, InterruptedException {
        Path table = scans(32);
        Set<String> seen = new HashSet<>();
        for (int fold = 0; fold < 4; fold++) {
            ClassifiedScans scans = open(
                    recipe("data.size=[16, 16, 16]", "data.window=[0, 1]", "data.folds=4", "data.fold=" + fold), table);
            assertThat(scans.heldOut()).hasSize(8);
            assertThat(scans.heldOut().stream().filter(name -> scans.is(name, 0)))
                    .as("rare")
                    .hasSize(2);
            for (String name : scans.heldOut()) {
                int i = Integer.parseInt(name.substring(1));
                assertThat(scans.heldOut()).contains("s" + (i ^ 1)); // the patient's other scan
                assertThat(seen.add(name)).isTrue();
            }
        }
        assertThat(seen).hasSize(32);
    }

    @Test
    void oneClassAloneIsNothingToTellApart() throws IOException {
        Path table = scans(2);
        assertThatThrownBy(() -> open(recipe("data.size=[16, 16, 16]"), table))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("expected at least 2 classes to tell from each other, found [rare]");
    }

    @Test
    void radiographsOfChestXray14AreClassifiedInTwoDimensions() throws IOException, InterruptedException {
        List<String> rows =
                new ArrayList<>(List.of("Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient"
                        + " Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],"));
        Path images = Files.createDirectories(folder.resolve("images_001/images"));
        String[] findings = {"No Finding", "Mass", "Mass|Nodule", "Nodule"};
        for (int i = 0; i < 8; i++) {
            String name = i + "_000.png";
            Formats.any(2).write(picture(i), images.resolve(name), Stored.UINT8);
            rows.add(name + "," + findings[i % 4] + ",0," + i + ",57,M,PA,2682,2749,0.143,0.143,");
        }
        Path table = Files.write(folder.resolve("Data_Entry_2017.csv"), rows);
        Files.writeString(folder.resolve("test_list.txt"), "7_000.png\n");
        ClassifiedScans scans = twoSteps(table);
        assertThat(scans.classes()).containsExactly("Mass", "Nodule");
        assertThat(scans.exclusive()).isFalse();
        assertThat(scans.truth()).hasSize(7);
        try (Classifier classifier = PredictClasses.load(List.of(folder.resolve("run")), Device.CPU)) {
            Path out = folder.resolve("out.csv");
            PredictClasses.Outcome outcome = PredictClasses.run(classifier, List.of(images), out, ears, () -> false);
            assertThat(outcome.failed()).isEmpty();
            assertThat(Files.readAllLines(out)).hasSize(9).first().isEqualTo("case,class,Mass,Nodule");
            assertThat(PredictClasses.run(classifier, List.of(images), folder.resolve("no.csv"), ears, () -> true)
                            .stopped())
                    .isTrue();
            assertThat(folder.resolve("no.csv")).doesNotExist();
        }
    }

    @Test
    void realRadiographsAreClassifiedInTwoDimensions() throws IOException, InterruptedException {
        String[] names = {"00000001_000.png", "00000002_000.png", "00000013_003.png"};
        List<String> rows = new ArrayList<>(List.of("image,class,patient,split"));
        for (int i = 0; i < names.length; i++) {
            Path picture = TestData.path("xray").resolve(names[i]).toAbsolutePath();
            rows.add(picture + "," + (i == 1 ? "healthy" : "ill") + "," + i + "," + (i == 2 ? "val" : "train"));
        }
        ClassifiedScans scans = twoSteps(Files.write(folder.resolve("xray.csv"), rows));
        assertThat(scans.training()).hasSize(2);
        assertThat(scans.source().scan(scans.heldOut().get(0)).shape()).isEqualTo(new Shape3(48, 40, 1));
    }

    /** Two steps from the weights of an encoder of 2 axes. */
    private ClassifiedScans twoSteps(Path table) throws IOException, InterruptedException {
        RecipeTree tree = RecipeTree.load("classify", null, FLAT);
        ClassifyRecipe recipe = tree.bind(ClassifyRecipe.class);
        ClassifiedScans scans = open(recipe, table);
        try (RunFolder run = RunFolder.open(folder.resolve("run"), tree, false);
                Scope scope = Scope.open()) {
            Map<String, Tensor> encoder = new LinkedHashMap<>(
                    recipe.model().encode(1, recipe.crop().size().edges()).stateDict());
            PretrainedWeights weights =
                    new PretrainedWeights(encoder, recipe.model().facts(), "digest");
            try (ClassificationTraining training = new ClassificationTraining(recipe, scans, weights, Device.CPU)) {
                Finetune.Outcome<ClassificationScores> outcome =
                        Finetune.run(training, weights, run, ears, () -> false);
                assertThat(Objects.requireNonNull(outcome.transferred()).loaded())
                        .hasSameSizeAs(encoder.keySet());
                assertThat(Objects.requireNonNull(outcome.report()).cases()).hasSameSizeAs(scans.heldOut());
            }
        }
        assertThat(Files.readAllLines(folder.resolve("run/metrics.jsonl"))).hasSize(2);
        return scans;
    }

    private static Volume picture(int seed) {
        Shape3 shape = new Shape3(64, 56 + seed, 1); // of several sizes
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) shape.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(1, 100) + (i % 7 == seed ? 150 : 0);
        }
        return new Volume(shape, Affine.ofRows(-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0), values);
    }
}
