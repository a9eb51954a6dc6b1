package org.voco4j.corpus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.corpus.verify.Check.Level;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** Made-up files with one fault each. */
class VerificationTest extends VerificationFixture {
    @Test
    void soundDataHaveNoFinding() throws IOException, InterruptedException {
        put(ct(1), "one_ct.nii.gz", Stored.INT16);
        put(mask(), "one_seg.nii.gz", Stored.UINT8);
        put(ct(2), "b/scan.nii", Stored.INT16);
        List<String> heard = new ArrayList<>();
        Verification found =
                Verification.run(List.of(folder), null, 1, (done, files, left) -> heard.add(done + " of " + files));
        assertThat(found.checks()).isEmpty();
        assertThat(found.read()).isEqualTo("2 images and 1 label map");
        assertThat(heard).containsExactly("1 of 3", "2 of 3", "3 of 3");
    }

    @Test
    void whatCannotBeReadDoesNotStopTheOthers() throws IOException, InterruptedException {
        Path whole = put(ct(1), "whole.nii.gz", Stored.INT16);
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(folder.resolve("cut.nii.gz"), Arrays.copyOf(bytes, bytes.length / 2));
        byte[] flipped = bytes.clone();
        flipped[flipped.length - 6] ^= 1; // in the checksum
        Files.write(folder.resolve("flipped.nii.gz"), flipped);
        Path plain = put(ct(1), "plain.nii", Stored.INT16);
        Files.write(plain, Arrays.copyOf(Files.readAllBytes(plain), 5000));
        Files.createFile(folder.resolve("empty.nii"));
        Files.writeString(folder.resolve("text.nii"), "no scan".repeat(100));
        Files.writeString(folder.resolve("x.mgz"), "MGH");
        put(volume(new Shape3(40, 40, 1), 1, i -> i % 977), "flat.nii", Stored.INT16);
        put(volume(new Shape3(40, 40, 9), 1, i -> i % 977), "few.nii", Stored.INT16);
        put(volume(new Shape3(40, 9, 9), 1, i -> i % 977), "tiny.nii", Stored.INT16);
        Verification found = verify(null);
        assertThat(lines(found))
                .containsExactly(
                        "ERROR cut.nii.gz: truncated",
                        "ERROR empty.nii: unreadable",
                        "ERROR flat.nii: dimension",
                        "ERROR flipped.nii.gz: truncated",
                        "ERROR plain.nii: truncated",
                        "ERROR text.nii: unreadable",
                        "ERROR tiny.nii: few slices",
                        "WARNING : format",
                        "WARNING few.nii: few slices");
        assertThat(found.checks().get(1).found()).startsWith("a file of 0 bytes; ");
        assertThat(found.checks().get(4).expected()).startsWith("92512 bytes (40x36x32 int16)");
        assertThat(found.checks().get(4).found()).isEqualTo("5000 bytes");
        assertThat(found.checks().get(8).found()).isEqualTo("shape [40, 40, 9]: 9 along axis 2");
    }

    @Test
    void headersThatContradictThemselvesAreFound() throws IOException, InterruptedException {
        put(ct(1), "a/sound.nii", Stored.INT16);
        patch(put(ct(2), "b/pixdim.nii", Stored.INT16), bytes -> {
            bytes.putShort(252, (short) 0); // qform_code, where the quaternion says something
            bytes.putFloat(80, 0.75f).putFloat(256, 0).putFloat(260, 1).putFloat(264, 0);
        });
        patch(
                put(ct(3), "c/nothing.nii", Stored.INT16),
                bytes -> bytes.putShort(252, (short) 0)
                        .putFloat(256, 0)
                        .putFloat(260, 0)
                        .putFloat(264, 0));
        patch(put(ct(4), "d/micro.nii", Stored.INT16), bytes -> bytes.put(123, (byte) 3));
        patch(put(ct(5), "e/elsewhere.nii", Stored.INT16), bytes -> bytes.putFloat(268, 40));
        Affine tilted = Affine.ofRows(4, 0, 0, 0, 0, 4, 1.456, 0, 0, 0, 4, 0); // 20 degrees
        double c = 4 * Math.cos(Math.toRadians(10));
        double s = 4 * Math.sin(Math.toRadians(10));
        Affine turned = Affine.ofRows(c, -s, 0, 0, s, c, 0, 0, 0, 0, 4, 0);
        put(new Volume(SHAPE, tilted, ct(6).voxels()), "f/tilted.nii", Stored.INT16);
        put(new Volume(SHAPE, turned, ct(7).voxels()), "g/turned.nii", Stored.INT16);
        Verification found = verify(null);
        assertThat(lines(found))
                .containsExactly(
                        "WARNING b/pixdim.nii: orientation",
                        "WARNING d/micro.nii: spacing",
                        "WARNING e/elsewhere.nii: orientation",
                        "NOTE f/tilted.nii: obliquity",
                        "NOTE g/turned.nii: obliquity");
        assertThat(found.checks().get(0).expected()).contains("orientation RAS, 4x4x4 mm from (0.0, 0.0, 0.0)");
        assertThat(found.checks().get(0).found()).contains("orientation LAI, 0.75x4x4 mm");
        assertThat(found.checks().get(1).found()).isEqualTo("micrometres (xyzt_units 3)");
        assertThat(found.checks().get(2).found()).contains("from (40.0, 0.0, 0.0)");
        assertThat(found.checks().get(3).found())
                .isEqualTo("axes turned by up to 20.0 degrees, tilted by 20.0 degrees from right angles"
                        + " (a gantry's tilt)");
        assertThat(found.checks().get(4).found()).isEqualTo("axes turned by up to 10.0 degrees");
    }

    private static void patch(Path file, Consumer<ByteBuffer> change) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        Files.write(file, bytes);
    }

    @Test
    void valuesThatNoScanHasAreFound() throws IOException, InterruptedException {
        Volume scan = ct(1);
        Volume damaged = scan.withVoxels(scan.voxels().clone());
        damaged.voxels()[5] = Float.NaN;
        damaged.voxels()[77] = Float.POSITIVE_INFINITY;
        put(damaged, "ct_nan.nii", Stored.FLOAT32);
        put(volume(SHAPE, 4, i -> -1024), "ct_even.nii", Stored.INT16);
        put(volume(SHAPE, 4, i -> i % 4096), "ct_offset.nii", Stored.INT16);
        put(volume(SHAPE, 4, i -> i == 0 ? -3024 : ct2(i)), "ct_padded.nii", Stored.INT16);
        put(volume(SHAPE, 4, i -> i == 0 ? -1e6 : ct2(7 * i + 5)), "ct_scaled.nii", Stored.FLOAT32);
        put(volume(SHAPE, 4, i -> i % 977), "t1_mr.nii", Stored.INT16);
        Volume thick = ct(7);
        put(new Volume(SHAPE, Affine.scaling(new Spacing(0.05, 1, 1)), thick.voxels()), "ct_fine.nii", Stored.INT16);
        Volume far = ct(8);
        put(new Volume(SHAPE, Affine.scaling(new Spacing(1, 1, 90)), far.voxels()), "ct_far.nii", Stored.INT16);
        Verification found = verify(null);
        assertThat(lines(found))
                .containsExactly(
                        "ERROR ct_even.nii: constant",
                        "ERROR ct_nan.nii: non-finite values",
                        "WARNING ct_far.nii: spacing",
                        "WARNING ct_fine.nii: spacing",
                        "WARNING ct_offset.nii: intensity range",
                        "WARNING ct_scaled.nii: intensity range",
                        "NOTE ct_padded.nii: unusual intensity range");
        assertThat(only(found, Kind.NON_FINITE_VALUES).found()).isEqualTo("2 of 46080 voxels are NaN or infinite");
        assertThat(only(found, Kind.CONSTANT).found()).isEqualTo("every voxel is -1024");
        assertThat(found.checks().get(2).found()).isEqualTo("spacing [1.0, 1.0, 90.0] mm, 2880 mm along axis 2");
        assertThat(found.checks().get(4).found()).isEqualTo("int16, 0 to 4095: not Hounsfield units");
        assertThat(found.checks().get(4).fix()).startsWith("subtract 1024");
    }

    private static double ct2(int i) {
        return i * 31 % 1777 - 1000;
    }

    @Test
    void amongCtsAnImageWithoutAirIsSuspect() throws IOException, InterruptedException {
        put(ct(1), "a.nii", Stored.INT16);
        put(ct(2), "b.nii", Stored.INT16);
        put(volume(SHAPE, 4, i -> i % 977), "c.nii", Stored.INT16);
        assertThat(lines(verify(null))).containsExactly("WARNING c.nii: intensity range");
        Files.delete(folder.resolve("b.nii"));
        assertThat(verify(null).checks()).isEmpty(); // one of two is not most
    }

    @Test
    void labelsThatAreNoneAreFound() throws IOException, InterruptedException {
        put(ct(1), "scan.nii", Stored.INT16);
        put(volume(SHAPE, 4, i -> 0), "empty_mask.nii", Stored.UINT8);
        put(volume(SHAPE, 4, i -> 2), "full_mask.nii", Stored.UINT8);
        put(volume(SHAPE, 4, i -> i == 37 ? 0.5 : i == 1300 ? 1.5 : 0), "smooth_mask.nii", Stored.FLOAT32);
        put(volume(SHAPE, 4, i -> Math.floorDiv(i, 1200)), "real_mask.nii", Stored.FLOAT32);
        put(volume(SHAPE, 4, i -> i == 37 ? -1 : Math.floorDiv(i, 2000)), "minus_mask.nii", Stored.INT16);
        Verification found = verify(null);
        assertThat(lines(found))
                .containsExactly(
                        "ERROR smooth_mask.nii: label values",
                        "WARNING empty_mask.nii: empty mask",
                        "WARNING full_mask.nii: constant",
                        "WARNING minus_mask.nii: unexpected class",
                        "NOTE real_mask.nii: label data type");
        assertThat(found.checks().get(0).found())
                .isEqualTo("2 of 46080 voxels are not, the first is 0.5 at voxel (0, 1, 5); it is taken for a label"
                        + " map, since its name holds 'mask'");
        assertThat(found.checks().get(4).found()).isEqualTo("float32, 39 distinct values, all whole: true");
    }

    @Test
    void classesAreComparedWithThoseDeclared() throws IOException, InterruptedException {
        put(ct(1), "imagesTr/a_0000.nii", Stored.INT16);
        put(ct(2), "imagesTr/b_0000.nii", Stored.INT16);
        put(ct(3), "imagesTr/c_0000.nii", Stored.INT16);
        put(mask(), "labelsTr/a.nii", Stored.UINT8);
        put(volume(SHAPE, 4, i -> i < 11 ? 7 : i < 2000 ? 1 : 0), "labelsTr/b.nii", Stored.UINT8);
        put(mask(), "labelsTr/d_x.nii", Stored.UINT8);
        Path list = folder.resolve("dataset.json");
        Files.writeString(list, "{\"labels\": {\"background\": 0, \"liver\": 1, \"spleen\": 2}}");
        Verification found = verify(null);
        assertThat(lines(found))
                .containsExactly(
                        "ERROR labelsTr/d_x.nii: no image",
                        "WARNING dataset.json: missing class",
                        "WARNING imagesTr/c_0000.nii: no label",
                        "WARNING labelsTr/b.nii: unexpected class");
        assertThat(only(found, Kind.UNEXPECTED_CLASS).found()).isEqualTo("label = voxels: {7=11}");
        assertThat(only(found, Kind.MISSING_CLASS).found()).isEqualTo("no voxel in any of 3 label maps of {2=spleen}");
        Files.writeString(list, "{\"labels\": {\"tumour\": 3}}");
        assertThat(only(verify(null), Kind.MISSING_CLASS).level()).isEqualTo(Level.ERROR);
        Files.writeString(list, "{\"labels\": {\"whole\": [1, 2, 3], \"core\": [2, 3]}}");
        assertThat(only(verify(null), Kind.MISSING_CLASS).found())
                .isEqualTo("no voxel in any of 3 label maps of {2=whole+core, 3=whole+core}");
        Files.writeString(list, "{\"labels\": {\"whole\": \"one\"}}");
        assertThat(only(verify(null), Kind.LIST).level()).isEqualTo(Level.NOTE);
        Files.writeString(list, "{\"labels\": {\"background\": \"0\", \"liver\": \"1\", \"lung\": \"7\"}}");
        assertThat(lines(verify(null)))
                .containsExactly("ERROR labelsTr/d_x.nii: no image", "WARNING imagesTr/c_0000.nii: no label");
    }

    @Test
    void theWordThatMadeAFileALabelMapIsSaidWithWhatIsOddAboutIt() throws IOException, InterruptedException {
        put(ct(1), "plain.nii", Stored.INT16);
        put(ct(2), "ct_with_label.nii", Stored.INT16);
        put(volume(SHAPE, 4, i -> i % 700), "mr_gt.nii", Stored.INT16);
        put(volume(SHAPE, 4, i -> i / 9000 - 1), "odd_seg.nii", Stored.INT16);
        put(mask(), "plain_seg.nii", Stored.UINT8);
        Path lone = folder.resolve("alone");
        put(mask(), "alone/x_mask.nii", Stored.UINT8);
        Verification found = verify(null);
        assertThat(lines(found))
                .contains(
                        "ERROR ct_with_label.nii: label values",
                        "ERROR mr_gt.nii: label values",
                        "WARNING odd_seg.nii: unexpected class")
                .noneMatch(line -> line.contains("plain_seg"));
        assertThat(found.checks().get(0).found())
                .matches("\\d+ different values, -1000 to \\d+; it is taken for a label map, since its name holds"
                        + " 'label'");
        assertThat(found.checks().get(1).found())
                .isEqualTo("700 different values, 0 to 699; it is taken for a label map, since its name holds 'gt'");
        assertThat(only(found, Kind.UNEXPECTED_CLASS).found())
                .endsWith("; it is taken for a label map, since its name holds 'seg'");
        assertThat(only(verify(null, lone), Kind.NO_IMAGE).found())
                .endsWith("; it is taken for a label map, since its name holds 'mask'");
    }

    @Test
    void filesOfOneNameAndLinksWithoutTargetAreNamed() throws IOException, InterruptedException {
        put(ct(1), "x.nii", Stored.INT16);
        put(ct(2), "x.nii.gz", Stored.INT16);
        Files.createSymbolicLink(folder.resolve("y.nii"), Path.of("../.git/annex/objects/gone.nii"));
        Verification found = verify(null);
        assertThat(lines(found)).containsExactly("ERROR y.nii: unreadable", "WARNING x.nii: same name");
        assertThat(only(found, Kind.UNREADABLE).found())
                .isEqualTo("a link whose target ../.git/annex/objects/gone.nii does not exist");
        assertThat(only(found, Kind.SAME_NAME).found())
                .isEqualTo("2 that differ by their ending: " + folder.resolve("x.nii") + ", "
                        + folder.resolve("x.nii.gz"));
    }

    @Test
    void theKeysTrainAndValAreReadAndNamed() throws IOException, InterruptedException {
        put(ct(1), "a.nii", Stored.INT16);
        put(ct(2), "b.nii", Stored.INT16);
        Path list = Files.writeString(folder.resolve("dataset.json"), """
                {"train": [{"image": "a.nii"}], "val": [{"image": "b.nii"}, {"image": "a.nii"}]}""");
        Verification found = verify(null, list);
        assertThat(found.checks())
                .filteredOn(check -> check.kind() == Kind.LIST)
                .extracting(check -> check.level() + " " + name(check.path()) + ": " + check.found())
                .containsExactly(
                        "NOTE dataset.json: its key 'train' is read as training",
                        "NOTE dataset.json: its key 'val' is read as validation");
        assertThat(only(found, Kind.LEAKAGE).found()).startsWith("named under training and under validation");
    }

    @Test
    void labelMapsOnOtherGridsAreFoundWithTheAmounts() throws IOException, InterruptedException {
        put(ct(1), "scan.nii", Stored.INT16);
        put(Crop.apply(mask(), new Box(3, 0, 1, 40, 36, 32)), "a_mask.nii", Stored.UINT8);
        put(Orient.to(mask(), "LPS"), "b_mask.nii", Stored.UINT8);
        Volume other = new Volume(SHAPE, Affine.scaling(new Spacing(4, 4, 5)), mask().voxels());
        put(other, "c_mask.nii", Stored.UINT8);
        Volume moved = new Volume(SHAPE, Affine.translation(0, 1.5, 0).times(mask().affine()), mask().voxels());
        put(moved, "d_mask.nii", Stored.UINT8);
        Verification found = verify(null);
        assertThat(lines(found))
                .containsExactly(
                        "ERROR a_mask.nii: geometry",
                        "ERROR c_mask.nii: geometry",
                        "ERROR d_mask.nii: geometry",
                        "NOTE b_mask.nii: orientation");
        Check cut = found.checks().get(0);
        assertThat(cut.expected()).isEqualTo("shape [40, 36, 32], origin [0.0, 0.0, 0.0] of the image scan.nii");
        assertThat(cut.found())
                .isEqualTo("shape [37, 36, 31], origin [12.0, 0.0, 4.0], differs by [12.0, 0.0, 4.0] mm");
        assertThat(cut.fix()).contains("whole voxel shift [-3, 0, -1]: cut and pad");
        assertThat(found.checks().get(1).found()).contains("spacing [4.0, 4.0, 5.0] mm");
        assertThat(found.checks().get(2).found()).endsWith("differs by [0.0, 1.5, 0.0] mm");
    }

    @Test
    void anImageThatIsALabelMapAndFourDimensionsAreFound() throws IOException, InterruptedException {
        put(mask(), "imagesTr/a.nii", Stored.UINT8);
        put(mask(), "labelsTr/a.nii", Stored.UINT8);
        assertThat(lines(verify(null))).containsExactly("WARNING imagesTr/a.nii: label as image");
        Path file = putTwoVolumes("imagesTr/a.nii");
        byte[] bytes = Files.readAllBytes(file);
        Check found = only(verify(null), Kind.DIMENSION);
        assertThat(found.found()).isEqualTo("4-D [40, 36, 32, 2], 2 volumes");
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        only(verify(null), Kind.TRUNCATED); // in the second volume
    }

    @ParameterizedTest
    @CsvSource({"copy.nii.gz, the same bytes", "plain.nii, the same voxels", "turned.nii, other order or direction"})
    void copiesAreFound(String name, String how) throws IOException, InterruptedException {
        Path one = put(ct(1), "a.nii.gz", Stored.INT16);
        put(ct(2), "b.nii.gz", Stored.INT16);
        if (name.startsWith("copy")) {
            Files.copy(one, folder.resolve(name));
        } else {
            put(name.startsWith("plain") ? ct(1) : Orient.to(ct(1), "LSA"), name, Stored.FLOAT32);
        }
        Check found = only(verify(null), Kind.DUPLICATE);
        assertThat(found.level()).isEqualTo(Level.WARNING);
        assertThat(found.found()).contains(how);
        assertThat(List.of(name(found.path()), name(Objects.requireNonNull(found.other()))))
                .containsExactly("a.nii.gz", name);
    }

    @Test
    void channelsOfACaseAreNoCopies() throws IOException, InterruptedException {
        put(ct(1), "a_0000.nii.gz", Stored.INT16);
        put(ct(1), "a_0001.nii.gz", Stored.INT16);
        assertThat(verify(null).checks()).isEmpty();
    }

    @Test
    void channelsOfACaseAreAllThereAndOnOneGrid() throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            put(ct(i), "imagesTr/s" + i + "_0000.nii", Stored.INT16);
            put(mask(), "labelsTr/s" + i + ".nii", Stored.UINT8);
        }
        put(volume(SHAPE, 4.5, i -> ct2(i)), "imagesTr/s0_0001.nii", Stored.INT16);
        Files.writeString(
                folder.resolve("dataset.json"),
                "{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"a\": 1}}");
        Verification found = verify(null);
        assertThat(only(found, Kind.GEOMETRY).path()).isEqualTo(folder.resolve("imagesTr/s0_0001.nii"));
        assertThat(only(found, Kind.GEOMETRY).expected()).endsWith("of the image s0_0000.nii");
        assertThat(only(found, Kind.MISSING).expected()).isEqualTo("2 channels, as dataset.json names");
        assertThat(only(found, Kind.MISSING).found()).isEqualTo("1: " + folder.resolve("imagesTr/s1_0000.nii"));
    }

    @Test
    void severalOrientationsAreNoted() throws IOException, InterruptedException {
        put(ct(1), "a.nii", Stored.INT16);
        put(ct(2), "b.nii", Stored.INT16);
        put(Orient.to(ct(3), "LPS"), "c.nii", Stored.INT16);
        Check found = only(verify(null), Kind.ORIENTATION);
        assertThat(found.path()).isEqualTo(folder);
        assertThat(found.found()).contains("1 LPS (" + folder.resolve("c.nii") + "), 2 RAS");
    }

    @Test
    void oneLabelMapForTwoImagesIsFound() throws IOException, InterruptedException {
        put(ct(1), "a.nii", Stored.INT16);
        put(ct(2), "b.nii", Stored.INT16);
        put(mask(), "labels/a.nii", Stored.UINT8);
        put(mask(), "labels/b.nii.gz", Stored.UINT8);
        assertThat(lines(verify(null))).containsExactly("WARNING labels/a.nii labels/b.nii.gz: duplicate");
    }

    @Test
    void aLabelMapWithoutAnImageIsFound() throws IOException, InterruptedException {
        Path only = put(mask(), "deep/liver_mask.nii", Stored.UINT8);
        assertThat(lines(verify(null))).containsExactly("WARNING deep/liver_mask.nii: no image");
        assertThat(lines(verify(null, only))).containsExactly("WARNING deep/liver_mask.nii: no image");
    }

    @Test
    void whatCannotBeVerifiedIsRefused() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "x");
        assertThatThrownBy(() -> verify(null)).hasMessageContaining("there is no scan to verify in ");
        assertThatThrownBy(() -> verify(null, folder.resolve("gone"))).hasMessageContaining("found nothing there");
        assertThatThrownBy(() -> verify(null, folder.resolve("notes.txt")))
                .hasMessageContaining("another kind of file");
        Path list = Files.writeString(folder.resolve("l.json"), "{}");
        assertThatThrownBy(() -> verify(null, list)).hasMessageContaining("found none");
    }
}
