package org.voco4j.corpus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.voco4j.corpus.verify.Check.Kind;
import org.voco4j.volume.Box;
import org.voco4j.volume.Crop;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** Content and patients on two sides of a split or a fold. */
class LeakageTest extends VerificationFixture {
    @Test
    void contentOnTwoSidesOfAFoldIsALeak() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) {
            put(ct(i == 2 ? 0 : i), "imagesTr/s" + i + "_0000.nii", Stored.INT16);
            put(volume(SHAPE, 4, v -> v % 7 == 0 ? 1 : 0), "labelsTr/s" + i + ".nii", Stored.UINT8);
        }
        Path splits = folder.resolve("splits_final.json");
        Files.writeString(splits, """
                [{"train": ["s1", "s2"], "val": ["s0"]}, {"train": ["s0"], "val": ["s1", "s2"]}]""");
        assertThat(only(verify(null), Kind.LEAKAGE).found())
                .contains("one is held out in fold 0 of splits_final.json, where the other is trained on");
        Files.writeString(splits, """
                [{"train": ["s1"], "val": ["s0", "s2"]}, {"train": ["s0", "s2"], "val": ["s1"]}]""");
        assertThat(lines(verify(null))).noneMatch(line -> line.contains("leakage"));
        Path groups = Files.writeString(
                folder.resolve("p.csv"),
                "file_or_folder,patient\nimagesTr/s0_0000.nii,a\nimagesTr/s1_0000.nii,a\nimagesTr/s2_0000.nii,a\n");
        assertThat(only(verify(groups), Kind.LEAKAGE).found())
                .startsWith("two scans of one patient: one is held out in fold 0");
        Files.writeString(splits, """
                [{"train": ["s1", "s0"], "val": ["s0"]}]""");
        assertThat(only(verify(null), Kind.LIST).found()).isEqualTo("fold 0 has s0 in train and in val");
    }

    @Test
    void contentOnTwoSidesOfASplitIsALeak() throws IOException, InterruptedException {
        put(ct(1), "a.nii", Stored.INT16);
        put(Crop.apply(ct(1), new Box(2, 0, 0, 40, 36, 32)), "b.nii", Stored.INT16);
        put(ct(3), "c.nii", Stored.INT16);
        Path list = folder.resolve("list.json");
        Files.writeString(list, """
                {"training": ["a.nii", "c.nii", "gone.nii"], "validation": ["b.nii", "c.nii"]}""");
        Verification found = verify(null, list);
        assertThat(lines(found))
                .containsExactly("ERROR a.nii b.nii: leakage", "ERROR c.nii: leakage", "ERROR list.json: missing");
        assertThat(found.checks().get(0).found())
                .contains("whole voxel shift [2, 0, 0], overlap [38, 36, 32]: 43776 of 43776 voxels equal")
                .endsWith("one is under training, the other under validation");
        Files.writeString(list, """
                {"training": ["a.nii", "b.nii"], "validation": ["c.nii"]}""");
        assertThat(lines(verify(null, list))).containsExactly("WARNING a.nii b.nii: duplicate");
        Path second = Files.writeString(folder.resolve("second.json"), "{\"training\": [\"c.nii\"]}");
        assertThat(lines(verify(null, list, second)))
                .containsExactly("WARNING a.nii b.nii: duplicate", "WARNING c.nii: leakage");
    }

    @Test
    void patientsDecideWhatALeakIs() throws IOException, InterruptedException {
        put(ct(1), "a.nii", Stored.INT16);
        put(ct(1), "b.nii.gz", Stored.INT16);
        put(ct(3), "c.nii", Stored.INT16);
        Path csv = folder.resolve("p.csv");
        Files.writeString(csv, "file_or_folder,patient\na.nii,x\nb.nii.gz,x\nc.nii,x\n");
        assertThat(lines(verify(csv))).containsExactly("NOTE a.nii b.nii.gz: duplicate");
        Path list = Files.writeString(folder.resolve("l.json"), """
                {"training": ["a.nii", "b.nii.gz"], "validation": ["c.nii"]}""");
        assertThat(lines(verify(csv, list)))
                .containsExactly("ERROR a.nii c.nii: leakage", "NOTE a.nii b.nii.gz: duplicate");
        Files.writeString(csv, "file_or_folder,patient\na.nii,x\nb.nii.gz,y\n");
        assertThat(lines(verify(csv))).containsExactly("ERROR a.nii b.nii.gz: leakage", "WARNING p.csv: no patient");
    }

    /** As AMOS has them; channels are told by the first of them. */
    @Test
    void casesWithNumbersOfFourDigitsMayBeCopies() throws IOException, InterruptedException {
        put(ct(1), "amos_0003.nii.gz", Stored.INT16);
        put(ct(2), "amos_0005.nii.gz", Stored.INT16);
        put(ct(1), "amos_0017.nii.gz", Stored.INT16);
        assertThat(lines(verify(null))).containsExactly("WARNING amos_0003.nii.gz amos_0017.nii.gz: duplicate");
    }

    /** As the Decathlon has several sequences: in one file, and its list says how many. */
    @Test
    void channelsThatAListDeclaresAreNoFault() throws IOException, InterruptedException {
        putTwoVolumes("imagesTr/a.nii");
        put(mask(), "labelsTr/a.nii", Stored.UINT8);
        Path list = folder.resolve("dataset.json");
        String text = """
                {"modality": {"0": "T1"%s}, "labels": {"0": "background", "1": "a", "ignore": 200},
                 "training": [{"image": "./imagesTr/a.nii", "label": "./labelsTr/a.nii"}]}""";
        Files.writeString(list, String.format(text, ", \"1\": \"T2\""));
        assertThat(verify(null, list).checks()).isEmpty();
        Files.writeString(list, String.format(text, ""));
        assertThat(only(verify(null, list), Kind.DIMENSION).found()).endsWith("2 volumes");
    }
}
