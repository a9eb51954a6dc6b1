package org.voco4j.program.scans;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Look;
import org.voco4j.run.RunLog;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

class OpenedDataTest {
    @TempDir
    private Path folder = Path.of("");

    /** Keeps every line. */
    private static final class Lines implements RunLog {
        final List<String> said = new ArrayList<>();

        @Override
        public void say(String sentence) {
            said.add(sentence);
        }

        @Override
        public void warn(String sentence) {
            said.add("warning: " + sentence);
        }

        @Override
        public void progress(int step, int steps, double loss, double cropsPerSecond, double secondsLeft) {}

        @Override
        public void looked(Look look) {}
    }

    private static PretrainRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("crop.size=4");
        return RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
    }

    /** A folder with a list that trains on 2 scans and holds out the others, one that is not there among each. */
    private Path set(String name, int scans) throws IOException {
        Path here = Files.createDirectories(folder.resolve(name));
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < scans; i++) {
            SplittableRandom random = new SplittableRandom(name.hashCode() + i);
            float[] voxels = new float[20 * 20 * 20];
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] = random.nextInt(-1000, 1000);
            }
            Shape3 shape = new Shape3(20, 20, 20);
            String file = name + (i < 10 ? "0" : "") + i + ".nii";
            new Nifti().write(new Volume(shape, Affine.scaling(Spacing.isotropic(3)), voxels), here.resolve(file));
            entries.add("{\"image\": \"" + file + "\"}");
        }
        return Files.writeString(
                here.resolve("list.json"),
                "{\"training\": [{\"image\": \"gone\"}, " + String.join(", ", entries.subList(0, 2))
                        + "], \"validation\": [{\"image\": \"gone\"}, "
                        + String.join(", ", entries.subList(2, scans)) + "]}");
    }

    @Test
    void theGateLooksAtEveryListAndTheLogStaysShort() throws IOException, InterruptedException {
        List<Path> lists = List.of(set("a", 14), set("b", 10));
        PretrainRecipe recipe = recipe("data.size=[16, 16, 16]", "gate.scans=5");
        Lines log = new Lines();
        UnlabelledScans scans = UnlabelledFiles.open(lists, null, recipe, null, log);
        assertThat(scans.training()).containsExactly("a00", "a01", "b00", "b01");
        assertThat(scans.heldOut()).extracting(HeldOutScan::name).containsExactly("a02", "a06", "a10", "b02", "b06");
        assertThat(scans.split()).isNotNull();
        if (scans.split() != null) { // all of them, whatever the gate looks at
            assertThat(scans.split().training()).hasSize(4);
            assertThat(scans.split().heldOut()).hasSize(20);
        }
        assertThat(log.said)
                .filteredOn(line -> line.startsWith("warning"))
                .allSatisfy(line -> assertThat(line).contains("2 of ", " listed scans do not exist, the first is "));
        assertThat(log.said)
                .hasSize(2 + 3 + 1 + 1)
                .contains(
                        "Training on 4, holding out 20 scans: a02, a03, a04, a05, a06, a07, a08, a09, a10, a11, a12, a13"
                                + " and 8 more");
    }

    @Test
    void nobodyMayBeHeldOut() throws IOException, InterruptedException {
        Path data = set("d", 3).resolveSibling("");
        PretrainRecipe recipe = recipe("data.size=[16, 16, 16]", "data.heldOut=0");
        Lines log = new Lines();
        UnlabelledFiles.open(List.of(data), null, recipe, null, log);
        assertThat(log.said).contains("Training on 3, holding out none");
    }

    @Test
    void scansOfWhichWindowsAreCutKeepTheirSizeButForTheGate() throws IOException, InterruptedException {
        Path data = set("d", 6).resolveSibling("");
        PretrainRecipe recipe = recipe("data.size=[16, 16, 8]", "pretext.window=random");
        UnlabelledScans scans = UnlabelledFiles.open(List.of(data), null, recipe, null, new Lines());
        assertThat(scans.source().volume(scans.training().get(0)).shape()).isEqualTo(new Shape3(20, 20, 20));
        assertThat(scans.heldOut().get(0).volume().get().shape()).isEqualTo(new Shape3(16, 16, 8));
    }

    @Test
    void aLinkWithoutTargetIsAWarning() throws IOException, InterruptedException {
        Path data = set("c", 6).resolveSibling("");
        Path link = Files.createSymbolicLink(data.resolve("c06.nii"), Path.of("../.git/annex/objects/gone.nii"));
        PretrainRecipe recipe = recipe("data.size=[16, 16, 16]");
        Lines log = new Lines();
        UnlabelledScans scans = UnlabelledFiles.open(List.of(data), null, recipe, null, log);
        assertThat(scans.training().size() + scans.heldOut().size()).isEqualTo(6);
        assertThat(log.said)
                .contains("warning: " + link
                        + ": left out: a link whose target ../.git/annex/objects/gone.nii does not exist");
    }

    @Test
    void spreadTakesAllOrEvenlyAndNeverTheSameTwice() {
        List<Integer> items = IntStream.range(0, 17).boxed().toList();
        assertThat(OpenedData.spread(items, 40)).isEqualTo(items);
        assertThat(OpenedData.spread(items, 17)).isEqualTo(items);
        assertThat(OpenedData.spread(items, 4)).containsExactly(0, 4, 8, 12);
        for (int most = 1; most < 17; most++) {
            assertThat(OpenedData.spread(items, most)).hasSize(most).doesNotHaveDuplicates();
        }
    }
}
