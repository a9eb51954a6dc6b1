package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.TestData;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat.Stored;

class DataSetTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderIsSearchedAndLabelMapsLeftOut() throws IOException {
        Scans.write(Scans.ct(1), folder.resolve("a/one.nii.gz"), Stored.INT16);
        Scans.write(Scans.ct(2), folder.resolve("b/deep/two.nii"), Stored.FLOAT32);
        Scans.write(Scans.eightBit(), folder.resolve("b/mr.nii.gz"), Stored.UINT8);
        Scans.write(Scans.ct(3), folder.resolve(".cache/hidden.nii"), Stored.INT16);
        Scans.write(Scans.ct(3), folder.resolve("a/._one.nii.gz"), Stored.INT16);
        Scans.write(Scans.blocks(), folder.resolve("a/organs.nii.gz"), Stored.FLOAT32);
        Scans.write(Scans.mask(), folder.resolve("a/liver.nii.gz"), Stored.UINT8);
        Scans.write(Scans.ct(4), folder.resolve("labelsTr/one.nii.gz"), Stored.INT16);
        Scans.write(Scans.ct(5), folder.resolve("a/one_seg.nii.gz"), Stored.INT16);
        Scans.write(Scans.ct(5), folder.resolve("a/label0001.nii.gz"), Stored.INT16);
        Scans.write(Scans.ct(5), folder.resolve("a/segment3.nii.gz"), Stored.INT16); // no such word
        DataSet data = DataSet.open(List.of(folder), null);
        assertThat(data.cases()).extracting(Case::id).containsExactly("a/one", "a/segment3", "b/deep/two", "b/mr");
        assertThat(data.cases()).allSatisfy(scan -> assertThat(scan.patient()).isEqualTo(scan.id()));
        assertThat(data.grouped()).isFalse();
        assertThat(data.declaredHeldOut()).isEmpty();
        assertThat(data.findings())
                .extracting(finding -> folder.relativize(finding.path()) + " | " + finding.message())
                .containsExactly(
                        "a/label0001.nii.gz | left out as a label map: its name holds 'label'",
                        "a/liver.nii.gz | left out as a label map: it holds only 2 different whole numbers",
                        "a/one_seg.nii.gz | left out as a label map: its name holds 'seg'",
                        "a/organs.nii.gz | left out as a label map: it holds only 6 different whole numbers",
                        "labelsTr/one.nii.gz | left out as a label map: it lies in a folder 'labelsTr'");
        assertThat(data.findings()).allMatch(finding -> finding.kind() == Finding.Kind.LABEL_MAP);
    }

    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        Scans.write(Scans.ct(1), folder.resolve("good.nii"), Stored.INT16);
        Files.writeString(folder.resolve("text.nii"), "no scan".repeat(100));
        byte[] dicom = new byte[200];
        System.arraycopy(new byte[] {'D', 'I', 'C', 'M'}, 0, dicom, 128, 4);
        Files.createDirectories(folder.resolve("series"));
        Files.write(folder.resolve("series/CT.1.2.840.1"), dicom);
        Files.write(folder.resolve("series/IM0002"), dicom);
        Files.writeString(folder.resolve("series/LICENSE"), "not an image");
        Files.writeString(folder.resolve("x.mgz"), "MGH");
        Files.writeString(folder.resolve("y.npy"), "NUMPY");
        DataSet data = DataSet.open(List.of(folder), null);
        assertThat(data.cases()).extracting(Case::id).containsExactly("good");
        assertThat(data.findings())
                .extracting(Finding::kind)
                .containsExactly(
                        Finding.Kind.UNREADABLE,
                        Finding.Kind.UNREADABLE,
                        Finding.Kind.UNREADABLE,
                        Finding.Kind.UNSUPPORTED_FORMAT,
                        Finding.Kind.UNSUPPORTED_FORMAT);
        assertThat(data.findings())
                .filteredOn(finding -> finding.kind() == Finding.Kind.UNREADABLE)
                .extracting(finding -> folder.relativize(finding.path()) + " " + finding.message())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("series/CT.1.2.840.1 left out: expected a data set"),
                        second -> assertThat(second).startsWith("series/IM0002 left out: expected a data set"),
                        third -> assertThat(third).startsWith("text.nii left out: expected a NIfTI header"));
        assertThat(data.findings())
                .extracting(Finding::message)
                .contains(
                        "left out: 1 mgz file, which voco does not read",
                        "left out: 1 npy file, which voco does not read");
    }

    @Test
    void aDecathlonListSaysWhatIsHeldOut() throws IOException {
        for (String name : List.of("imagesTr/a", "imagesTr/b", "imagesTr/c", "imagesTs/d")) {
            Scans.write(Scans.ct(name.hashCode()), folder.resolve(name + ".nii.gz"), Stored.INT16);
        }
        Path list = Files.writeString(folder.resolve("dataset.json"), """
                {"name": "x", "training": [{"image": "./imagesTr/a.nii.gz", "label": "./labelsTr/a.nii.gz"},
                 {"image": "imagesTr/b.nii.gz"}, {"image": "imagesTr/gone.nii.gz"}],
                 "validation": [{"image": "imagesTr/c.nii.gz"}], "test": ["imagesTs/d.nii.gz"]}""");
        DataSet data = DataSet.open(List.of(list), null);
        assertThat(data.cases())
                .extracting(Case::id)
                .containsExactly("imagesTr/a", "imagesTr/b", "imagesTr/c", "imagesTs/d");
        assertThat(data.declaredHeldOut()).containsExactly("imagesTr/c");
        assertThat(data.findings().get(0).message()).startsWith("1 of 5 listed scans do not exist, the first is ");
        assertThat(data.findings().get(1).kind()).isEqualTo(Finding.Kind.NOTE);
        Split<Case> split = Split.heldOut(data, 0.5, 1);
        assertThat(split.heldOut()).extracting(Case::id).containsExactly("imagesTr/c");
        // the folder beside the list adds nothing twice
        assertThat(DataSet.open(List.of(list, folder), null).cases()).hasSize(4);
        Files.writeString(list, "{\"training\": [{\"image\": [\"a\", 2]}]}");
        assertThatThrownBy(() -> DataSet.open(List.of(list), null))
                .hasMessageContaining("one image, or those of its channels, in training[0]");
        Files.writeString(list, "{\"training\": [");
        assertThatThrownBy(() -> DataSet.open(List.of(list), null))
                .hasMessage(list + ", line 1, column 15: it ends before every bracket and quote is closed");
        Files.writeString(list, "{}");
        assertThatThrownBy(() -> DataSet.open(List.of(list), null)).hasMessageContaining("found none");
    }

    @Test
    void patientsComeFromTheList() throws IOException {
        for (String name : List.of("a", "b", "p/c", "p/d")) {
            Scans.write(Scans.ct(1), folder.resolve("scans/" + name + ".nii"), Stored.INT16);
        }
        Path csv = Files.writeString(
                folder.resolve("p.csv"), "file_or_folder,patient\nscans/a.nii,\"Doe, J\"\n\nscans/p,second\n");
        DataSet data = DataSet.open(List.of(folder.resolve("scans")), csv);
        assertThat(data.grouped()).isTrue();
        assertThat(data.cases()).extracting(Case::patient).containsExactly("Doe, J", "b", "second", "second");
        assertThat(data.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.NO_PATIENT);
            assertThat(finding.message()).startsWith("1 of 4 scans are not in the patient list");
        });
        Files.writeString(csv, "file,who\n");
        assertThatThrownBy(() -> DataSet.open(List.of(folder), csv)).hasMessageContaining("found 'file,who'");
        Files.writeString(csv, "file_or_folder,patient\na.nii\n");
        assertThatThrownBy(() -> DataSet.open(List.of(folder), csv))
                .hasMessageContaining("expected 2 values in line 2, found 1 in 'a.nii'");
        Files.writeString(csv, "file_or_folder,patient\na.nii,x\na.nii,y\n");
        assertThatThrownBy(() -> DataSet.open(List.of(folder), csv)).hasMessageContaining("two patients, x and y");
    }

    @Test
    void theDigestFollowsTheDataAndNotThePlace() throws IOException {
        for (String root : List.of("one", "two")) {
            Scans.write(Scans.ct(1), folder.resolve(root + "/a.nii"), Stored.INT16);
            Scans.write(Scans.ct(2), folder.resolve(root + "/b.nii"), Stored.INT16);
        }
        String digest = DataSet.open(List.of(folder.resolve("one")), null).digest();
        assertThat(digest)
                .hasSize(64)
                .isEqualTo(DataSet.open(List.of(folder.resolve("two")), null).digest());
        Scans.write(Scans.ct(3), folder.resolve("two/b.nii"), Stored.INT16);
        assertThat(DataSet.open(List.of(folder.resolve("two")), null).digest()).isNotEqualTo(digest);
    }

    @Test
    void theContentTellsScansApartAndKnowsCopies() throws IOException {
        Path one = Scans.write(Scans.ct(1), folder.resolve("one.nii.gz"), Stored.INT16);
        Path copy = Files.copy(one, folder.resolve("copy.nii.gz"));
        Path plain = Scans.write(Scans.ct(1), folder.resolve("plain.nii"), Stored.INT16);
        Path other = Scans.write(Scans.ct(1), folder.resolve("other.nii"), Stored.INT16);
        byte[] bytes = Files.readAllBytes(other);
        bytes[bytes.length - 1]++;
        Files.write(other, bytes);
        List<Path> pairs = new ArrayList<>();
        for (byte last : new byte[] {1, 2}) { // equal headers
            Path header = folder.resolve(last + ".hdr");
            ByteBuffer bytesOfHeader = ByteBuffer.allocate(348).order(ByteOrder.LITTLE_ENDIAN);
            bytesOfHeader.putInt(0, 348).putShort(40, (short) 3).putShort(70, (short) 2);
            bytesOfHeader.putShort(42, (short) 2).putShort(44, (short) 1).putShort(46, (short) 1);
            Files.write(
                    header,
                    bytesOfHeader.put(344, new byte[] {'n', 'i', '1', 0}).array());
            Files.write(folder.resolve(last + ".img"), new byte[] {0, last});
            pairs.add(header);
        }
        assertThat(content(copy)).isEqualTo(content(one));
        assertThat(List.of(content(one), content(plain), content(other), content(pairs.get(0)), content(pairs.get(1))))
                .doesNotHaveDuplicates();
    }

    private static String content(Path file) throws IOException {
        return new Case("id", file, "patient").content();
    }

    @Test
    void argumentsMustExistAndNamesMayRepeat() throws IOException {
        assertThatThrownBy(() -> DataSet.open(List.of(folder.resolve("none")), null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("found nothing there");
        Path text = Files.writeString(folder.resolve("a.txt"), "x");
        assertThatThrownBy(() -> DataSet.open(List.of(text), null)).hasMessageContaining("another kind of file");
        Path one = Scans.write(Scans.ct(1), folder.resolve("one/a.nii"), Stored.INT16);
        Path two = Scans.write(Scans.ct(2), folder.resolve("two/a.nii"), Stored.INT16);
        assertThat(DataSet.open(List.of(one, two), null).cases())
                .extracting(Case::id)
                .containsExactly("a", "a~2");
    }

    @Test
    void ofTheRealScansExactlyTheCtsAreKept() throws IOException {
        DataSet data = DataSet.open(List.of(TestData.path("ct")), TestData.path("patients.csv"));
        assertThat(data.cases())
                .extracting(Case::id)
                .containsExactly(
                        "cc-by/acrin_flt_001_abdomen_ct",
                        "cc-by/acrin_flt_001_headneck_ct",
                        "cc-by/acrin_flt_013_ct",
                        "cc-by/acrin_flt_013_fullres_ct",
                        "cc-by/c3l_00189_ct",
                        "cc-by/cmb_crc_01068_ct",
                        "cc-by/kits_00072_18sl_ct",
                        "totalsegmentator/aorta_crop/ct_cropped",
                        "totalsegmentator/example_ct",
                        "totalsegmentator/example_dicom",
                        "totalsegmentator/pulmonary_crop/ct_cropped");
        assertThat(data.cases().stream().map(Case::patient).distinct()).hasSize(8);
        assertThat(data.findings())
                .filteredOn(f -> f.kind() == Finding.Kind.LABEL_MAP)
                .hasSize(9);
        assertThat(data.findings()).allMatch(f -> f.kind() == Finding.Kind.LABEL_MAP);
    }

    @Test
    void theContentAloneTellsTheRealLabelMaps() throws IOException {
        Nifti nifti = new Nifti();
        for (String mask : List.of("example_seg_dicom", "example_seg_full_v1_104classes", "pulmonary_crop/heart")) {
            Path file = TestData.path("ct/totalsegmentator/" + mask + ".nii.gz");
            assertThat(LabelMaps.byContent(file, nifti)).as(mask).isNotNull();
        }
        for (String scan :
                List.of("formats/nifti/CT_pitch.nii.gz", "mr/example_mr_sm.nii.gz", "ct/cc-by/c3l_00189_ct.nii.gz")) {
            assertThat(LabelMaps.byContent(TestData.path(scan), nifti)).as(scan).isNull();
        }
    }

    /** Links to a store of files by content, as git-annex and others make them. */
    @Test
    void aLinkIsOfThePatientOfItsFolder(@TempDir Path place) throws IOException {
        Path csv =
                Files.writeString(place.resolve("patients.csv"), "file_or_folder,patient\nscans/b,p2\nstore,nobody\n");
        Files.createDirectories(place.resolve("scans/b"));
        for (int i = 0; i < 2; i++) {
            Path stored = Scans.write(Scans.ct(i), place.resolve("store/" + i + ".nii.gz"), Stored.INT16);
            Files.createSymbolicLink(place.resolve("scans/b/" + i + ".nii.gz"), stored);
        }
        assertThat(DataSet.open(List.of(place.resolve("scans")), csv).cases())
                .extracting(Case::patient)
                .containsExactly("p2", "p2");
    }
}
