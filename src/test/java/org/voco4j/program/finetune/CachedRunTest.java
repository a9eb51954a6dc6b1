package org.voco4j.program.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.cache.DiskCache;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

/** With the cache and without a run ends in the same bits. */
class CachedRunTest {
    private static final int SCANS = 5;
    private static final int STEPS = 20;

    @TempDir
    private Path folder = Path.of("");

    private final PretrainFixture.Ears lines = new PretrainFixture.Ears();

    private static int threads;

    @BeforeAll
    static void oneThread() { // many small operations: on a busy machine several threads mostly wait for each other
        threads = Engine.threads();
        Engine.threads(1);
    }

    @AfterAll
    static void asBefore() {
        Engine.threads(threads);
    }

    @BeforeEach
    void makeScans() throws IOException, InterruptedException {
        LabelledScans made = Balls.scans(SCANS, 0);
        for (String name : made.training()) {
            LabelledVolume scan = made.source().scan(name);
            Files.createDirectories(folder.resolve("data/labels"));
            Volume hounsfield = scan.image()
                    .single()
                    .withVoxels(scan.image().single().voxels().clone());
            for (int i = 0; i < hounsfield.voxels().length; i++) {
                hounsfield.voxels()[i] = 425 * hounsfield.voxels()[i] - 200;
            }
            new Nifti().write(hounsfield, folder.resolve("data/" + name + ".nii.gz"));
            new Nifti()
                    .write(
                            scan.labels().toVolume(),
                            folder.resolve("data/labels/" + name + ".nii.gz"),
                            Nifti.Stored.UINT8);
        }
    }

    /** Runs from data in a folder into a folder of its own; what is kept in memory is in MiB. */
    private interface Run {
        void into(String name, @Nullable DiskCache cache, int memory) throws IOException, InterruptedException;
    }

    private static RecipeTree tree(String kind, List<String> settings, int memory) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of("steps=" + STEPS, "data.cache=" + memory));
        return RecipeTree.load(kind, kind.equals("pretrain") ? null : "tiny", all);
    }

    private void pretrain(String name, @Nullable DiskCache cache, int memory) throws IOException, InterruptedException {
        RecipeTree tree = tree("pretrain", PretrainFixture.SMALL, memory);
        PretrainRecipe recipe = tree.bind(PretrainRecipe.class);
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, false)) {
            UnlabelledScans scans = UnlabelledFiles.open(List.of(folder.resolve("data")), null, recipe, cache, lines);
            Pretrain.run(recipe, scans, null, Resources.of(Device.CPU), run, lines, () -> false);
        }
    }

    private void finetune(String name, @Nullable DiskCache cache, int memory) throws IOException, InterruptedException {
        List<String> small = List.of(
                "data.size=null",
                "data.spacing=1.3",
                "patch.size=[8, 8, 8]",
                "model.channels=[4, 8, 8]",
                "checkpoint.every=10",
                "validation.every=10",
                "labels={ball: 1, box: 2}");
        RecipeTree tree = tree("finetune", small, memory);
        FinetuneRecipe recipe = tree.bind(FinetuneRecipe.class);
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, false)) {
            LabelledScans scans = LabelledFiles.open(List.of(folder.resolve("data")), null, recipe, cache, lines);
            Finetune.run(recipe, scans, null, Device.CPU, run, lines, () -> false);
        }
    }

    @Test
    void preTrainingIsTheSameBitForBit() throws IOException, InterruptedException {
        assertSame(this::pretrain, "model.safetensors");
    }

    @Test
    void fineTuningIsTheSameBitForBit() throws IOException, InterruptedException {
        assertSame(this::finetune, "model.safetensors", "summary.json");
    }

    private void assertSame(Run run, String... results) throws IOException, InterruptedException {
        run.into("without", null, 2048);
        assertThat(lines.said("Cache")).isEmpty();
        Path cache = folder.resolve("cache");
        DiskCache cold = DiskCache.open(cache, 1 << 30, lines::warn);
        run.into("cold", cold, 0);
        DiskCache warm = DiskCache.open(cache, 1 << 30, lines::warn);
        run.into("warm", warm, 0);
        DiskCache small = DiskCache.open(folder.resolve("small-cache"), warm.usedBytes() / 2, line -> {});
        run.into("small", small, 0);
        for (String name : List.of("cold", "warm", "small")) {
            for (String result : results) {
                assertThat(folder.resolve(name).resolve(result))
                        .as(name + ": " + result)
                        .hasSameBinaryContentAs(folder.resolve("without").resolve(result));
            }
        }
        assertThat(cold.made()).isEqualTo(SCANS);
        assertThat(warm.made()).isZero();
        assertThat(warm.found()).as("read in training, not only before").isGreaterThan(SCANS + STEPS / 2);
        assertThat(small.made()).isGreaterThan(SCANS);
        assertThat(lines.said("Cache")).hasSize(3);
        assertThat(lines.said("Cache").get(0)).startsWith("Cache: 0 of 5 scans were there; it holds ");
        assertThat(lines.said("Cache").get(1))
                .startsWith("Cache: 5 of 5 scans were there; it holds ")
                .endsWith(" of at most 1,024 MiB in " + cache.toRealPath());
        assertThat(lines.warnings).isEmpty();
    }
}
