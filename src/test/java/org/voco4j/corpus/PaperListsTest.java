package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.TestData;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** The lists of the paper's data sets, unchanged, in folders laid out as they say. */
class PaperListsTest {
    @TempDir
    private Path folder = Path.of("");

    /** A list in its data set's folder, and the first {@code most} scans of either part that it names, all the same. */
    private Path lay(String set, String list, int most) throws IOException {
        Path scan = folder.resolve("scan.nii.gz");
        if (!Files.exists(scan)) {
            Scans.write(Scans.ct(1), scan, Stored.INT16);
        }
        Path here = folder.resolve(set).resolve(list);
        Files.createDirectories(here.getParent());
        Files.copy(TestData.path("lists/" + list), here);
        List<ScanList.Entry> entries = ScanList.read(here).entries();
        for (ScanList.Part part : ScanList.Part.values()) {
            for (ScanList.Entry entry :
                    entries.stream().filter(e -> e.part() == part).limit(most).toList()) {
                Path file = here.resolveSibling(entry.image());
                Files.createDirectories(file.getParent());
                Files.copy(scan, file);
            }
        }
        return here;
    }

    @ParameterizedTest
    @CsvSource({
        "btcv.json, 24, 6",
        "dataset_TCIAcovid19_0.json, 722, 49",
        "dataset_LUNA16_0.json, 843, 45",
    })
    void aWholeSetIsSplitAsPublished(String list, int training, int heldOut) throws IOException {
        DataSet data = DataSet.open(List.of(lay("set", list, Integer.MAX_VALUE)), null);
        assertThat(data.findings()).isEmpty();
        Split<Case> split = Split.heldOut(data, 0.2, 0);
        assertThat(split.training()).hasSize(training);
        assertThat(split.heldOut()).hasSize(heldOut);
    }

    @Test
    void ofPatientsWithSeveralScansAllAreHeldOut() throws IOException {
        Path list = lay("set", "dataset_TCIAcovid19_0.json", Integer.MAX_VALUE);
        List<String> lines = new ArrayList<>(List.of("file_or_folder,patient"));
        for (ScanList.Entry entry : ScanList.read(list).entries()) {
            lines.add("set/" + entry.image() + "," + entry.image().replaceAll(".*covid19-A-([0-9]+).*", "covid-$1"));
        }
        Path groups = Files.write(folder.resolve("patients.csv"), lines);
        Split<Case> split = Split.heldOut(DataSet.open(List.of(list), groups), 0.2, 0);
        assertThat(split.training()).hasSize(722 - 24);
        assertThat(split.heldOut()).hasSize(49 + 24);
    }

    @Test
    void severalListsHoldOutTheUnionAndSayInOneLineEachWhatIsMissing() throws IOException {
        List<Path> lists = new ArrayList<>();
        lists.add(lay("BTCV", "btcv.json", 5));
        lists.add(lay("TCIAcovid19", "dataset_TCIAcovid19_0.json", 2));
        lists.add(lay("Luna16-jx", "dataset_LUNA16_0.json", 3));
        lists.add(lay("HNSCC_convert_v1", "HNSCC.json", 1)); // has no validation: all of it is trained on
        DataSet data = DataSet.open(lists, null);
        Split<Case> split = Split.heldOut(data, 0.2, 0);
        assertThat(split.training()).hasSize(5 + 2 + 3 + 1);
        assertThat(ids(split.heldOut()))
                .hasSize(5 + 2 + 3)
                .contains("imagesTr/img0035", "data/volume-covid19-A-0656")
                .anyMatch(id -> id.startsWith("subset_0/1.3.6.1.4.1.14519"));
        assertThat(data.findings())
                .extracting(Finding::message)
                .map(message -> message.substring(0, message.indexOf(',')))
                .containsExactlyInAnyOrder(
                        "20 of 30 listed scans do not exist",
                        "767 of 771 listed scans do not exist",
                        "882 of 888 listed scans do not exist",
                        "1070 of 1071 listed scans do not exist");
        assertThat(data.findings().get(0).message()).contains("the first is " + folder);
    }

    @Test
    void whatAnyListHoldsOutIsHeldOutAndNamesMayRepeat() throws IOException {
        Path scan = Scans.write(Scans.ct(1), folder.resolve("one/imagesTr/a.nii.gz"), Stored.INT16);
        Scans.write(Scans.ct(2), folder.resolve("one/imagesTr/b.nii.gz"), Stored.INT16);
        Scans.write(Scans.ct(3), folder.resolve("two/imagesTr/a.nii.gz"), Stored.INT16);
        Path all = Files.writeString(folder.resolve("one/all.json"), """
                {"training": [{"image": "imagesTr/a.nii.gz"}, {"image": "imagesTr/b.nii.gz"}]}""");
        Path some = Files.writeString(folder.resolve("one/some.json"), """
                {"validation": [{"image": "imagesTr/a.nii.gz"}]}""");
        Path other = Files.writeString(folder.resolve("two/list.json"), """
                {"training": [{"image": "imagesTr/a.nii.gz"}, {"image": "%s"}]}""".formatted(scan.toAbsolutePath()));
        for (List<Path> order : List.of(List.of(all, some, other), List.of(some, all, other))) {
            DataSet data = DataSet.open(order, null);
            assertThat(ids(data.cases())).containsExactlyInAnyOrder("imagesTr/a", "imagesTr/b", "imagesTr/a~2");
            assertThat(data.declaredHeldOut()).containsExactly("imagesTr/a");
            assertThat(data.findings())
                    .hasSize(2)
                    .allSatisfy(finding -> assertThat(finding.message())
                            .startsWith("1 of its scans were named before and count once"));
        }
    }

    private static Set<String> ids(List<Case> cases) {
        return cases.stream().map(Case::id).collect(Collectors.toSet());
    }
}
