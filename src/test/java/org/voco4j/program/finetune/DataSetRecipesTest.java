package org.voco4j.program.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.voco4j.engine.tensor.Device;
import org.voco4j.network.Backbone;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every shipped recipe is bound, finds stand-in scans that lie as its data set does, with its channels and classes, and takes
 * its first step, with a narrower network and smaller patches.
 */
class DataSetRecipesTest {
    private static final Shape3 SHAPE = new Shape3(44, 40, 36);
    private static final int SCANS = 5;

    @TempDir
    private Path folder = Path.of("");

    /** How a data set lies on disk. */
    private enum Layout {
        /** A Decathlon list that names images and labels, four to train on and one under validation. */
        LIST,
        /** The Decathlon's own: a list without a validation part, several channels in one 4-D file. */
        DECATHLON,
        /** nnU-Net's raw folders. */
        NNUNET,
        /** A table with a file for each channel. */
        TABLE,
        /** A folder, the label maps in labels/. */
        FOLDER
    }

    /**
     * The stand-in of a recipe's data.
     *
     * @param image the name of a scan's image below its folder
     * @param label the name of its label map
     */
    private record StandIn(String recipe, Layout layout, String data, int channels, String image, String label) {}

    static Stream<StandIn> standIns() {
        Stream<StandIn> named = Stream.of(
                new StandIn("tiny", Layout.FOLDER, "scans", 1, "t%d.nii.gz", "labels/t%d.nii.gz"),
                new StandIn("small", Layout.FOLDER, "scans", 1, "t%d.nii.gz", "labels/t%d.nii.gz"),
                new StandIn("one-scan", Layout.FOLDER, "scans", 1, "t%d.nii.gz", "labels/t%d.nii.gz"),
                new StandIn(
                        "btcv",
                        Layout.LIST,
                        "BTCV/btcv.json",
                        1,
                        "imagesTr/img000%d.nii.gz",
                        "labelsTr/label000%d.nii.gz"),
                new StandIn("lits", Layout.FOLDER, "LiTS", 1, "volume-%d.nii", "labels/volume-%d.nii"),
                new StandIn(
                        "mmwhs",
                        Layout.FOLDER,
                        "MM-WHS",
                        1,
                        "ct_train_100%d_image.nii.gz",
                        "labels/ct_train_100%d_label.nii.gz"),
                new StandIn(
                        "mmwhs-official",
                        Layout.LIST,
                        "MM-WHS/mmwhs_finetune.json",
                        1,
                        "images/ct_train_100%d_image.nii.gz",
                        "labels/ct_train_100%d_label.nii.gz"),
                new StandIn(
                        "brats-msd",
                        Layout.DECATHLON,
                        "Task01_BrainTumour/dataset.json",
                        4,
                        "imagesTr/BRATS_00%d.nii",
                        "labelsTr/BRATS_00%d.nii"),
                new StandIn(
                        "brats21",
                        Layout.TABLE,
                        "BraTS21/brats.csv",
                        4,
                        "BraTS2021_0000%1$d/BraTS2021_0000%1$d_flair.nii.gz",
                        "BraTS2021_0000%1$d/BraTS2021_0000%1$d_seg.nii.gz"),
                new StandIn(
                        "amos22",
                        Layout.LIST,
                        "AMOS22/amos_ct_finetune.json",
                        1,
                        "imagesTr/amos_000%d.nii.gz",
                        "labelsTr/amos_000%d.nii.gz"),
                new StandIn(
                        "flare23",
                        Layout.NNUNET,
                        "FLARE23",
                        1,
                        "imagesTr/FLARE23_000%d_0000.nii.gz",
                        "labelsTr/FLARE23_000%d.nii.gz"));
        Map<String, Integer> tasks = new LinkedHashMap<>();
        tasks.put("msd01-braintumour", 4);
        tasks.put("msd02-heart", 1);
        tasks.put("msd03-liver", 1);
        tasks.put("msd04-hippocampus", 1);
        tasks.put("msd05-prostate", 2);
        tasks.put("msd06-lung", 1);
        tasks.put("msd07-pancreas", 1);
        tasks.put("msd08-hepaticvessel", 1);
        tasks.put("msd09-spleen", 1);
        tasks.put("msd10-colon", 1);
        return Stream.concat(
                named,
                tasks.entrySet().stream()
                        .map(task -> new StandIn(
                                task.getKey(),
                                Layout.DECATHLON,
                                "Task/dataset.json",
                                task.getValue(),
                                "imagesTr/scan_%d.nii",
                                "labelsTr/scan_%d.nii")));
    }

    @Test
    void everyRecipeHasAStandIn() {
        assertThat(standIns().map(StandIn::recipe)).containsExactlyInAnyOrderElementsOf(RecipeTree.shipped("finetune"));
    }

    @ParameterizedTest
    @MethodSource("standIns")
    void aRecipeTakesItsFirstStep(StandIn standIn) throws IOException, InterruptedException {
        FinetuneRecipe full =
                RecipeTree.load("finetune", standIn.recipe, List.of()).bind(FinetuneRecipe.class);
        boolean swin = full.model().encoder() == Backbone.Name.SWIN_UNETR;
        List<String> small = new ArrayList<>(List.of("patch.size=[64, 64, 32]", "batch.patches=1"));
        small.add(swin ? "model.featureSize=12" : "model.channels=[4, 8, 8]");
        FinetuneRecipe recipe =
                RecipeTree.load("finetune", standIn.recipe, small).bind(FinetuneRecipe.class);
        Path data = write(standIn, recipe);

        LabelledScans scans = LabelledFiles.open(List.of(data), null, recipe, null, new PretrainFixture.Ears());
        assertThat(scans.training().size() + scans.heldOut().size()).isEqualTo(SCANS);
        assertThat(scans.channels()).isEqualTo(standIn.channels);
        Map<String, List<Integer>> classes = recipe.regions().isEmpty() ? recipe.labels() : recipe.regions();
        assertThat(scans.classes())
                .hasSize(classes.isEmpty() ? 1 : classes.size())
                .containsAll(classes.keySet());
        try (SegmentationTraining training = new SegmentationTraining(recipe, scans, null, Device.CPU)) {
            assertThat(training.step().get("loss")).isFinite().isPositive();
        }
    }

    private Path write(StandIn standIn, FinetuneRecipe recipe) throws IOException {
        Path data = folder.resolve(standIn.data);
        Path root = standIn.layout == Layout.FOLDER || standIn.layout == Layout.NNUNET ? data : data.resolveSibling("");
        TreeSet<Integer> values = new TreeSet<>();
        recipe.labels().values().forEach(values::addAll);
        recipe.regions().values().forEach(values::addAll);
        if (values.isEmpty()) {
            values.add(1);
        }
        Spacing spacing = recipe.data().spacing() == null
                ? Spacing.isotropic(1.5)
                : recipe.data().spacing();
        List<String> table = new ArrayList<>(List.of("image,image_1,image_2,image_3,label,patient"));
        List<Map<String, String>> pairs = new ArrayList<>();
        for (int i = 1; i <= SCANS; i++) {
            String image = standIn.image.formatted(i);
            String label = standIn.label.formatted(i);
            pairs.add(Map.of("image", image, "label", label));
            if (standIn.layout == Layout.TABLE) {
                List<String> files = Stream.of("flair", "t1", "t1ce", "t2")
                        .map(sequence -> image.replace("flair", sequence))
                        .toList();
                for (int c = 0; c < files.size(); c++) {
                    put(scan(spacing, 10 * i + c), root.resolve(files.get(c)), VolumeFormat.Stored.INT16);
                }
                table.add(String.join(",", files) + "," + label + ",p" + i);
            } else {
                write(spacing, i, standIn.channels, root.resolve(image));
            }
            put(labels(spacing, new ArrayList<>(values)), root.resolve(label), VolumeFormat.Stored.INT16);
        }
        switch (standIn.layout) {
            case TABLE -> Files.write(data, table);
            case LIST ->
                list(data, 1, names(recipe, values), pairs.subList(0, SCANS - 1), pairs.subList(SCANS - 1, SCANS));
            case DECATHLON -> list(data, standIn.channels, names(recipe, values), pairs, List.of());
            case NNUNET -> Files.writeString(data.resolve("dataset.json"), """
                        {"channel_names": {"0": "CT"}, "labels": {"background": 0}, "numTraining": 5, "file_ending": ".nii.gz"}""");
            case FOLDER -> {
                if (recipe.labels().isEmpty()) {
                    Files.writeString(
                            data.resolve("dataset.json"), "{\"labels\": {\"0\": \"background\", \"1\": \"one\"}}");
                }
            }
        }
        return data;
    }

    /** What the data call values: as the recipe does, in another spelling, or as it says that they do. */
    private static Map<String, String> names(FinetuneRecipe recipe, SortedSet<Integer> values) {
        Map<String, String> labels = new LinkedHashMap<>(Map.of("0", "background"));
        values.forEach(value -> labels.put(Integer.toString(value), "their name of " + value));
        List<String> others = Objects.requireNonNullElse(recipe.labelNames(), List.of());
        recipe.labels().forEach((name, raw) -> {
            String other = others.stream()
                    .filter(group -> group.startsWith(name + "|"))
                    .map(group -> group.substring(name.length() + 1).replaceFirst("\\|.*", ""))
                    .findFirst()
                    .orElse(name.replace('_', ' ').toUpperCase(Locale.ROOT));
            raw.forEach(value -> labels.put(Integer.toString(value), other));
        });
        return labels;
    }

    private static void list(
            Path file,
            int channels,
            Map<String, String> labels,
            List<Map<String, String>> training,
            List<Map<String, String>> validation)
            throws IOException {
        Map<String, Object> list = new LinkedHashMap<>();
        Map<String, String> modality = new LinkedHashMap<>();
        for (int c = 0; c < channels; c++) {
            modality.put(Integer.toString(c), "sequence " + c);
        }
        list.put("modality", modality);
        list.put("labels", labels);
        list.put("training", training);
        if (!validation.isEmpty()) {
            list.put("validation", validation);
        }
        Files.writeString(file, JsonMapper.shared().writeValueAsString(list));
    }

    private static void put(Volume volume, Path file, VolumeFormat.Stored type) throws IOException {
        Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
        new Nifti().write(volume, file, type);
    }

    /** One file, 4-D if there are several channels: the first volume's header with another number of axes. */
    private static void write(Spacing spacing, int seed, int channels, Path file) throws IOException {
        put(scan(spacing, 10 * seed), file, VolumeFormat.Stored.INT16);
        if (channels == 1) {
            return;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] first = Files.readAllBytes(file);
        ByteBuffer.wrap(first)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(40, (short) 4)
                .putShort(48, (short) channels);
        out.writeBytes(first);
        int header = first.length - 2 * (int) SHAPE.voxels();
        for (int c = 1; c < channels; c++) {
            put(scan(spacing, 10 * seed + c), file, VolumeFormat.Stored.INT16);
            byte[] next = Files.readAllBytes(file);
            out.write(next, header, next.length - header);
        }
        Files.write(file, out.toByteArray());
    }

    /** Noise around 50 with nothing at the border. */
    private static Volume scan(Spacing spacing, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] voxels = new float[(int) SHAPE.voxels()];
        for (int x = 2; x < SHAPE.x() - 2; x++) {
            for (int y = 2; y < SHAPE.y() - 2; y++) {
                for (int z = 2; z < SHAPE.z() - 2; z++) {
                    voxels[SHAPE.index(x, y, z)] = random.nextInt(1, 100);
                }
            }
        }
        return new Volume(SHAPE, Affine.scaling(spacing), voxels);
    }

    /** A slab of every value, one after the other. */
    private static Volume labels(Spacing spacing, List<Integer> values) {
        float[] voxels = new float[(int) SHAPE.voxels()];
        for (int i = 0; i < voxels.length; i++) {
            int slab = i / (SHAPE.y() * SHAPE.z()) - 4;
            voxels[i] = slab >= 0 && slab < 36 ? values.get(slab * values.size() / 36) : 0;
        }
        return new Volume(SHAPE, Affine.scaling(spacing), voxels);
    }
}
