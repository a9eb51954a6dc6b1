package org.voco4j.program.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.voco4j.engine.tensor.Device;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.PretextTask;
import org.voco4j.program.classify.ClassificationTraining;
import org.voco4j.program.classify.ClassifiedFiles;
import org.voco4j.program.classify.ClassifiedScans;
import org.voco4j.program.classify.ClassifyRecipe;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat.Stored;

/**
 * Every shipped recipe of pre-training and of classification is bound, finds stand-in scans that lie as its data set does, and
 * takes its first step, with a narrower network and smaller crops; see {@link DataSetRecipesTest} for segmentation.
 */
class OtherRecipesTest {
    private static final int SCANS = 6;
    private static final String CHEST = "Image Index,Finding Labels,Follow-up #,Patient ID";

    @TempDir
    private Path folder = Path.of("");

    private static boolean isVoCo(String name) {
        return RecipeTree.load("pretrain", name, List.of())
                .bind(PretrainRecipe.class)
                .pretext()
                .chosen()
                .method()
                .name()
                .equals("voco");
    }

    static List<String> pretrain() {
        return RecipeTree.shipped("pretrain").stream()
                .filter(OtherRecipesTest::isVoCo)
                .toList();
    }

    /** Recipes of other methods at the size of a laptop; what those methods do in a step is MethodsTest's. */
    static List<String> otherMethods() {
        return RecipeTree.shipped("pretrain").stream()
                .filter(name -> name.endsWith("-tiny") && !isVoCo(name))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("otherMethods")
    void aRecipeOfAnotherMethodBuildsItsTask(String name) {
        PretrainRecipe recipe = RecipeTree.load("pretrain", name, List.of()).bind(PretrainRecipe.class);
        PretextTask task = recipe.pretext().chosen().task(recipe.setup(Device.CPU));
        assertThat(recipe.pretext().chosen().method().name()).isEqualTo(name.replace("-tiny", ""));
        assertThat(recipe.batch().volumes() * task.views()).isBetween(8, 128);
        assertThat(RecipeTree.shipped("pretrain")).contains(name.replace("-tiny", ""));
    }

    /** The same recipes at full size; a narrow Swin-UNETR, since what it is built around is the same. */
    @ParameterizedTest
    @MethodSource("otherMethods")
    void itsFullSizeBuildsItsTaskToo(String name) {
        RecipeTree tree = RecipeTree.load("pretrain", name.replace("-tiny", ""), List.of());
        boolean swin = tree.bind(PretrainRecipe.class).model().encoder() == Backbone.Name.SWIN_UNETR;
        PretrainRecipe recipe = RecipeTree.load(
                        "pretrain", name.replace("-tiny", ""), swin ? List.of("model.featureSize=12") : List.of())
                .bind(PretrainRecipe.class);
        PretextTask task = recipe.pretext().chosen().task(recipe.setup(Device.CPU));
        assertThat(task.flops()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("pretrain")
    void aPretrainingTakesItsFirstStep(String name) throws IOException, InterruptedException {
        PretrainRecipe full = RecipeTree.load("pretrain", name, List.of()).bind(PretrainRecipe.class);
        boolean flat = full.model().dims() == 2;
        boolean comparesVolumes = "tpami".equals(full.pretext().chosen().variant());
        List<String> small = new ArrayList<>(List.of(
                "data.size=" + (flat ? "[128, 128, 1]" : "[128, 128, 32]"),
                "crop.size=" + (full.model().encoder() == Backbone.Name.SWIN_UNETR ? 33 : 40),
                "model.projector.hidden=16",
                "model.projector.out=16",
                "batch.volumes=" + (comparesVolumes ? 2 : 1),
                "batch.randomCrops=1",
                "gate.scans=2",
                "data.heldOut=0.4",
                "steps=1"));
        small.add(narrow(full.model()));
        if (full.model().encoder() == Backbone.Name.SWIN_UNETR) {
            small.add("pretext.grid=[2, 1, 1]"); // 16 bases of 33³ and a look at them take half a minute
        }
        RecipeTree tree = RecipeTree.load("pretrain", name, small);
        PretrainRecipe recipe = tree.bind(PretrainRecipe.class);
        Path data = flat ? chest("pretrain.csv") : scans();
        UnlabelledScans scans = UnlabelledFiles.open(List.of(data), null, recipe, null, new PretrainFixture.Ears());
        assertThat(scans.heldOut()).hasSize(2);
        try (RunFolder run = RunFolder.open(folder.resolve("run"), tree, false)) {
            Pretrain.Outcome outcome = Pretrain.run(
                    recipe, scans, null, Resources.of(Device.CPU), run, new PretrainFixture.Ears(), () -> false);
            assertThat(outcome.steps()).isEqualTo(1);
        }
    }

    @Test
    void aClassificationOfScansTakesItsFirstStep() throws IOException, InterruptedException {
        scans();
        List<String> rows = new ArrayList<>(List.of("image,class"));
        for (int i = 0; i < SCANS; i++) {
            rows.add("p" + i + "-s" + i + ".nii.gz," + (i % 2 == 0 ? "ill" : "healthy"));
        }
        Path table = Files.write(folder.resolve("classes.csv"), rows);
        ClassifiedScans scans = step("classify-tiny", List.of(table));
        assertThat(scans.classes()).containsExactlyInAnyOrder("healthy", "ill");
    }

    @Test
    void thatOfCcCciiTakesItsFirstStep() throws IOException, InterruptedException {
        scans();
        String head = "zip_file,target,label,patient_id,scan_id,n_slice,scan_count,all_scan_ids";
        String[] names = {"NCP", "CP", "Normal"};
        List<String> training = new ArrayList<>(List.of(head));
        List<String> heldOut = new ArrayList<>(List.of(head));
        for (int i = 0; i < SCANS; i++) {
            (i < 4 ? training : heldOut)
                    .add("x.zip," + i % 3 + "," + names[i % 3] + "," + i + "," + i + ",32,1,\"[" + i + "]\"");
        }
        Path first = Files.write(folder.resolve("CC_CCII_fold0_train.csv"), training);
        Path second = Files.write(folder.resolve("CC_CCII_fold0_valid.csv"), heldOut);
        ClassifiedScans scans =
                step("cc-ccii", List.of(first, second), "data.size=[64, 64, 32]", "input.size=[64, 64, 32]");
        assertThat(scans.classes()).containsExactlyInAnyOrder("NCP", "CP", "Normal");
        assertThat(scans.training()).hasSize(4);
        assertThat(scans.heldOut()).hasSize(2);
    }

    @Test
    void thatOfChestXray14TakesItsFirstStep() throws IOException, InterruptedException {
        ClassifiedScans scans =
                step("chestx-ray14", List.of(chest("finetune.csv")), "data.size=[64, 64, 1]", "data.heldOut=0.4");
        assertThat(scans.exclusive()).isFalse();
        assertThat(scans.classes()).hasSize(14);
    }

    @Test
    void everyClassificationHasAStandIn() {
        assertThat(RecipeTree.shipped("classify"))
                .containsExactlyInAnyOrder("classify-tiny", "cc-ccii", "chestx-ray14");
    }

    private static ClassifiedScans step(String name, List<Path> data, String... settings)
            throws IOException, InterruptedException {
        List<String> small = new ArrayList<>(List.of(settings));
        small.add("batch.scans=2");
        small.add("loader.workers=1");
        ClassifyRecipe full = RecipeTree.load("classify", name, List.of()).bind(ClassifyRecipe.class);
        small.add(narrow(full.model()));
        ClassifyRecipe recipe = RecipeTree.load("classify", name, small).bind(ClassifyRecipe.class);
        ClassifiedScans scans = ClassifiedFiles.open(data, null, recipe, null, new PretrainFixture.Ears());
        try (ClassificationTraining training = new ClassificationTraining(recipe, scans, null, Device.CPU)) {
            assertThat(training.step().get("loss")).isFinite().isPositive();
        }
        return scans;
    }

    private static String narrow(Backbone backbone) {
        return switch (backbone.encoder()) {
            case SWIN_UNETR -> "model.featureSize=12";
            case UNET_3D -> "model.featureSize=8";
            default -> "model.channels=[4, 8, 8, 8]";
        };
    }

    /** Scans of patients, named as those of CC-CCII. */
    private Path scans() throws IOException {
        for (int i = 0; i < SCANS; i++) {
            Volume scan = noise(new Shape3(40, 36, 34), i);
            Formats.any().write(scan, folder.resolve("p" + i + "-s" + i + ".nii.gz"), Stored.INT16);
        }
        return folder;
    }

    /** Radiographs under a table as the data set has it. */
    private Path chest(String table) throws IOException {
        Path images = Files.createDirectories(folder.resolve("images_001/images"));
        List<String> rows = new ArrayList<>(List.of(CHEST));
        String[] findings = {
            "Atelectasis|Cardiomegaly|Effusion|Infiltration|Mass|Nodule|Pneumonia",
            "Pneumothorax|Consolidation|Edema|Emphysema|Fibrosis|Pleural_Thickening|Hernia",
            "No Finding"
        };
        for (int i = 0; i < SCANS; i++) {
            String name = "0000000" + i + "_000.png";
            Formats.any(2).write(noise(new Shape3(60, 50, 1), i), images.resolve(name), Stored.UINT8);
            rows.add(name + "," + findings[i % 3] + ",0," + i);
        }
        return Files.write(folder.resolve(table), rows);
    }

    private static Volume noise(Shape3 shape, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] voxels = new float[(int) shape.voxels()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = random.nextInt(0, 200);
        }
        return new Volume(shape, Affine.identity(), voxels);
    }
}
