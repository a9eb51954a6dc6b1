package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.TestData;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.list.ScanList;
import org.voco4j.volume.format.VolumeFormat.Stored;

class LabelledSetTest {
    @TempDir
    private Path folder;

    @Test
    void aDecathlonListGivesPairs() throws IOException {
        for (String name : List.of("a", "b", "c", "alone", "lost")) {
            image("imagesTr/" + name + ".nii.gz");
        }
        label("labelsTr/a.nii.gz");
        label("labelsTr/label_b.nii.gz");
        label("elsewhere/c.nii.gz");
        Path list = list("""
                {"labels": {"0": "background", "1": "liver", "12": "spleen"},
                 "training": [{"image": "./imagesTr/a.nii.gz", "label": "./labelsTr/a.nii.gz"},
                  {"image": "imagesTr/alone.nii.gz"},
                  {"image": "imagesTr/lost.nii.gz", "label": "labelsTr/lost.nii.gz"},
                  {"image": "imagesTr/gone.nii.gz", "label": "labelsTr/a.nii.gz"},
                  {"image": "%s", "label": "%s"}],
                 "validation": [{"image": "imagesTr/b.nii.gz", "label": "labelsTr/label_b.nii.gz"}],
                 "test": ["imagesTs/d.nii.gz"]}""".formatted(folder.resolve("imagesTr/c.nii.gz"), folder.resolve("elsewhere/c.nii.gz")));
        LabelledSet data = LabelledSet.open(List.of(list), null);
        assertThat(data.cases()).extracting(LabelledCase::id).containsExactly("imagesTr/a", "imagesTr/b", "imagesTr/c");
        assertThat(data.cases())
                .extracting(scan -> folder.relativize(scan.label()).toString())
                .containsExactly("labelsTr/a.nii.gz", "labelsTr/label_b.nii.gz", "elsewhere/c.nii.gz");
        assertThat(data.cases()).allSatisfy(scan -> assertThat(scan.image()).exists());
        assertThat(data.labels()).containsExactly(entry(0, "background"), entry(1, "liver"), entry(12, "spleen"));
        assertThat(data.declaredHeldOut()).containsExactly("imagesTr/b");
        assertThat(data.findings())
                .extracting(finding -> folder.relativize(finding.path()) + " | " + finding.message())
                .containsExactly(
                        "dataset.json | 1 of 6 listed scans do not exist, the first is "
                                + folder.resolve("imagesTr/gone.nii.gz"),
                        "imagesTr/alone.nii.gz | left out: no label is listed for it",
                        "imagesTr/lost.nii.gz | left out: its label map " + folder.resolve("labelsTr/lost.nii.gz")
                                + " does not exist",
                        "dataset.json | its 1 test images are left alone");
        Split<LabelledCase> split = Split.heldOut(data.cases(), data.declaredHeldOut(), 0.5, 1, data.strata());
        assertThat(split.heldOut()).extracting(LabelledCase::id).containsExactly("imagesTr/b");
    }

    @Test
    void anNnunetFolderGivesPairs() throws IOException {
        image("set/imagesTr/la_001_0000.nii.gz");
        image("set/imagesTr/la_002_0000.nii.gz");
        image("set/imagesTr/la_002_0001.nii.gz");
        image("set/imagesTr/same.nii.gz");
        image("set/imagesTr/alone_0000.nii.gz");
        image("set/imagesTs/test_0000.nii.gz");
        label("set/labelsTr/la_001.nii.gz");
        label("set/labelsTr/la_002.nii");
        label("set/labelsTr/same.nii.gz");
        label("set/labelsTr/extra.nii.gz");
        Path list = Files.writeString(
                folder.resolve("set/dataset.json"),
                "{\"labels\": {\"background\": 0, \"liver\": 1, \"spleen\": 2}, \"file_ending\": \".nii.gz\"}");
        LabelledSet data = LabelledSet.open(List.of(folder.resolve("set")), null);
        assertThat(data.cases())
                .extracting(LabelledCase::id)
                .containsExactly("imagesTr/la_001_0000", "imagesTr/la_002_0000", "imagesTr/same");
        assertThat(data.cases().get(1).label()).hasFileName("la_002.nii");
        assertThat(data.labels()).containsExactly(entry(0, "background"), entry(1, "liver"), entry(2, "spleen"));
        assertThat(data.findings())
                .extracting(finding -> finding.path().getFileName() + " | " + finding.message())
                .containsExactly(
                        "alone_0000.nii.gz | left out: no label map of this name lies in labelsTr",
                        "extra.nii.gz | left out: no image of this name lies in imagesTr",
                        "la_002_0001.nii.gz | left out: a further channel of la_002, and only _0000 is read");
        // its dataset.json lists no cases, and stands for the folder
        assertThat(LabelledSet.open(List.of(list), null).cases()).hasSize(3);
        assertThat(LabelledSet.open(List.of(list), null).digest()).isEqualTo(data.digest());
        assertThat(LabelledSet.open(List.of(folder.resolve("set"), list), null).cases())
                .hasSize(3);
    }

    @Test
    void scansWithAFolderOfLabelsGivePairs() throws IOException {
        image("torso_1.nii.gz");
        image("torso_2.nii.gz");
        image("torso_3.nii.gz");
        label("labels/torso_1.nii.gz");
        label("labels/torso_2.nii.gz");
        label("labels/torso_4.nii.gz");
        Path csv = Files.writeString(
                folder.resolve("p.csv"), "file_or_folder,patient\ntorso_1.nii.gz,same\ntorso_2.nii.gz,same\n");
        LabelledSet data = LabelledSet.open(List.of(folder), csv);
        assertThat(data.cases()).extracting(LabelledCase::id).containsExactly("torso_1", "torso_2");
        assertThat(data.cases()).extracting(LabelledCase::patient).containsExactly("same", "same");
        assertThat(data.grouped()).isTrue();
        assertThat(data.labels()).isEmpty();
        assertThat(data.findings())
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.NO_LABEL, Finding.Kind.NO_IMAGE);
        // an unreadable label takes its image with it
        Files.writeString(folder.resolve("labels/torso_1.nii.gz"), "no label map");
        LabelledSet fewer = LabelledSet.open(List.of(folder), csv);
        assertThat(fewer.cases()).extracting(LabelledCase::id).containsExactly("torso_2");
        assertThat(fewer.findings().get(0).message()).startsWith("left out with its image: expected ");
    }

    @Test
    void trainAndValAreReadAsTrainingAndValidation() throws IOException {
        for (String name : List.of("a", "b", "c", "d")) {
            image("imagesTr/" + name + ".nii.gz");
            label("labelsTr/" + name + ".nii.gz");
        }
        String scan = "{\"image\": \"./imagesTr/%1$s.nii.gz\", \"label\": \"./labelsTr/%1$s.nii.gz\"}";
        Path list = list("{\"train\": [%s, %s], \"validation\": [%s], \"val\": [%s], \"valid\": true}"
                .formatted(scan.formatted("a"), scan.formatted("b"), scan.formatted("c"), scan.formatted("d")));
        LabelledSet data = LabelledSet.open(List.of(list), null);
        assertThat(data.cases()).hasSize(4);
        assertThat(data.declaredHeldOut()).containsExactlyInAnyOrder("imagesTr/c", "imagesTr/d");
        DataSet scans = DataSet.open(List.of(list), null);
        assertThat(scans.cases()).hasSize(4);
        assertThat(scans.declaredHeldOut()).containsExactlyInAnyOrder("imagesTr/c", "imagesTr/d");
        for (List<Finding> findings : List.of(data.findings(), scans.findings())) {
            assertThat(findings)
                    .extracting(Finding::line)
                    .containsExactly(
                            list + ": its key 'train' is read as training",
                            list + ": its key 'val' is read as validation");
        }
    }

    @Test
    void whereNothingIsLabelledTheLayoutsAreSaid() throws IOException {
        image("imagesTr/a.nii.gz");
        String layouts = "expected a Decathlon dataset.json whose training entries have an image and a label";
        assertThatThrownBy(() -> LabelledSet.open(List.of(folder), null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(layouts)
                .hasMessageContaining("found neither imagesTr with labelsTr nor labels in it");
        Path list = list("{\"training\": [{\"image\": \"imagesTr/a.nii.gz\"}]}");
        assertThatThrownBy(() -> LabelledSet.open(List.of(list), null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no labelled scan in " + list)
                .hasMessageContaining(layouts)
                .hasMessageEndingWith("a.nii.gz: left out: no label is listed for it");
        assertThatThrownBy(() -> LabelledSet.open(List.of(folder.resolve("imagesTr/a.nii.gz")), null))
                .hasMessageContaining(layouts)
                .hasMessageContaining("another kind of file");
        assertThatThrownBy(() -> LabelledSet.open(List.of(folder.resolve("none")), null))
                .hasMessageContaining("found nothing there");
        label("labelsTr/b.nii.gz");
        assertThatThrownBy(() -> LabelledSet.open(List.of(folder), null)).hasMessageContaining("no labelled scan in ");
    }

    @Test
    void namesMustAgreeAndMayBeMissing() throws IOException {
        image("one/a.nii.gz");
        label("one/labels/a.nii.gz");
        image("two/b.nii.gz");
        label("two/labels/b.nii.gz");
        Path one = Files.writeString(folder.resolve("one/dataset.json"), "{\"labels\": {\"1\": \"liver\"}}");
        Path two = Files.writeString(folder.resolve("two/dataset.json"), "{\"labels\": {\"liver\": 1, \"spleen\": 2}}");
        List<Path> both = List.of(one.getParent(), two.getParent());
        LabelledSet data = LabelledSet.open(both, null);
        assertThat(data.labels()).containsExactly(entry(1, "liver"), entry(2, "spleen"));
        Files.writeString(two, "{\"labels\": {\"spleen\": 1}}");
        assertThatThrownBy(() -> LabelledSet.open(both, null))
                .isInstanceOf(IOException.class)
                .hasMessage(two + ": the label 1 is 'spleen' here and 'liver' in " + one);
        // nnU-Net's regions
        Files.writeString(two, "{\"labels\": {\"whole\": [1, 2], \"core\": 2}, \"regions_class_order\": [1, 2]}");
        LabelledSet regions = LabelledSet.open(List.of(two.getParent()), null);
        assertThat(regions.labels()).isEmpty();
        assertThat(regions.findings()).isEmpty();
        assertThat(regions.regions())
                .isEqualTo(new Regions(Map.of("whole", List.of(1, 2), "core", List.of(2)), List.of(1, 2)));
        Files.writeString(two, "{\"labels\": {\"whole\": [1, \"b\"]}}");
        assertThatThrownBy(() -> LabelledSet.open(List.of(two.getParent()), null))
                .isInstanceOf(IOException.class)
                .hasMessage(two + ": expected whole numbers for 'whole' among the labels, found [1,\"b\"]");
        Files.writeString(two, "{\"labels\": {\"a\": \"b\"}}");
        assertThat(LabelledSet.open(List.of(two.getParent()), null).findings())
                .singleElement()
                .extracting(Finding::message)
                .isEqualTo("its labels name no classes: expected a number and a name, found \"a\": \"b\"");
    }

    @Test
    void theDigestFollowsLabelsAndTheirNames() throws IOException {
        image("a.nii.gz");
        label("labels/a.nii.gz");
        String digest = LabelledSet.open(List.of(folder), null).digest();
        Path list = list("{\"labels\": {\"1\": \"liver\"}}");
        String named = LabelledSet.open(List.of(folder), null).digest();
        Files.delete(list);
        Scans.write(Scans.mask(), folder.resolve("labels/a.nii.gz"), Stored.UINT8);
        String other = LabelledSet.open(List.of(folder), null).digest();
        assertThat(List.of(digest, named, other)).doesNotHaveDuplicates();
    }

    @Test
    void thePublishedListsNameTheirClasses() throws IOException {
        assertThat(names("amos_ct_finetune")).hasSize(16).containsEntry(15, "prostate/uterus");
        assertThat(names("btcv_finetune")).hasSize(14).containsEntry(9, "IVC");
        assertThat(names("mmwhs_finetune")).hasSize(8).containsEntry(7, "Pulmonary Artery");
        assertThat(names("dataset_LUNA16_0")).isEmpty();
        Path list = TestData.path("lists/btcv_finetune.json");
        assertThatThrownBy(() -> LabelledSet.open(List.of(list), null))
                .hasMessageContaining("30 of 30 listed scans do not exist");
    }

    private static SortedMap<Integer, String> names(String list) throws IOException {
        Path file = TestData.path("lists/" + list + ".json");
        LabelNames names = new LabelNames();
        names.add(file, ScanList.json(file), finding -> {});
        return names.byValue();
    }

    private void image(String name) throws IOException {
        Scans.write(Scans.ct(name.hashCode()), folder.resolve(name), Stored.INT16);
    }

    private void label(String name) throws IOException {
        Scans.write(Scans.blocks(), folder.resolve(name), Stored.UINT8);
    }

    private Path list(String json) throws IOException {
        return Files.writeString(folder.resolve("dataset.json"), json);
    }
}
