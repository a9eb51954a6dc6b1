package org.voco4j.corpus.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.corpus.Case;
import org.voco4j.corpus.DataSet;
import org.voco4j.corpus.Scans;
import org.voco4j.corpus.Split;
import org.voco4j.volume.format.VolumeFormat.Stored;

class ScanListTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "HNSCC.json, 1071, 0, 0",
        "Totalsegmentator_dataset.json, 1203, 0, 0",
        "amos_ct_finetune.json, 200, 100, 200",
        "btcv.json, 24, 6, 0",
        "btcv_finetune.json, 24, 6, 20",
        "dataset_LUNA16_0.json, 843, 45, 0",
        "dataset_TCIAcovid19_0.json, 722, 49, 0",
        "flare23.json, 4000, 0, 0",
        "mmwhs_finetune.json, 16, 4, 0",
        "stoic21.json, 2000, 0, 0",
        "ccii/CC_CCII_fold0_train.csv, 2514, 0, 0",
        "ccii/CC_CCII_fold0_valid.csv, 0, 1664, 0"
    })
    void thePublishedListsLoadUnchanged(String name, int training, int validation, int test) throws IOException {
        Path list = TestData.path("lists/" + name);
        List<ScanList.Entry> entries = ScanList.read(list).entries();
        assertThat(entries).filteredOn(e -> e.part() == ScanList.Part.TRAINING).hasSize(training);
        assertThat(entries)
                .filteredOn(e -> e.part() == ScanList.Part.VALIDATION)
                .hasSize(validation);
        assertThat(entries).filteredOn(e -> e.part() == ScanList.Part.TEST).hasSize(test);
        assertThat(entries).allMatch(entry -> entry.channels() == 1);
        DataSet data = DataSet.open(List.of(list), null); // the scans are not here, which is no fault of the list
        int all = training + validation + test;
        assertThat(data.cases()).isEmpty();
        assertThat(data.findings().get(0).message())
                .startsWith(all + " of " + all + " listed scans do not exist, the first is ");
    }

    @Test
    void scansOfCcCciiAreCalledAsInTheReleasedCodeAndHeldOutByTable() throws IOException {
        String header = "zip_file,target,label,patient_id,scan_id,n_slice,scan_count,all_scan_ids\n";
        Path training = Files.writeString(
                folder.resolve("fold0_train.csv"), header + "CP-20.zip,1,CP,2668,3259,52,2,\"[3249, 3259]\"\n");
        Path held =
                Files.writeString(folder.resolve("fold0_valid.csv"), header + "NCP-6.zip,2,NCP,206,1557,58,1,[1557]\n");
        image("p2668-s3259.nii.gz");
        image("p206-s1557.nii.gz");
        DataSet data = DataSet.open(List.of(training, held), null);
        assertThat(data.cases()).extracting(Case::id).containsExactly("p206-s1557", "p2668-s3259");
        assertThat(data.cases()).extracting(Case::patient).containsExactly("CC-CCII 206", "CC-CCII 2668");
        assertThat(data.declaredHeldOut()).containsExactly("p206-s1557");
        assertThat(data.strata()).containsEntry("p2668-s3259", "CP");
        Path broken = Files.writeString(folder.resolve("bad.csv"), header + "CP-20.zip,1,CP,x,3259,52,2,[1]\n");
        assertThatThrownBy(() -> ScanList.read(broken))
                .hasMessage(broken + ": expected a number in line 2, column patient_id, found 'x'");
    }

    @Test
    void aTableSaysWhatItsColumnsSay() throws IOException {
        Path csv = csv("""
                patient,image,image_1,label,split,age,stratum
                "Doe, J",a/t1.nii.gz,a/t2.nii.gz,a/seg.nii.gz,train,63,1.5 T
                Roe,b/t1.nii.gz,b/t2.nii.gz,,VAL,8,3 T

                Poe,c/t1.nii.gz,c/t2.nii.gz,c/seg.nii.gz,,,
                """);
        List<ScanList.Entry> entries = ScanList.read(csv).entries();
        assertThat(entries)
                .containsExactly(
                        new ScanList.Entry(
                                List.of("a/t1.nii.gz", "a/t2.nii.gz"),
                                2,
                                "a/seg.nii.gz",
                                ScanList.Part.TRAINING,
                                null,
                                "Doe, J",
                                "1.5 T"),
                        new ScanList.Entry(
                                List.of("b/t1.nii.gz", "b/t2.nii.gz"),
                                2,
                                null,
                                ScanList.Part.VALIDATION,
                                null,
                                "Roe",
                                "3 T"),
                        new ScanList.Entry(
                                List.of("c/t1.nii.gz", "c/t2.nii.gz"),
                                2,
                                "c/seg.nii.gz",
                                ScanList.Part.TRAINING,
                                null,
                                "Poe",
                                null));
        ScanList.Entry piped =
                ScanList.read(csv("image,split\na|b | c,3\n")).entries().get(0);
        assertThat(piped.images()).containsExactly("a", "b", "c");
        assertThat(piped.fold()).isEqualTo(3);
        ScanList.Entry four =
                ScanList.read(csv("image,channels\na.nii,4\n")).entries().get(0);
        assertThat(four.channels()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file,label\\na,b\\n|expected a first line with the column image (and label, patient, split), found 'file,label'",
                "image,patient\\na,p\\nb\\n|expected 2 values in line 3, found 1 in 'b'",
                "image,patient\\na,\\n|expected a name in line 2, column patient, found ''",
                "image,image_1\\na,\\n|expected a file in line 2, column image_1, found ''",
                "image\\na\\n\\n\"\"\\n|expected a file in line 4, column image, found ''",
                "image,split\\na,later\\n|expected train, val, test or the number of a fold in line 2, column split, found 'later'",
                "image,channels\\na,four\\n|expected a number in line 2, column channels, found 'four'",
                "image,image_1,channels\\na,b,3\\n|expected the number of files, 2 in line 2, column channels, found '3'",
                "image,image\\na,b\\n|expected every column once, found 'image' twice in line 1",
            })
    void aFaultInATableIsNamedWithLineAndColumn(String wrong) throws IOException {
        String[] parts = wrong.split("\\|", 2);
        Path csv = csv(parts[0].replace("\\n", "\n"));
        assertThatThrownBy(() -> ScanList.read(csv))
                .isInstanceOf(IOException.class)
                .hasMessage(csv + ": " + parts[1]);
    }

    @Test
    void aListNamesChannelsAndFolds() throws IOException {
        Path list = Files.writeString(folder.resolve("dataset.json"), """
                {"modality": {"0": "FLAIR", "1": "T1w", "2": "t1gd", "3": "T2w"},
                 "training": [{"image": "4d.nii.gz", "label": "l.nii.gz", "fold": 2},
                  {"image": ["a", "b"], "label": "l2.nii.gz"}], "test": ["t.nii.gz"]}""");
        List<ScanList.Entry> entries = ScanList.read(list).entries();
        assertThat(entries).extracting(ScanList.Entry::channels).containsExactly(4, 2, 4);
        assertThat(entries.get(0).fold()).isEqualTo(2);
        assertThat(entries.get(1).images()).containsExactly("a", "b");
        Path mapped = Files.writeString(folder.resolve("mapped.json"), """
                {"channel_names": {"0": "CT"}, "dataset": {"x": {"images": ["p/x.nii.gz"], "label": "q/x.nii.gz"}}}""");
        assertThat(ScanList.read(mapped).entries())
                .singleElement()
                .isEqualTo(new ScanList.Entry(
                        List.of("p/x.nii.gz"), 1, "q/x.nii.gz", ScanList.Part.TRAINING, null, null, null));
    }

    @Test
    void anNnsslCollectionGivesScansWithTheirSubjects() throws IOException {
        Path list = Files.writeString(folder.resolve("pretrain_data.json"), """
                {"collection_index": 745, "collection_name": "Dataset745", "datasets": {
                 "ds1": {"dataset_index": "ds1", "name": "one", "subjects": {
                  "s1": {"subject_id": "s1", "sessions": {
                   "a": {"session_id": "a", "images": [
                    {"name": "t1.nii.gz", "image_path": "$raw/one/t1.nii.gz", "modality": "T1w",
                     "associated_masks": {"anatomy_mask": "$raw/one/mask.nii.gz", "anonymization_mask": null}}]},
                   "b": {"session_id": "b", "images": [
                    {"name": "t2.nii.gz", "image_path": "$raw/one/t2.nii.gz", "modality": "T2w"}]}}}}},
                 "ds2": {"dataset_index": "ds2", "subjects": {
                  "s1": {"subject_id": "s1", "sessions": {
                   "x": {"session_id": "x", "images": [
                    {"name": "ct.nii.gz", "image_path": "two/ct.nii.gz", "modality": "CT"}]}}}}}}}""");
        List<ScanList.Entry> entries =
                ScanList.read(list, Map.of("raw", folder.toString())).entries();
        assertThat(entries)
                .extracting(ScanList.Entry::image)
                .containsExactly(folder + "/one/t1.nii.gz", folder + "/one/t2.nii.gz", "two/ct.nii.gz");
        assertThat(entries).extracting(ScanList.Entry::patient).containsExactly("ds1/s1", "ds1/s1", "ds2/s1");
        assertThat(entries).extracting(ScanList.Entry::stratum).containsExactly("ds1", "ds1", "ds2");
        assertThatThrownBy(() -> ScanList.read(list, Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("set the environment variable raw");
        // read as data, with paths that need no variable
        Files.writeString(list, Files.readString(list).replace("$raw/", ""));
        image("one/t1.nii.gz");
        image("one/t2.nii.gz");
        image("two/ct.nii.gz");
        DataSet data = DataSet.open(List.of(list), null);
        assertThat(data.cases()).extracting(Case::id).containsExactly("one/t1", "one/t2", "two/ct");
        assertThat(data.grouped()).isTrue();
        assertThat(data.findings()).isEmpty();
        Split<Case> split = Split.heldOut(data, 0.5, 1);
        assertThat(split.heldOut().stream().map(Case::patient).distinct()).hasSize(1);
        Files.writeString(list, Files.readString(list).replace("image_path", "path"));
        assertThatThrownBy(() -> DataSet.open(List.of(list), null))
                .hasMessageContaining("expected an image_path in every image of session a of subject ds1/s1");
    }

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("list.csv"), text);
    }

    private void image(String name) throws IOException {
        Scans.write(Scans.ct(name.hashCode()), folder.resolve(name), Stored.INT16);
    }
}
