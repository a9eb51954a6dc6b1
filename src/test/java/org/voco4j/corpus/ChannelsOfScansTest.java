package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.TestData;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Percentiles;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.ZScore;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** Scans of several channels: listed, split, read and prepared. */
class ChannelsOfScansTest {
    private static final Shape3 SHAPE = new Shape3(24, 22, 18);
    private static final List<String> SEQUENCES = List.of("flair", "t1", "t1ce", "t2");

    @TempDir
    private Path folder;

    @Test
    void aTableLikeThatOfBratsIsSplitByPatientAndPrepared() throws IOException {
        List<String> lines = new ArrayList<>(List.of("image,image_1,image_2,image_3,label,patient"));
        for (int patient = 0; patient < 5; patient++) {
            for (int visit = 0; visit < 2; visit++) {
                String scan = "p" + patient + "/v" + visit;
                for (String sequence : SEQUENCES) {
                    head(scan + "_" + sequence + ".nii.gz", Affine.identity());
                }
                Scans.write(tumour(), folder.resolve(scan + "_seg.nii.gz"), Stored.UINT8);
                lines.add("%1$s_flair.nii.gz,%1$s_t1.nii.gz,%1$s_t1ce.nii.gz,%1$s_t2.nii.gz,%1$s_seg.nii.gz,%2$d"
                        .formatted(scan, patient));
            }
        }
        Path csv = Files.write(folder.resolve("brats.csv"), lines);
        LabelledSet data = LabelledSet.open(List.of(csv), null);
        assertThat(data.findings()).isEmpty();
        assertThat(data.cases()).hasSize(10).allMatch(scan -> scan.images().channels() == 4);
        assertThat(data.cases().get(0).content())
                .isNotEqualTo(data.cases().get(1).content());
        assertThat(data.grouped()).isTrue();
        Split<LabelledCase> split = Split.heldOut(data.cases(), data.declaredHeldOut(), 0.4, 3, data.strata());
        assertThat(split.heldOut().stream().map(LabelledCase::patient).distinct())
                .hasSize(2);
        assertThat(split.heldOut()).hasSize(4);

        LabelledCase first = data.cases().get(0);
        Channels read = first.images().read(new Nifti());
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        values.put("TC", List.of(1, 4));
        values.put("WT", List.of(1, 2, 4));
        values.put("ET", List.of(4));
        Regions regions = new Regions(values, List.of());
        Volume raw = new Nifti().read(first.label());
        Preprocessing law = new Preprocessing(null, new ZScore(true, true), 0, null);
        regions.apply(raw).forEach(region -> {
            Preprocessing.Prepared prepared = law.prepare(read, region, 1);
            assertThat(prepared.image().shape()).isEqualTo(new Shape3(18, 16, 12)); // the head
            assertThat(count(Objects.requireNonNull(prepared.labels()).classes()))
                    .isEqualTo(count(region.classes()))
                    .isPositive();
        });
        Channels prepared = law.prepare(read, null, 2).image();
        for (Volume channel : prepared.volumes()) {
            double sum = 0;
            double squares = 0;
            for (float value : channel.voxels()) {
                sum += value;
                squares += value * value;
            }
            int voxels = channel.voxels().length;
            assertThat(sum / voxels).isCloseTo(0, within(1e-5));
            assertThat(squares / voxels).isCloseTo(1, within(1e-4));
        }
        Channels small = new Preprocessing(Spacing.isotropic(2), new ZScore(true, true), 0, new Shape3(10, 9, 8))
                .prepare(read, null, 1)
                .image();
        assertThat(small.shape()).isEqualTo(new Shape3(10, 9, 8));
        assertThat(small.count()).isEqualTo(4);
    }

    @Test
    void theGeometryOfEveryChannelIsThatOfOne() throws IOException {
        Affine oblique = Affine.ofRows(-0.9, 0.1, 0, 3, 0.1, 0.9, 0, -7, 0, 0, 1.5, 2);
        Volume one = new Nifti().read(head("a.nii.gz", oblique));
        Preprocessing law = new Preprocessing(
                Spacing.isotropic(1.2), new Percentiles(0, 100, 0, 1, true, true), 0, new Shape3(16, 16, 12));
        Channels twice = law.prepare(new Channels(List.of(one, one)), null, 1).image();
        Channels once = law.prepare(Channels.of(one), null, 1).image();
        for (Volume channel : twice.volumes()) {
            assertThat(channel.voxels()).isEqualTo(once.volumes().get(0).voxels());
            assertThat(channel.affine()).isEqualTo(once.affine());
        }
        assertThat(once.volumes().get(0).voxels()).doesNotContain(Float.NaN);
    }

    @Test
    void aFourDimensionalFileGivesTheChannelsThatItsListDeclares() throws IOException {
        Path file = TestData.path("formats/nifti");
        try (var files = Files.walk(file)) {
            Path four = files.filter(path -> new Nifti().reads(path))
                    .filter(ChannelsOfScansTest::usableFourD)
                    .findFirst()
                    .orElseThrow();
            int channels = new Nifti().header(four).channels();
            Path csv = Files.writeString(
                    folder.resolve("x.csv"), "image,channels\n" + four.toAbsolutePath() + "," + channels + "\n");
            Case scan = DataSet.open(List.of(csv), null).cases().get(0);
            assertThat(scan.images().channels()).isEqualTo(channels);
            Channels read = scan.images().read(new Nifti());
            assertThat(read.count()).isEqualTo(channels);
            assertThat(read.volumes().get(1).voxels())
                    .isEqualTo(new Nifti().read(four, 1).voxels());
            Files.writeString(csv, "image,channels\n" + four.toAbsolutePath() + ",99\n");
            assertThat(DataSet.open(List.of(csv), null).findings())
                    .singleElement()
                    .extracting(Finding::message)
                    .isEqualTo("left out: its list declares 99 channels, the file holds " + channels);
        }
    }

    private static boolean usableFourD(Path file) {
        try {
            Preprocessing.requireShape(new Nifti().header(file).shape(), 3);
            return new Nifti().header(file).channels() > 1;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void channelsOnAnotherGridAndEmptyScansAreRefused() throws IOException {
        Path one = head("a.nii.gz", Affine.identity());
        Path other = head("b.nii.gz", Affine.translation(0, 0, 5));
        assertThatThrownBy(() -> new ImageFiles(List.of(one, other), 2).read(new Nifti()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(other + ": this channel lies on another grid than the image")
                .hasMessageContaining("(0.000, 0.000, 5.000)");
        assertThatThrownBy(() -> new ImageFiles(List.of(one), 2).read(new Nifti()))
                .hasMessageContaining("a file with 2 channels, as declared");
        assertThatThrownBy(() -> new ImageFiles(List.of(one, other), 3)).hasMessageContaining("each of 3 channels");
        Volume nothing = new Volume(SHAPE, Affine.identity(), new float[(int) SHAPE.voxels()]);
        Preprocessing law = new Preprocessing(null, new ZScore(true, true), 0, null);
        assertThatThrownBy(() -> law.prepare(new Channels(List.of(nothing, nothing)), null, 1))
                .hasMessageContaining("every voxel is 0.0, expected a scan");
        Volume flat = new Volume(new Shape3(5, 5, 5), Affine.identity(), new float[125]);
        assertThatThrownBy(() -> law.apply(flat)).hasMessageContaining("too small");
    }

    /** Noise in a box with 3 voxels of nothing around it. */
    private Path head(String name, Affine affine) throws IOException {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        float[] voxels = new float[(int) SHAPE.voxels()];
        for (int x = 3; x < SHAPE.x() - 3; x++) {
            for (int y = 3; y < SHAPE.y() - 3; y++) {
                for (int z = 3; z < SHAPE.z() - 3; z++) {
                    voxels[SHAPE.index(x, y, z)] = (float) random.nextDouble(50, 900);
                }
            }
        }
        return Scans.write(new Volume(SHAPE, affine, voxels), folder.resolve(name), Stored.FLOAT32);
    }

    /** Edema around a core around what enhances, as BraTS 2021 codes it. */
    private static Volume tumour() {
        float[] voxels = new float[(int) SHAPE.voxels()];
        for (int x = 6; x < 16; x++) {
            for (int y = 6; y < 14; y++) {
                voxels[SHAPE.index(x, y, 9)] = x < 10 ? 2 : x < 13 ? 1 : 4;
            }
        }
        return new Volume(SHAPE, Affine.identity(), voxels);
    }

    private static int count(byte[] mask) {
        int count = 0;
        for (byte value : mask) {
            count += value;
        }
        return count;
    }
}
