package org.voco4j.corpus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.Scans;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** Makes files up and verifies them. */
abstract class VerificationFixture {
    static final Shape3 SHAPE = new Shape3(40, 36, 32);

    @TempDir
    Path folder = Path.of("");

    static Volume volume(Shape3 shape, double mm, IntToDoubleFunction value) {
        float[] voxels = new float[(int) shape.voxels()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (float) value.applyAsDouble(i);
        }
        return new Volume(shape, Affine.scaling(Spacing.isotropic(mm)), voxels);
    }

    /** A CT without fault: noise from −1000 to 1000, in lumps of 4 cm that tell it from others. */
    static Volume ct(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] lumps = random.ints(1000, -800, 800).toArray();
        return volume(SHAPE, 4, i -> {
            int x = i / (36 * 32);
            int y = i / 32 % 36;
            int z = i % 32;
            return i == 0 ? -1000 : lumps[x / 10 * 100 + y / 10 * 10 + z / 10] + random.nextInt(-200, 200);
        });
    }

    static Volume mask() {
        return volume(SHAPE, 4, i -> i / (36 * 32) / 10 == 1 ? 1 : 0);
    }

    Path put(Volume volume, String name, Stored type) throws IOException {
        return Scans.write(volume, folder.resolve(name), type);
    }

    /** A file of two volumes of 40x36x32 voxels. */
    Path putTwoVolumes(String name) throws IOException {
        Path file = put(volume(new Shape3(40, 36, 64), 4, i -> i % 977), name, Stored.INT16);
        byte[] bytes = Files.readAllBytes(file);
        bytes[40] = 4; // dim[0]
        bytes[46] = 32; // dim[3]
        bytes[48] = 2; // dim[4]
        return Files.write(file, bytes);
    }

    Verification verify(@Nullable Path groups, Path... data) throws IOException, InterruptedException {
        List<Path> paths = data.length == 0 ? List.of(folder) : List.of(data);
        return Verification.run(paths, groups, 2, (done, files, left) -> {});
    }

    /** Every finding as "LEVEL file [file]: kind". */
    List<String> lines(Verification found) {
        List<String> lines = new ArrayList<>();
        for (Check check : found.checks()) {
            String other = check.other() == null ? "" : " " + name(check.other());
            lines.add(check.level() + " " + name(check.path()) + other + ": "
                    + check.kind().words());
        }
        return lines;
    }

    String name(Path path) {
        return folder.toAbsolutePath()
                .relativize(path.toAbsolutePath())
                .toString()
                .replace('\\', '/');
    }

    static Check only(Verification found, Kind kind) {
        List<Check> checks =
                found.checks().stream().filter(check -> check.kind() == kind).toList();
        assertThat(checks).as("%s in %s", kind, found.checks()).hasSize(1);
        return checks.get(0);
    }
}
