package org.voco4j.program.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.cache.DiskCache;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat;

/** Folds, regions, and voxels to ignore. */
class LabelledFilesTest {
    private static final Shape3 SHAPE = new Shape3(20, 20, 20);

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void sixScans() throws IOException {
        for (int i = 0; i < 6; i++) {
            SplittableRandom random = new SplittableRandom(i);
            float[] voxels = new float[(int) SHAPE.voxels()];
            float[] labels = new float[voxels.length];
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] = random.nextInt(-1000, 1000);
                labels[v] = v / 1000 % 4;
            }
            Affine affine = Affine.scaling(Spacing.isotropic(3));
            Files.createDirectories(folder.resolve("imagesTr"));
            Files.createDirectories(folder.resolve("labelsTr"));
            new Nifti().write(new Volume(SHAPE, affine, voxels), folder.resolve("imagesTr/s" + i + "_0000.nii.gz"));
            new Nifti().write(new Volume(SHAPE, affine, labels), folder.resolve("labelsTr/s" + i + ".nii.gz"));
        }
    }

    private LabelledScans open(String... settings) throws IOException, InterruptedException {
        return LabelledFiles.open(List.of(folder), null, recipe(settings), null, new PretrainFixture.Ears());
    }

    private static FinetuneRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(List.of("patch.size=[16, 16, 16]"));
        all.addAll(List.of(settings));
        return RecipeTree.load("finetune", null, all).bind(FinetuneRecipe.class);
    }

    /** What is said when the data are opened. */
    private PretrainFixture.Ears ears(String... settings) throws IOException, InterruptedException {
        PretrainFixture.Ears ears = new PretrainFixture.Ears();
        LabelledFiles.open(List.of(folder), null, recipe(settings), null, ears);
        return ears;
    }

    private void about(String labels, String more) throws IOException {
        Files.writeString(folder.resolve("dataset.json"), "{\"labels\": " + labels + more + "}");
    }

    @Test
    void overTheFoldsEveryScanIsHeldOutOnce() throws IOException, InterruptedException {
        about("{\"background\": 0, \"a\": 1, \"b\": 2}", "");
        List<String> held = new ArrayList<>();
        for (int fold = 0; fold < 3; fold++) {
            LabelledScans scans = open("data.fold=" + fold, "data.folds=3");
            assertThat(scans.heldOut()).hasSize(2);
            assertThat(scans.training()).hasSize(4).doesNotContainAnyElementsOf(scans.heldOut());
            held.addAll(scans.heldOut());
        }
        assertThat(held).hasSize(6).doesNotHaveDuplicates();
        assertThatThrownBy(() -> open("data.fold=3", "data.folds=3"))
                .isInstanceOf(UsageException.class)
                .hasMessage("data.fold must lie in 0…2, not 3: data.folds is 3");
        assertThatThrownBy(() -> open("data.fold=0", "data.folds=7"))
                .hasMessageContaining("2 to 6 folds of 6 patients");
    }

    @Test
    void theFoldsOfTheDataGoBefore() throws IOException, InterruptedException {
        about("{\"background\": 0, \"a\": 1}", "");
        Files.writeString(folder.resolve("splits_final.json"), """
                [{"train": ["s0", "s1", "s2", "s3", "s4"], "val": ["s5"]},
                 {"train": ["s2", "s3", "s4", "s5"], "val": ["s0", "s1"]}]""");
        assertThat(open("data.fold=0").heldOut()).containsExactly("imagesTr/s5_0000");
        assertThat(open("data.fold=1").heldOut()).containsExactly("imagesTr/s0_0000", "imagesTr/s1_0000");
        assertThatThrownBy(() -> open("data.fold=2"))
                .hasMessage("data.fold must lie in 0…1, not 2: the data declare 2 folds");
        assertThat(open().heldOut()).hasSize(2); // without a fold, a share of the patients
    }

    @Test
    void regionsAreThoseOfTheDataOrOfTheRecipe() throws IOException, InterruptedException {
        about(
                "{\"background\": 0, \"whole\": [1, 2], \"core\": [2], \"ignore\": 3}",
                ", \"regions_class_order\": [1, 2]");
        LabelledScans data = open();
        assertThat(data.classes()).containsExactly("whole", "core");
        assertThat(data.outputs()).isEqualTo(2);
        assertThat(Objects.requireNonNull(data.regions()).order()).containsExactly(1, 2);
        LabelMap labels = data.source().scan(data.training().get(0)).labels();
        assertThat(IntStream.range(0, labels.classes().length)
                        .map(labels::at)
                        .distinct()
                        .sorted())
                .containsExactly(0, 1, 2, LabelSchema.IGNORE); // in the whole alone, in both, to ignore
        LabelledScans recipe = open("regions={core: [2, 3], whole: [1, 2, 3], rim: 1}", "regionsOrder=[2, 1, 3]");
        assertThat(recipe.classes()).containsExactly("core", "whole", "rim");
        assertThat(Objects.requireNonNull(recipe.regions()).members()).hasSize(2);
        assertThat(open("labels={edema: 1, core: [2, 3]}").regions()).isNull();
        assertThatThrownBy(() -> open("labels={a: 1}", "regions={b: 2}"))
                .hasMessageContaining("name them in one of the two");
        assertThatThrownBy(() -> open("regions={b: 2}", "regionsOrder=[1, 2]"))
                .hasMessageContaining("regions: expected a value from 1 to 255 for each of the 1 regions");
        assertThatThrownBy(() -> open("regions={b: 9}"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no scan to train on has a voxel of any class, of b");
    }

    @Test
    void voxelsToIgnoreAreOfNoClass() throws IOException, InterruptedException {
        about("{\"background\": 0, \"a\": 1, \"ignore\": 3}", "");
        LabelledScans scans = open();
        assertThat(scans.classes()).containsExactly("a");
        String name = scans.training().get(0);
        LabelMap labels = scans.source().scan(name).labels();
        assertThat(labels.at(labels.shape().index(0, 0, 0))).isZero();
        assertThat(IntStream.range(0, labels.classes().length).map(labels::at).anyMatch(k -> k == LabelSchema.IGNORE))
                .isTrue();
        assertThat(scans.source().truth(name).shape()).isEqualTo(SHAPE);
        assertThat(open("labels={a: 1}").classes()).containsExactly("a");
        assertThatThrownBy(() -> open("labels={whole: [1, 2], core: 2}"))
                .hasMessageContaining("the label value 2 is listed twice, for 'whole' and for 'core'");
    }

    @Test
    void labelsThatNameNoClassesAreAWarningAndTheRecipeMayNameThem() throws IOException, InterruptedException {
        about("{\"background\": \"none\", \"a\": \"1\"}", "");
        assertThat(ears("labels={a: 1, b: 2, ignore: 3}").warnings)
                .containsExactly(
                        folder.resolve("dataset.json") + ": its labels name no classes: expected a number and a"
                                + " name, found \"background\": \"none\"");
        assertThatThrownBy(this::open)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("neither the recipe nor the data name one");
        about("{\"background\": \"0\", \"a\": \"1\", \"b\": \"2\", \"ignore\": 3.0}", "");
        assertThat(open().classes()).containsExactly("a", "b");
    }

    @Test
    void valuesThatNobodyDeclaresAreNamedWithTheirVoxels() throws IOException, InterruptedException {
        about("{\"background\": 0, \"a\": 1, \"b\": 2}", "");
        assertThat(ears().warnings)
                .filteredOn(line -> line.contains("label value"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("value 3 is declared neither", "in 6 label maps", "s0.nii.gz (2000 voxels)", "and 1 more");
        assertThat(ears("labels={a: 1}").warnings) // the data declare 2
                .filteredOn(line -> line.contains("label value"))
                .hasSize(1);
        assertThat(ears("labels={a: 1, ignore: 3}").warnings).noneMatch(line -> line.contains("label value"));
        about("{\"background\": 0, \"a\": 1, \"b\": [2, 3]}", ", \"regions_class_order\": [1, 2]");
        assertThat(ears().warnings).noneMatch(line -> line.contains("label value"));
        float[] labels = new float[(int) SHAPE.voxels()];
        Arrays.fill(labels, 0, 3000, 1);
        Arrays.fill(labels, 4000, 4302, -1);
        new Nifti()
                .write(
                        new Volume(SHAPE, Affine.scaling(Spacing.isotropic(3)), labels),
                        folder.resolve("labelsTr/s4.nii.gz"),
                        VolumeFormat.Stored.INT16);
        assertThat(ears().warnings)
                .anyMatch(line -> line.contains("value -1 is declared neither")
                        && line.contains("in 1 label map, ")
                        && line.contains("s4.nii.gz (302 voxels)"));
    }

    @Test
    void valuesThatNobodyDeclaresAreNamedWhereTheCacheHasTheScans() throws IOException, InterruptedException {
        about("{\"background\": 0, \"a\": 1, \"b\": 2}", "");
        for (int run = 0; run < 2; run++) {
            DiskCache cache = DiskCache.open(folder.resolve("cache"), 1L << 30, warning -> {});
            PretrainFixture.Ears ears = new PretrainFixture.Ears();
            LabelledFiles.open(List.of(folder), null, recipe(), cache, ears);
            assertThat(cache.found()).isEqualTo(6L * run);
            assertThat(ears.warnings).anyMatch(line -> line.contains("label value 3"));
        }
    }

    @Test
    void theCacheTellsWhatIsIgnoredFromWhatIsBackground() throws IOException, InterruptedException {
        about("{\"background\": 0, \"a\": 1, \"b\": 2}", "");
        for (String ignored : List.of("", ", ignore: 3", "")) {
            DiskCache cache = DiskCache.open(folder.resolve("cache"), 1L << 30, warning -> {});
            LabelledScans scans = LabelledFiles.open(
                    List.of(folder),
                    null,
                    recipe("labels={a: 1, b: 2" + ignored + "}"),
                    cache,
                    new PretrainFixture.Ears());
            byte[] classes =
                    scans.source().scan(scans.training().get(0)).labels().classes();
            assertThat(new String(classes, StandardCharsets.ISO_8859_1).contains("\u00ff"))
                    .isEqualTo(!ignored.isEmpty());
        }
    }

    @Test
    void aRecipeDoesNotRenameTheClassesOfTheData() throws IOException, InterruptedException {
        about("{\"background\": 0, \"right_lung\": 1, \"left_lung\": 2, \"Heart (all)\": 3}", "");
        assertThatThrownBy(() -> open("labels={spleen: 1, left_lung: 2}"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the value 1 is 'spleen' in the recipe and 'right_lung' in the data")
                .hasMessageNotContainingAny("the value 2")
                .hasMessageContaining("labelNames=rename");
        assertThatThrownBy(() -> open("labels={left lung: [1, 9]}")).hasMessageContaining("'right_lung' in the data");
        for (String same : new String[] {"Right Lung", "right-lung", "rightLung", "lung_right"}) {
            assertThat(open("labels={" + same + ": 1, heart-all: 3}").classes()).containsExactly(same, "heart-all");
        }
        assertThat(open("labels={lungs: [1, 2], other: 9}").classes()).containsExactly("lungs", "other"); // a merger
        assertThat(open("labels={spleen: 1}", "labelNames=rename").classes()).containsExactly("spleen");
        assertThat(open("labels={rlu: 1}", "labelNames=[\"rlu|R. L.|right lung\"]")
                        .classes())
                .containsExactly("rlu");
        assertThatThrownBy(() -> open("labels={rlu: 2}", "labelNames=[\"rlu|right lung\"]"))
                .hasMessageContaining("'left_lung' in the data");
        about("{\"0\": \"background\", \"1\": \"1\", \"2\": \"class_2\"}", "");
        assertThat(open("labels={spleen: 1, liver: 2}").classes()).containsExactly("spleen", "liver");
    }

    @Test
    void everyClassHasAColourOrNoneHas() throws IOException, InterruptedException {
        about("{\"background\": 0, \"a\": 1, \"b\": 2}", "");
        assertThat(open("colours=[\"#AA0010\", \"#00ff00\"]").classes()).containsExactly("a", "b");
        assertThatThrownBy(() -> open("colours=[\"#aa0010\"]"))
                .isInstanceOf(UsageException.class)
                .hasMessage("colours: expected one for each of a, b, found 1");
        assertThatThrownBy(() -> open("colours=[red, \"#00ff00\"]"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("colours must be \"#rrggbb\" for each class, not [red, #00ff00]");
    }

    @Test
    void scansOfSeveralChannelsAreLearnedFrom() throws IOException, InterruptedException {
        about("{\"background\": 0, \"a\": 1}", ", \"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}");
        for (int i = 0; i < 6; i++) {
            Files.copy(
                    folder.resolve("imagesTr/s" + i + "_0000.nii.gz"),
                    folder.resolve("imagesTr/s" + i + "_0001.nii.gz"));
        }
        String[] settings = {
            "data.intensity=zscore", "patch.size=[16, 16, 16]", "model.channels=[4, 8]", "batch.patches=2", "steps=2"
        };
        LabelledScans scans = open(settings);
        assertThat(scans.channels()).isEqualTo(2);
        assertThat(scans.source().scan(scans.training().get(0)).image().count()).isEqualTo(2);
        assertThat(scans.source().truth("imagesTr/s1_0000").shape()).isEqualTo(SHAPE);
        FinetuneRecipe recipe =
                RecipeTree.load("finetune", null, List.of(settings)).bind(FinetuneRecipe.class);
        try (SegmentationTraining training = new SegmentationTraining(recipe, scans, null, Device.CPU)) {
            assertThat(training.step().get("loss")).isFinite();
            assertThat(training.step().get("loss")).isFinite();
            assertThat(training.measure(scans.heldOut(), false).cases()).hasSize(2);
        }
        PretrainRecipe before = RecipeTree.load("pretrain", null, List.of()).bind(PretrainRecipe.class);
        assertThatThrownBy(() -> UnlabelledFiles.open(List.of(folder), null, before, null, new PretrainFixture.Ears()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("2 channels, and pre-training takes scans of one channel");
        Path single = Files.writeString(
                folder.resolve("one.csv"), "image,label\nimagesTr/s0_0000.nii.gz,labelsTr/s0.nii.gz\n");
        assertThatThrownBy(() ->
                        LabelledFiles.open(List.of(single, folder), null, recipe, null, new PretrainFixture.Ears()))
                .hasMessageStartingWith("the scans must all have the same number of channels, found 1 in ");
    }
}
