package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.verify.Check;
import org.voco4j.corpus.verify.Verification;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** nnU-Net's raw layout, read and written. */
class NnunetRawTest {
    @TempDir
    private Path folder;

    @Test
    void filesOfOneNameAreTheChannelsThatTheDataSetNames() throws IOException {
        for (String name : List.of("a_0000", "a_0001", "b_0000", "c_0000", "c_0001", "c_0002")) {
            image("imagesTr/" + name + ".nii.gz");
        }
        image("imagesTs/t_0000.nii.gz");
        image("imagesTs/t_0001.nii.gz");
        for (String name : List.of("a", "b", "c", "d")) {
            label("labelsTr/" + name + ".nii.gz");
        }
        Path about = write("dataset.json", """
                {"channel_names": {"0": "T2", "1": "ADC"}, "labels": {"background": 0, "gland": 1},
                 "numTraining": 3, "file_ending": ".nii.gz"}""");
        LabelledSet data = LabelledSet.open(List.of(folder), null);
        assertThat(data.cases()).extracting(LabelledCase::id).containsExactly("imagesTr/a_0000", "imagesTr/c_0000");
        assertThat(data.cases().get(1).images().files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("c_0000.nii.gz", "c_0001.nii.gz");
        assertThat(data.findings())
                .extracting(finding -> finding.path().getFileName() + " | " + finding.message())
                .containsExactly(
                        "b_0000.nii.gz | left out: of the 2 channels of this scan _0001 is missing",
                        "b.nii.gz | left out: no image of this name lies in imagesTr",
                        "d.nii.gz | left out: no image of this name lies in imagesTr",
                        "c_0002.nii.gz | left out: dataset.json names 2 channels, up to _0001");
        for (Path argument : List.of(folder, about)) {
            DataSet scans = DataSet.open(List.of(argument), null);
            assertThat(scans.cases())
                    .extracting(Case::id)
                    .containsExactly("imagesTr/a_0000", "imagesTr/c_0000", "imagesTs/t_0000");
            assertThat(scans.cases()).allMatch(scan -> scan.images().channels() == 2);
        }
    }

    @Test
    void theListOfItsFirstVersionNamesScansWhoseFilesAreNumbered() throws IOException {
        StringBuilder scans = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            image("imagesTr/case_%03d_0000.nii.gz".formatted(i));
            label("labelsTr/case_%03d.nii.gz".formatted(i));
            scans.append(i == 0 ? "" : ", ").append("""
                    {"image": "./imagesTr/case_%1$03d.nii.gz", "label": "./labelsTr/case_%1$03d.nii.gz"}""".formatted(i));
        }
        Path list = write("dataset.json", """
                {"name": "x", "modality": {"0": "CT"}, "labels": {"0": "background", "1": "left", "2": "right"},
                 "numTraining": 4, "numTest": 0, "training": [%s], "test": []}""".formatted(scans));
        LabelledSet listed = LabelledSet.open(List.of(list), null);
        LabelledSet found = LabelledSet.open(List.of(folder), null);
        assertThat(listed.cases()).hasSize(4);
        assertThat(listed.cases())
                .extracting(scan -> scan.id() + " " + scan.image() + " " + scan.label())
                .containsExactlyElementsOf(found.cases().stream()
                        .map(scan -> scan.id() + " " + scan.image() + " " + scan.label())
                        .toList());
        assertThat(listed.labels()).isEqualTo(found.labels());
        assertThat(listed.findings()).isEmpty();
        assertThat(DataSet.open(List.of(list), null).cases()).hasSize(4);
    }

    @Test
    void itsSplitsAreTheFoldsOfTheData() throws IOException {
        for (String name : List.of("a", "b", "c", "d")) {
            image("imagesTr/" + name + "_0000.nii.gz");
            label("labelsTr/" + name + ".nii.gz");
        }
        Path splits = write("splits_final.json", """
                [{"train": ["a", "b", "gone"], "val": ["c", "d"]}, {"train": ["c"], "val": ["a", "b"]}]""");
        LabelledSet data = LabelledSet.open(List.of(folder), null);
        assertThat(data.folds())
                .containsExactly(
                        Set.of("imagesTr/c_0000", "imagesTr/d_0000"), Set.of("imagesTr/a_0000", "imagesTr/b_0000"));
        assertThat(data.findings())
                .extracting(Finding::message)
                .containsExactlyInAnyOrder(
                        "1 scans are in neither part of its fold 1 and are trained on",
                        "1 of the scans that its folds name are not here");
        write("splits_final.json", "[{\"train\": [\"a\"], \"val\": [\"b\", \"a\"]}]");
        assertThatThrownBy(() -> LabelledSet.open(List.of(folder), null))
                .isInstanceOf(IOException.class)
                .hasMessage(splits + ": fold 0 has a in train and in val");
        write("splits_final.json", "[{\"train\": [\"a\"]}]");
        assertThatThrownBy(() -> LabelledSet.open(List.of(folder), null))
                .hasMessageStartingWith(splits + ": expected an array of folds with names in train and val, found {");
    }

    /** As AMOS has them: not channels, and the label maps are called the same. */
    @Test
    void numbersOfFourDigitsMayBeACases() throws IOException {
        for (int i = 1; i < 5; i++) {
            image("imagesTr/amos_000" + i + ".nii.gz");
            label("labelsTr/amos_000" + i + ".nii.gz");
        }
        write("splits_final.json", """
                [{"train": ["amos_0001", "amos_0002"], "val": ["amos_0003", "amos_0004"]}]""");
        assertThat(LabelledSet.open(List.of(folder), null).folds())
                .containsExactly(Set.of("imagesTr/amos_0003", "imagesTr/amos_0004"));
    }

    @Test
    void aSitesImageIsNotPairedWithAnothersLabels() throws IOException {
        image("imagesTr/siteA/scan_001.nii.gz");
        label("labelsTr/siteA/scan_001.nii.gz");
        image("imagesTr/siteB/scan_001.nii.gz"); // nobody has labelled it yet
        label("labelsTr/siteB/scan_002.nii.gz");
        image("imagesTr/siteB/scan_002.nii.gz");
        LabelledSet data = LabelledSet.open(List.of(folder), null);
        assertThat(data.cases())
                .extracting(LabelledCase::id)
                .containsExactly("imagesTr/siteA/scan_001", "imagesTr/siteB/scan_002");
    }

    @Test
    void scansOfOneNameInSeveralFoldersAreToldApartByThem() throws IOException, InterruptedException {
        for (String name : List.of("p1/ct", "p2/ct", "p3/other")) {
            image("imagesTr/" + name + "_0000.nii.gz");
            label("labelsTr/" + name + ".nii.gz");
        }
        Path splits = write("splits_final.json", """
                [{"train": ["p2/ct", "other"], "val": ["p1/ct"]}, {"train": ["p1/ct"], "val": ["p3/other", "p2/ct"]}]""");
        assertThat(LabelledSet.open(List.of(folder), null).folds())
                .containsExactly(
                        Set.of("imagesTr/p1/ct_0000"), Set.of("imagesTr/p2/ct_0000", "imagesTr/p3/other_0000"));
        assertThat(Verification.run(List.of(folder), null, 1, (done, files, left) -> {})
                        .checks())
                .filteredOn(check -> check.kind() == Check.Kind.LIST || check.kind() == Check.Kind.GEOMETRY)
                .isEmpty();
        write("splits_final.json", "[{\"train\": [\"other\"], \"val\": [\"ct\"]}]");
        assertThatThrownBy(() -> LabelledSet.open(List.of(folder), null))
                .isInstanceOf(IOException.class)
                .hasMessage(splits + ": fold 0 names ct, which could be p1/ct or p2/ct");
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        StringBuilder csv = new StringBuilder("image,image_1,label,patient,split\n");
        for (int i = 0; i < 4; i++) {
            image("in/" + i + "/ct.nii.gz");
            image("in/" + i + "/pet.nii");
            label("in/" + i + "/seg.nii.gz");
            csv.append("in/%1$d/ct.nii.gz,in/%1$d/pet.nii,in/%1$d/seg.nii.gz,p%2$d,%2$d\n".formatted(i, i / 2));
        }
        LabelledSet data = LabelledSet.open(List.of(write("list.csv", csv.toString())), null);
        Map<String, List<Integer>> classes = new LinkedHashMap<>();
        classes.put("organs", List.of(5, 2));
        classes.put("vessel", List.of(3));
        classes.put("ignore", List.of(4));
        LabelSchema schema = LabelSchema.of(classes, new TreeMap<>());
        List<Split<LabelledCase>> folds = Split.folds(data.cases(), 2, 1, data.strata());
        Path out = folder.resolve("Dataset001_Test");
        NnunetRaw.write(data.cases(), schema, List.of("CT", "PET"), folds, out);

        LabelledSet back = LabelledSet.open(List.of(out), null);
        assertThat(back.findings()).isEmpty();
        assertThat(back.labels())
                .containsExactly(entry(0, "background"), entry(1, "organs"), entry(2, "vessel"), entry(3, "ignore"));
        assertThat(back.cases())
                .extracting(LabelledCase::id)
                .containsExactly("imagesTr/ct-2_0000", "imagesTr/ct-3_0000", "imagesTr/ct-4_0000", "imagesTr/ct_0000");
        assertThat(back.folds()).hasSize(2).allMatch(fold -> fold.size() == 2);
        Nifti nifti = new Nifti();
        LabelSchema own = LabelSchema.of(Map.of(), back.labels());
        LabelledCase first = back.cases().get(3);
        LabelledCase source = data.cases().get(0);
        assertThat(own.apply(nifti.read(first.label())).classes())
                .isEqualTo(schema.apply(nifti.read(source.label())).classes());
        for (int c = 0; c < 2; c++) {
            assertThat(first.images().read(nifti).volumes().get(c).voxels())
                    .isEqualTo(source.images().read(nifti).volumes().get(c).voxels());
        }
        assertThat(first.images().first())
                .hasSameBinaryContentAs(source.images().first());
        assertThatThrownBy(() -> NnunetRaw.write(data.cases(), schema, List.of("CT"), List.of(), out))
                .hasMessageContaining("has 2 channels, expected 1");
    }

    private void image(String name) throws IOException {
        Scans.write(Scans.ct(name.hashCode()), folder.resolve(name), Stored.INT16);
    }

    private void label(String name) throws IOException {
        Scans.write(Scans.blocks(), folder.resolve(name), Stored.UINT8);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
