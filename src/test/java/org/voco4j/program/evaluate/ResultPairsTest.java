package org.voco4j.program.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.corpus.ImageFiles;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;

class ResultPairsTest {
    private static final Shape3 SHAPE = new Shape3(16, 16, 8);

    @TempDir
    private Path folder = Path.of("");

    private void maps(String... names) throws IOException {
        for (String name : names) {
            float[] voxels = new float[(int) SHAPE.voxels()];
            voxels[7] = 3;
            Path file = folder.resolve(name + ".nii.gz");
            Files.createDirectories(file.resolveSibling(""));
            new Nifti().write(new Volume(SHAPE, Affine.identity(), voxels), file, Nifti.Stored.UINT8);
        }
    }

    private ResultPairs pairs(String predictions, String truth) throws IOException {
        return ResultPairs.of(folder.resolve(predictions), folder.resolve(truth), null);
    }

    private List<String> found(ResultPairs pairs) {
        return pairs.pairs().stream()
                .map(pair -> folder.relativize(pair.prediction()) + " " + folder.relativize(pair.truth()))
                .map(names -> names.replace('\\', '/').replace(".nii.gz", ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "a, a",
        "deep/a, deep/a",
        "deep/a, a",
        "img0001, label0001",
        "case_1_0000, case_1",
        "FLARE23Ts_0001, FLARE23Ts_0001_0000",
        "amos_0001, amos_0001",
        "heart_pred_seg, heart_pred"
    })
    void aPredictionBelongsToTheTruthOfItsName(String prediction, String truth) throws IOException {
        maps("p/" + prediction, "p/other", "t/" + truth, "t/third");
        ResultPairs pairs = pairs("p", "t");
        assertThat(found(pairs)).containsExactly("p/" + prediction + " t/" + truth);
        assertThat(pairs.problems())
                .containsExactly(
                        folder.resolve("t/third.nii.gz") + ": no prediction of this name",
                        folder.resolve("p/other.nii.gz") + ": no truth of this name");
    }

    @Test
    void theMoreExactNameGoesBefore() throws IOException {
        maps("p/a_seg", "p/a", "t/a", "t/x/a_label");
        assertThat(found(pairs("p", "t"))).containsExactlyInAnyOrder("p/a t/a", "p/a_seg t/x/a_label");
    }

    @Test
    void namesThatSeveralHaveBelongToNone() throws IOException {
        maps("p/x/a", "p/y/a", "p/b", "t/a", "t/b");
        ResultPairs pairs = pairs("p", "t");
        assertThat(found(pairs)).containsExactly("p/b t/b");
        assertThat(pairs.problems()).hasSize(3);
    }

    @Test
    void twoFilesBelongTogether() throws IOException {
        maps("p/mine", "t/yours");
        assertThat(found(pairs("p/mine.nii.gz", "t/yours.nii.gz"))).containsExactly("p/mine t/yours");
    }

    @Test
    void truthMayBeALabelledSetWhoseScansAreThenKnown() throws IOException {
        maps("set/imagesTr/a_0000", "set/labelsTr/a", "set/imagesTr/b_0000", "set/labelsTr/b", "p/b", "p/a");
        Files.writeString(folder.resolve("set/dataset.json"), """
                {"labels": {"background": 0, "spleen": 3}}""");
        Files.writeString(folder.resolve("p/labels.json"), """
                {"labels": {"1": "spleen"}}""");
        ResultPairs pairs = pairs("p", "set");
        assertThat(found(pairs)).containsExactly("p/a set/labelsTr/a", "p/b set/labelsTr/b");
        assertThat(pairs.problems()).isEmpty();
        assertThat(pairs.labels()).containsEntry(3, "spleen");
        assertThat(pairs.predicted()).containsEntry(1, "spleen");
        assertThat(pairs.pairs()).allMatch(pair -> pair.images() != null);
        // the folder of its label maps alone is named by the list above it
        assertThat(pairs("p", "set/labelsTr").labels()).containsEntry(3, "spleen");
    }

    @Test
    void numbersAtTheEndOfNamesAreCases() throws IOException {
        maps("p/amos_0001", "p/amos_0002", "t/x/amos_0002", "t/x/amos_0004");
        assertThat(found(pairs("p", "t"))).containsExactly("p/amos_0002 t/x/amos_0002");
    }

    @Test
    void labelMapsBesideTheirScansAreALabelledSet() throws IOException {
        maps("t/a", "t/a_seg", "p/a");
        ResultPairs pairs = pairs("p", "t");
        assertThat(found(pairs)).containsExactly("p/a t/a_seg");
        assertThat(pairs.pairs().get(0).images()).isEqualTo(ImageFiles.of(folder.resolve("t/a.nii.gz")));
    }

    @Test
    void scansOfSeveralChannelsAreWhole() throws IOException {
        maps("p/a", "p/b", "t/a", "t/b", "i/a_0000", "i/a_0001", "i/b");
        ResultPairs pairs = ResultPairs.of(folder.resolve("p"), folder.resolve("t"), folder.resolve("i"));
        assertThat(pairs.pairs().stream().map(ResultPair::images))
                .containsExactly(
                        new ImageFiles(
                                List.of(folder.resolve("i/a_0000.nii.gz"), folder.resolve("i/a_0001.nii.gz")), 2),
                        ImageFiles.of(folder.resolve("i/b.nii.gz")));
    }

    @Test
    void valuesAreFoundWhereNothingNamesThem() throws IOException {
        maps("p/a", "t/a");
        assertThat(pairs("p", "t").values(new Nifti())).containsOnlyKeys(3).containsEntry(3, "3");
    }

    @Test
    void refusesWhatCannotBePaired() throws IOException {
        maps("p/a", "p/b", "t/c");
        Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> pairs("p", "t"))
                .hasMessageStartingWith("no prediction belongs to a truth: " + folder.resolve("t/c.nii.gz"));
        assertThatThrownBy(() -> pairs("empty", "t")).hasMessageContaining("empty: expected a folder of predicted");
        assertThatThrownBy(() -> pairs("p", "nowhere")).hasMessageContaining("found nothing there");
    }
}
