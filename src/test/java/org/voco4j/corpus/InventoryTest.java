package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.verify.Check;
import org.voco4j.corpus.verify.Verification;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat.Stored;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * In every layout three commands read the same: what verify pairs is what fine-tuning trains on, and the images that verify
 * checks are those that pre-training opens.
 */
class InventoryTest {
    @TempDir
    private Path folder = Path.of("");

    private Path data = Path.of("");

    @Test
    void foldersForTrainingAndTests() throws IOException, InterruptedException {
        images("imagesTr/a_0000", "imagesTr/b_0000", "imagesTr/alone_0000", "imagesTs/t_0000");
        maps("labelsTr/a", "labelsTr/b", "labelsTr/extra");
        Files.writeString(folder.resolve("splits_final.json"), "[{\"train\": [\"a\"], \"val\": [\"b\"]}]");
        assertOneReading("imagesTr/a_0000 labelsTr/a", "imagesTr/b_0000 labelsTr/b");
        assertFindings("imagesTr/alone_0000: no label", "labelsTr/extra: no image");
    }

    @Test
    void imagesAreImagesWhateverTheyAreCalled() throws IOException, InterruptedException {
        images("imagesTr/label_study_1", "imagesTr/mask_2", "imagesTs/seg_3");
        maps("labelsTr/label_study_1", "labelsTr/mask_2", "labelsTs/seg_3");
        assertOneReading("imagesTr/label_study_1 labelsTr/label_study_1", "imagesTr/mask_2 labelsTr/mask_2");
    }

    @Test
    void channelsInFilesOfTheirOwn() throws IOException, InterruptedException {
        images("imagesTr/a_0000", "imagesTr/a_0001", "imagesTr/b_0000", "imagesTr/b_0001");
        maps("labelsTr/a", "labelsTr/b");
        list("{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": {\"background\": 0, \"organ\": 1}}");
        String[] pairs = {"imagesTr/a_0000+imagesTr/a_0001 labelsTr/a", "imagesTr/b_0000+imagesTr/b_0001 labelsTr/b"};
        assertOneReading(pairs);
        data = folder.resolve("dataset.json"); // lists no scans, and stands for the folder
        assertOneReading(pairs);
    }

    @Test
    void aScanThatLacksAChannelIsNobodys() throws IOException, InterruptedException {
        images("images/a_0000", "images/a_0001", "images/b_0000");
        maps("labels/a", "labels/b");
        list("{\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}}");
        data = folder;
        assertThat(trained()).isEqualTo(Set.of("images/a_0000+images/a_0001 labels/a"));
        assertThat(opened()).isEqualTo(Set.of("images/a_0000", "images/a_0001"));
        assertFindings("images/b_0000: missing", "labels/b: no image");
    }

    @Test
    void foldersOfImagesAndLabelsWhoseNamesDiffer() throws IOException, InterruptedException {
        images("images/img0001", "images/img0002", "images/deep/ct_image");
        maps("labels/label0001", "labels/label0002", "labels/elsewhere");
        assertOneReading("images/img0001 labels/label0001", "images/img0002 labels/label0002");
        assertFindings("images/deep/ct_image: no label", "labels/elsewhere: no image");
    }

    @Test
    void namesThatCouldBelongToSeveralBelongToNone() throws IOException, InterruptedException {
        images("images/a", "images/b");
        maps("labels/a_seg", "labels/a_mask", "labels/b");
        assertOneReading("images/b labels/b");
        assertFindings("images/a: no label", "labels/a_mask: no image", "labels/a_seg: no image");
        assertThat(LabelledSet.open(List.of(data), null).findings())
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.SAME_NAME);
    }

    @Test
    void scansWithAFolderOfLabels() throws IOException, InterruptedException {
        images("torso_0001", "torso_0002", "ct_with_label", "deep/c");
        maps("labels/torso_0001", "labels/torso_0002", "labels/ct_with_label", "labels/deep/c", "other_seg");
        assertOneReading(
                "ct_with_label labels/ct_with_label",
                "deep/c labels/deep/c",
                "torso_0001 labels/torso_0001",
                "torso_0002 labels/torso_0002");
    }

    @Test
    void labelMapsBesideTheirScans() throws IOException, InterruptedException {
        images("segmentation/p1/ct", "segmentation/p2/ct", "p3/ct");
        maps("segmentation/p1/ct_seg", "segmentation/p2/ct_mask");
        assertOneReading("segmentation/p1/ct segmentation/p1/ct_seg", "segmentation/p2/ct segmentation/p2/ct_mask");
    }

    @Test
    void aListOfTheDecathlon() throws IOException, InterruptedException {
        images("scans/a", "scans/b", "scans/c", "scans/t");
        maps("truth/1", "truth/2");
        data = list("""
                {"training": [{"image": "scans/a.nii.gz", "label": "truth/2.nii.gz"}, {"image": "scans/c.nii.gz"}],
                 "validation": [{"image": "scans/b.nii.gz", "label": "truth/1.nii.gz"}], "test": ["scans/t.nii.gz"]}""");
        assertOneReading("scans/a truth/2", "scans/b truth/1");
        assertFindings("scans/c: no label");
    }

    @Test
    void aTableOfSeveralChannels() throws IOException, InterruptedException {
        images("a/t1", "a/t2", "b/t1", "b/t2");
        maps("a/organs", "b/organs");
        data = Files.writeString(folder.resolve("list.csv"), """
                image,image_1,label,patient
                a/t1.nii.gz,a/t2.nii.gz,a/organs.nii.gz,one
                b/t1.nii.gz,b/t2.nii.gz,b/organs.nii.gz,two
                """);
        assertOneReading("a/t1+a/t2 a/organs", "b/t1+b/t2 b/organs");
    }

    /** Pairs as "image[+channel] label" that each of the three reads. */
    private void assertOneReading(String... pairs) throws IOException, InterruptedException {
        data = data.toString().isEmpty() ? folder : data;
        assertThat(trained()).as("fine-tuning").containsExactlyInAnyOrder(pairs);
        Map<String, String> first = new TreeMap<>(); // label map → first file of its image
        for (String pair : pairs) {
            String[] files = pair.split("[+ ]");
            first.put(files[files.length - 1], files[0]);
        }
        Map<String, String> paired = new TreeMap<>();
        Set<String> images = new TreeSet<>();
        Set<String> maps = new TreeSet<>();
        for (JsonNode file : verified().get("files")) {
            String name = name(Path.of(file.get("path").asString()));
            (file.get("role").asString().equals("image") ? images : maps).add(name);
            boolean test =
                    file.path("part").asString("").equals("test"); // verify reads its label maps, nobody trains on it
            if (file.path("image").isString() && !test) {
                paired.put(name, name(Path.of(file.get("image").asString())));
            }
        }
        assertThat(paired).as("verify").isEqualTo(first);
        assertThat(maps).as("label maps of verify").containsAll(first.keySet());
        assertThat(images).as("images of verify").isEqualTo(opened());
        for (String pair : pairs) {
            assertThat(images).contains(pair.replaceFirst(" .*", "").split("\\+"));
        }
        assertThat(Inventory.of(data, Formats.any()).scans().stream()
                        .filter(scan -> scan.label() != null)
                        .map(scan -> pair(scan.images(), scan.label())))
                .containsExactlyInAnyOrder(pairs);
    }

    private void assertFindings(String... findings) throws IOException, InterruptedException {
        assertThat(verification().checks().stream()
                        .filter(check -> Set.of(Check.Kind.NO_IMAGE, Check.Kind.NO_LABEL, Check.Kind.MISSING)
                                .contains(check.kind()))
                        .map(check -> name(check.path()) + ": " + check.kind().words()))
                .containsExactlyInAnyOrder(findings);
    }

    private Verification verification() throws IOException, InterruptedException {
        return Verification.run(List.of(data), null, 1, (done, files, left) -> {});
    }

    private JsonNode verified() throws IOException, InterruptedException {
        return JsonMapper.shared().valueToTree(verification().document());
    }

    private Set<String> trained() throws IOException {
        Set<String> pairs = new TreeSet<>();
        for (LabelledCase scan : LabelledSet.open(List.of(data), null).cases()) {
            pairs.add(pair(scan.images(), scan.label()));
        }
        return pairs;
    }

    private Set<String> opened() throws IOException {
        Set<String> files = new TreeSet<>();
        for (Case scan : DataSet.open(List.of(data), null).cases()) {
            scan.images().files().forEach(file -> files.add(name(file)));
        }
        return files;
    }

    private String pair(ImageFiles images, Path label) {
        return String.join("+", images.files().stream().map(this::name).toList()) + " " + name(label);
    }

    private String name(Path file) {
        return Formats.plain(
                        folder.toAbsolutePath().relativize(file.toAbsolutePath().normalize()))
                .replace('\\', '/');
    }

    private void images(String... names) throws IOException {
        for (String name : names) {
            Scans.write(Scans.ct(name.hashCode()), folder.resolve(name + ".nii.gz"), Stored.INT16);
        }
    }

    private void maps(String... names) throws IOException {
        for (String name : names) {
            Scans.write(Scans.blocks(), folder.resolve(name + ".nii.gz"), Stored.UINT8);
        }
    }

    private Path list(String json) throws IOException {
        return Files.writeString(folder.resolve("dataset.json"), json);
    }
}
