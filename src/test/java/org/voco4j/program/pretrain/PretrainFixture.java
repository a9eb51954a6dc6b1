package org.voco4j.program.pretrain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.engine.tensor.Device;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Look;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small runs on made-up scans. */
public abstract class PretrainFixture {
    static final Shape3 SIZE = new Shape3(32, 32, 16);
    public static final List<String> SMALL = List.of(
            "data.size=[32, 32, 16]",
            "crop.size=8",
            "model.channels=[4, 8]",
            "model.projector.hidden=16",
            "model.projector.out=16",
            "batch.randomCrops=3",
            "checkpoint.every=4",
            "gate.every=6",
            "steps=12");

    @TempDir
    public Path folder = Path.of("");

    public final Ears ears = new Ears();

    /** Patients held out; of fewer than two there are no looks, which of large encoders take longer than the steps. */
    public int patients = 3;

    /** Keeps what a run says. */
    public static final class Ears implements RunLog {
        public final List<String> said = new ArrayList<>();
        public final List<String> warnings = new ArrayList<>();
        final List<Integer> gates = new ArrayList<>();

        @Override
        public void say(String sentence) {
            said.add(sentence);
        }

        /** The sentences that begin with a word. */
        public List<String> said(String word) {
            return said.stream().filter(sentence -> sentence.startsWith(word)).toList();
        }

        @Override
        public void warn(String sentence) {
            warnings.add(sentence);
        }

        @Override
        public void progress(int step, int steps, double loss, double cropsPerSecond, double secondsLeft) {}

        @Override
        public void looked(Look look) {
            if (look.kind().equals("gate")) {
                gates.add(look.step());
            }
        }
    }

    static Volume volume(long seed) {
        float[] values = new float[(int) SIZE.voxels()];
        SplittableRandom random = new SplittableRandom(seed);
        for (int x = 0; x < SIZE.x(); x++) {
            for (int y = 0; y < SIZE.y(); y++) {
                for (int z = 0; z < SIZE.z(); z++) {
                    double smooth = 0.5 + 0.3 * Math.sin(x * 0.3 + seed) * Math.cos(y * 0.2);
                    values[SIZE.index(x, y, z)] = (float) Math.min(1, Math.max(0, smooth + 0.1 * random.nextDouble()));
                }
            }
        }
        return new Volume(SIZE, Affine.identity(), values);
    }

    static UnlabelledScans scans() {
        return scans(3);
    }

    static UnlabelledScans scans(int patients) {
        List<HeldOutScan> heldOut = new ArrayList<>();
        for (int i = 0; i < patients; i++) {
            long seed = 100L + i;
            heldOut.add(new HeldOutScan("held-" + i, "held-" + i, () -> volume(seed)));
        }
        return new UnlabelledScans(
                List.of("0", "1", "2", "3", "4"), heldOut, id -> volume(Integer.parseInt(id)), "made up");
    }

    public Pretrain.Outcome run(String name, boolean resume, BooleanSupplier stop, String... settings)
            throws IOException, InterruptedException {
        return run(name, null, resume, stop, settings);
    }

    public Pretrain.Outcome run(
            String name, @Nullable PretrainedWeights init, boolean resume, BooleanSupplier stop, String... settings)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(SMALL);
        all.addAll(List.of(settings));
        RecipeTree tree = RecipeTree.load("pretrain", null, all);
        try (RunFolder run = RunFolder.open(folder.resolve(name), tree, resume)) {
            return Pretrain.run(
                    tree.bind(PretrainRecipe.class), scans(patients), init, Resources.of(Device.CPU), run, ears, stop);
        }
    }

    public byte[] model(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name).resolve("model.safetensors"));
    }

    public List<Integer> steps(String name) throws IOException {
        return metrics(name).stream().map(line -> line.path("step").asInt()).toList();
    }

    public List<JsonNode> metrics(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    /** Stops after so many steps. */
    public static BooleanSupplier after(int steps) {
        AtomicInteger taken = new AtomicInteger();
        return () -> taken.incrementAndGet() >= steps;
    }
}
