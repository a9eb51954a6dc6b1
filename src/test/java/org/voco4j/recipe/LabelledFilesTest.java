package org.voco4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.engine.tensor.Device;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

/** Folds, and what fine-tuning cannot learn from yet. */
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
        List<String> all = new ArrayList<>(List.of("patch.size=[16, 16, 16]"));
        all.addAll(List.of(settings));
        FinetuneRecipe recipe = RecipeTree.load("finetune", null, all).bind(FinetuneRecipe.class);
        return LabelledFiles.open(List.of(folder), null, recipe, null, new PretrainFixture.Ears());
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
    void whatTheLossCannotLearnYetIsRefusedInWords() throws IOException, InterruptedException {
        about("{\"background\": 0, \"whole\": [1, 2, 3], \"core\": [2, 3]}", ", \"regions_class_order\": [1, 2]");
        assertThatThrownBy(this::open)
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("labels: the data declare overlapping regions, {whole=[1, 2, 3], core=[2, 3]}");
        assertThat(open("labels={edema: 1, core: [2, 3]}").classes()).containsExactly("edema", "core");
        about("{\"background\": 0, \"a\": 1, \"ignore\": 3}", "");
        assertThatThrownBy(this::open)
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("labels: the label [3] is called 'ignore'");
        assertThat(open("labels={a: 1}").classes()).containsExactly("a");
        assertThatThrownBy(() -> open("labels={whole: [1, 2], core: 2}"))
                .hasMessageContaining("the label value 2 is listed twice, for 'whole' and for 'core'");
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
        try (FinetuneTraining training = new FinetuneTraining(recipe, scans, null, Device.CPU)) {
            assertThat(training.step().get("loss")).isFinite();
            assertThat(training.step().get("loss")).isFinite();
            assertThat(training.measure(scans.heldOut(), false).cases()).hasSize(2);
        }
        PretrainRecipe before = RecipeTree.load("pretrain", null, List.of()).bind(PretrainRecipe.class);
        assertThatThrownBy(() -> FileScans.open(List.of(folder), null, before, null, new PretrainFixture.Ears()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("2 channels, and pre-training takes scans of one channel");
        Path single = Files.writeString(
                folder.resolve("one.csv"), "image,label\nimagesTr/s0_0000.nii.gz,labelsTr/s0.nii.gz\n");
        assertThatThrownBy(() ->
                        LabelledFiles.open(List.of(single, folder), null, recipe, null, new PretrainFixture.Ears()))
                .hasMessageStartingWith("the scans must all have the same number of channels, found 1 in ");
    }
}
