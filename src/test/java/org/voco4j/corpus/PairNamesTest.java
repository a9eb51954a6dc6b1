package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** Which label map belongs to which image in a folder. */
class PairNamesTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "img0001.nii.gz, label0001.nii.gz", // BTCV
        "ct_train_1001_image.nii.gz, ct_train_1001_label.nii.gz", // MM-WHS
        "case_7.nii, case_7-seg.nii.gz",
        "Patient.12.nii.gz, Patient.12_Mask.nii.gz",
    })
    void namesThatDifferInWhatTheySayAFileIsPair(String image, String map) {
        PairNames names = new PairNames();
        names.add(Path.of("labels", map));
        assertThat(names.of(Path.of("images", image))).containsExactly(Path.of("labels", map));
        assertThat(names.of(Path.of("images", "other" + image))).isEmpty();
    }

    @Test
    void wordsEndWhereLettersDo() {
        PairNames names = new PairNames();
        names.add(Path.of("a_seg.nii"));
        names.add(Path.of("a_mask.nii"));
        assertThat(names.of(Path.of("a.nii"))).containsExactly(Path.of("a_seg.nii"), Path.of("a_mask.nii"));
        assertThat(PairNames.key(Path.of("segment3_1.nii"))).isEqualTo("segment 3 1"); // no such word
        assertThat(PairNames.key(Path.of("Jägt.nii"))).isEqualTo("jägt");
    }

    @ParameterizedTest
    @CsvSource({
        "Müller, Möller",
        "कि_ct, कु_ct", // vowel signs are marks
        "患者٣, 患者٤", // digits of other scripts
        "😀, 😃",
    })
    void namesInAnyScriptStayApart(String one, String other) {
        assertThat(PairNames.key(Path.of(one + ".nii"))).isNotEqualTo(PairNames.key(Path.of(other + ".nii")));
    }

    @Test
    void anUmlautIsOneLetterHoweverItIsWritten() {
        assertThat(PairNames.key(Path.of("Mu\u0308ller_seg.nii"))).isEqualTo(PairNames.key(Path.of("M\u00FCller.nii")));
    }

    @ParameterizedTest
    @EnumSource(Normalizer.Form.class)
    void everyUmlautPairsWithItsOwnLabelMap(Normalizer.Form form) throws IOException {
        List<String> names = List.of("Mueller", "Mäller", "Möller", "Müller");
        for (String name : names) {
            image("images/" + name + ".nii.gz");
            label("labels/" + Normalizer.normalize(name, form) + ".nii.gz");
        }
        LabelledSet data = LabelledSet.open(List.of(folder), null);
        assertThat(data.findings()).isEmpty();
        assertThat(data.cases())
                .extracting(scan -> scan.id() + " "
                        + PairNames.plain(scan.label().getFileName().toString()))
                .containsExactlyElementsOf(names.stream()
                        .map(name -> "images/" + name + " " + name + ".nii.gz")
                        .toList());
    }

    @Test
    void namesThatAreNoCharactersAreLeftOutAndToldApartByTheirBytes() throws IOException {
        image("images/Mueller.nii.gz");
        label("labels/Mueller.nii.gz");
        List<String> bytes = List.of("M%E4ller.nii.gz", "M%F6ller.nii.gz", "M%FCller.nii.gz");
        for (String name : bytes) { // Latin-1 in a UTF-8 locale
            for (String place : List.of("images", "labels")) {
                Path latin = Path.of(URI.create(folder.toUri() + place + "/" + name));
                Files.copy(folder.resolve(place + "/Mueller.nii.gz"), latin);
            }
        }
        LabelledSet data = LabelledSet.open(List.of(folder), null);
        assertThat(data.cases()).extracting(LabelledCase::id).containsExactly("images/Mueller");
        assertThat(DataSet.open(List.of(folder.resolve("images")), null).findings())
                .hasSize(3)
                .allMatch(finding -> finding.kind() == Finding.Kind.UNREADABLE)
                .extracting(finding -> finding.message().replaceFirst(".*its name, (.*) in bytes.*", "$1"))
                .containsExactlyInAnyOrderElementsOf(bytes);
        assertThat(data.findings()).hasSize(6);
    }

    @Test
    void foldersPairByTheseNames() throws IOException {
        image("whs/images/ct_1001_image.nii.gz");
        label("whs/labels/ct_1001_label.nii.gz");
        image("btcv/imagesTr/img0001.nii.gz");
        image("btcv/imagesTr/img0002.nii.gz");
        label("btcv/labelsTr/label0001.nii.gz");
        label("btcv/labelsTr/label0003.nii.gz");
        image("beside/p1/ct.nii.gz");
        label("beside/p1/ct_seg.nii.gz");
        image("beside/p2/ct.nii.gz");
        List<Path> all = List.of(folder.resolve("whs"), folder.resolve("btcv"), folder.resolve("beside"));
        LabelledSet data = LabelledSet.open(all, null);
        assertThat(data.cases())
                .extracting(scan -> scan.id() + " " + scan.label().getFileName())
                .containsExactly(
                        "images/ct_1001_image ct_1001_label.nii.gz",
                        "imagesTr/img0001 label0001.nii.gz",
                        "p1/ct ct_seg.nii.gz");
        assertThat(data.findings())
                .extracting(finding -> folder.relativize(finding.path()) + " | " + finding.message())
                .containsExactly(
                        "beside/p2/ct.nii.gz | left out: no label map of this name lies beside it",
                        "btcv/imagesTr/img0002.nii.gz | left out: no label map of this name lies in labelsTr",
                        "btcv/labelsTr/label0003.nii.gz | left out: no image of this name lies in imagesTr");
        assertThat(data.strata()).containsEntry("p1/ct", all.get(2).toString()); // each data set is a stratum
    }

    private void image(String name) throws IOException {
        Scans.write(Scans.ct(name.hashCode()), folder.resolve(name), Stored.INT16);
    }

    private void label(String name) throws IOException {
        Scans.write(Scans.blocks(), folder.resolve(name), Stored.UINT8);
    }
}
