package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.verify.Check;
import org.voco4j.corpus.verify.Verification;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** A scan is the same whatever format it lies in. */
class FormatsOfScansTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderMayHoldScansOfAllFormats() throws IOException {
        Scans.write(Scans.ct(1), folder.resolve("a.nii.gz"), Stored.INT16);
        Scans.write(Scans.ct(2), folder.resolve("b.nrrd"), Stored.INT16);
        Scans.write(Scans.ct(3), folder.resolve("c.mha"), Stored.INT16);
        apart(folder.resolve("c.mha"), folder.resolve("d.mhd"), folder.resolve("d.zraw"));
        Scans.write(Scans.blocks(), folder.resolve("organs.nrrd"), Stored.UINT8);
        DataSet data = DataSet.open(List.of(folder), null);
        assertThat(data.cases()).extracting(Case::id).containsExactly("a", "b", "c", "d");
        assertThat(data.findings())
                .extracting(Finding::message)
                .containsExactly("left out as a label map: it holds only 6 different whole numbers");
        assertThat(data.cases().get(3).content())
                .as("a header is not the scan")
                .isEqualTo(DataDigest.content(folder.resolve("d.zraw")));
        String before = ScanFile.content(folder.resolve("d.mhd"));
        String header = Files.readString(folder.resolve("d.mhd"));
        Files.writeString(
                folder.resolve("d.mhd"), header.replaceFirst("(?m)^ElementSpacing = .*", "ElementSpacing = 1 1 9"));
        assertThat(ScanFile.content(folder.resolve("d.mhd")))
                .as("another spacing is another scan to compute with")
                .isNotEqualTo(before);
        Files.writeString(folder.resolve("d.mhd"), header);
        assertThat(ScanFile.content(folder.resolve("d.mhd"))).isEqualTo(before);
        assertThat(ScanFile.read(folder.resolve("b.nrrd")).voxels())
                .isEqualTo(Scans.ct(2).voxels());
        assertThatThrownBy(() -> ScanFile.read(folder.resolve("organs.nrrd"))).hasMessageContaining("a label map");
    }

    @Test
    void imagesAndLabelsPairAcrossFormats() throws IOException {
        Scans.write(Scans.ct(1), folder.resolve("images/a.mha"), Stored.INT16);
        Scans.write(Scans.blocks(), folder.resolve("labels/a.nrrd"), Stored.UINT8);
        Scans.write(Scans.ct(2), folder.resolve("images/b.nrrd"), Stored.INT16);
        Scans.write(Scans.blocks(), folder.resolve("labels/b.nii.gz"), Stored.UINT8);
        LabelledSet data = LabelledSet.open(List.of(folder), null);
        assertThat(data.cases()).extracting(LabelledCase::id).containsExactly("images/a", "images/b");
        assertThat(data.cases().get(0).label()).isEqualTo(folder.resolve("labels/a.nrrd"));
        assertThat(data.findings()).isEmpty();
    }

    @Test
    void listsAndVerificationKnowAllFormats() throws IOException, InterruptedException {
        Scans.write(Scans.ct(1), folder.resolve("a.nrrd"), Stored.INT16);
        Scans.write(Scans.ct(2), folder.resolve("b.mha"), Stored.INT16);
        Path list = Files.writeString(folder.resolve("list.csv"), "image\na.nrrd\nb.mha\n");
        assertThat(DataSet.open(List.of(list), null).cases())
                .extracting(Case::id)
                .containsExactly("a", "b");
        byte[] whole = Files.readAllBytes(folder.resolve("a.nrrd"));
        Files.write(folder.resolve("a.nrrd"), Arrays.copyOf(whole, whole.length - 20));
        Verification found = Verification.run(List.of(list), null, 1, (done, files, left) -> {});
        assertThat(found.read()).isEqualTo("2 images and 0 label maps");
        assertThat(found.checks())
                .filteredOn(check -> check.level() == Check.Level.ERROR)
                .extracting(check -> check.path().getFileName().toString() + " " + check.kind())
                .containsExactly("a.nrrd TRUNCATED");
    }

    /** The same MetaImage as a header and its voxels. */
    private static void apart(Path whole, Path header, Path voxels) throws IOException {
        String mark = "ElementDataFile = LOCAL\n";
        byte[] bytes = Files.readAllBytes(whole);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(mark) + mark.length();
        Files.writeString(header, text.substring(0, end).replace("LOCAL", voxels.getFileName() + ""));
        Files.write(voxels, Arrays.copyOfRange(bytes, end, bytes.length));
    }
}
