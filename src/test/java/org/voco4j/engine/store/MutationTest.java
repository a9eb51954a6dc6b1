package org.voco4j.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;

/** Files with bytes changed at random, the same every time: each is read or refused in words, within the law. */
class MutationTest {
    private static final int MUTANTS = 2000;

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void load() throws IOException {
        MemoryLaw.load();
    }

    private static Map<String, Object> tree() {
        Map<String, Object> state = new LinkedHashMap<>();
        for (DType type : DType.values()) {
            state.put(
                    "of" + type,
                    Tensor.of(new double[] {0, 1, 2, 3, 4, 5}, 2, 3).to(type));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("state_dict", state);
        tree.put("epoch", 7L);
        tree.put("shape", Tuple.of(96L, 96L, 1.5, true, "x"));
        tree.put("history", new ArrayList<>(List.of(1.0, 2.0, Map.of("k", 3L))));
        return tree;
    }

    private static byte[] changed(byte[] bytes, SplittableRandom random, int within) {
        byte[] changed = bytes.clone();
        for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
            changed[random.nextInt(within)] = (byte) random.nextInt(256);
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(changed, random.nextInt(changed.length)) : changed;
    }

    @Test
    void mutationsOfAnArchiveDoNoHarm() throws IOException {
        byte[] good = Archives.written(TorchFile.content(tree()));
        byte[] torch = Files.readAllBytes(WeightFileTest.reference("pt_odd_tensors.pt"));
        int refused = 0;
        for (int seed = 0; seed < MUTANTS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] from = random.nextBoolean() ? good : torch;
            Path path = Files.write(folder.resolve("mutant.pt"), changed(from, random, from.length));
            refused += MemoryLaw.attempt(path) == null ? 0 : 1;
        }
        assertThat(refused).isBetween(MUTANTS / 5, MUTANTS - 1);
    }

    @Test
    void mutationsOfAPickleWithRightChecksumsDoNoHarm() throws IOException {
        Pickler pickler = new Pickler(tree());
        int refused = 0;
        for (int seed = 0; seed < MUTANTS; seed++) {
            Archives archive =
                    Archives.of(changed(pickler.pickle(), new SplittableRandom(seed), pickler.pickle().length));
            int key = 0;
            for (DType type : DType.values()) {
                archive.with("archive/data/" + key++, new byte[6 * type.bytes()]);
            }
            refused += MemoryLaw.attempt(archive.write(folder.resolve("mutant.pt"))) == null ? 0 : 1;
        }
        assertThat(refused).isBetween(MUTANTS / 5, MUTANTS - 1);
    }

    @Test
    void mutationsOfTheLegacyFormatDoNoHarm() throws IOException {
        byte[] good = Files.readAllBytes(WeightFileTest.reference("pt_legacy.pt"));
        int refused = 0;
        for (int seed = 0; seed < MUTANTS; seed++) {
            Path path =
                    Files.write(folder.resolve("mutant.pt"), changed(good, new SplittableRandom(seed), good.length));
            refused += MemoryLaw.attempt(path) == null ? 0 : 1;
        }
        assertThat(refused).isBetween(MUTANTS / 5, MUTANTS - 1);
    }

    @Test
    void mutationsOfSafetensorsDoNoHarm() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (DType type : DType.values()) {
            tensors.put(
                    "of" + type,
                    Tensor.of(new double[] {0, 1, 2, 3, 4, 5}, 2, 3).to(type));
        }
        byte[] good = Archives.written(Safetensors.content(tensors, Map.of("kind", "test", "epoch", "7")));
        int refused = 0;
        for (int seed = 0; seed < MUTANTS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Path path = Files.write(
                    folder.resolve("mutant.safetensors"),
                    changed(good, random, random.nextBoolean() ? good.length : good.length / 2));
            refused += MemoryLaw.attempt(path) == null ? 0 : 1;
        }
        assertThat(refused).isBetween(MUTANTS / 5, MUTANTS - 1);
    }
}
