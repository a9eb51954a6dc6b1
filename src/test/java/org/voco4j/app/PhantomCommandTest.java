package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.DataSet;
import org.voco4j.corpus.LabelledCase;
import org.voco4j.corpus.LabelledSet;
import org.voco4j.phantom.Organ;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PhantomCommandTest extends CommandFixture {

    @Test
    void writesTorsosWithLabelsOnTheSameGridAndRepeatsThemBySeed(@TempDir Path folder) throws IOException {
        String first = folder.resolve("a").toString();
        assertThat(run("phantom", "--out", first, "--cases", "2", "--seed", "5", "--labels", "--json"))
                .isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.get("files").size()).isEqualTo(2);
        Path file = Path.of(document.get("files").get(1).stringValue());
        Volume image = new Nifti().read(file);
        Volume labels = new Nifti().read(file.resolveSibling("labels").resolve(file.getFileName()));
        assertThat(labels.shape()).isEqualTo(image.shape());
        assertThat(labels.affine()).isEqualTo(image.affine());
        float highest = 0;
        for (float label : labels.voxels()) {
            highest = Math.max(highest, label);
        }
        assertThat(highest).isBetween(5f, (float) Organ.values().length);
        Path list = Path.of(document.get("dataset").stringValue());
        assertThat(list).isEqualTo(Path.of(first).resolve("dataset.json"));
        LabelledSet listed = LabelledSet.open(List.of(list), null);
        assertThat(listed.cases()).extracting(LabelledCase::id).containsExactly("torso_0001", "torso_0002");
        assertThat(listed.cases().get(1).image()).isEqualTo(file);
        assertThat(listed.cases().get(1).label())
                .isEqualTo(file.resolveSibling("labels").resolve(file.getFileName()));
        assertThat(listed.labels()).hasSize(11).containsEntry(0, "background").containsEntry(6, "right_kidney");
        assertThat(listed.findings()).isEmpty();
        LabelledSet found = LabelledSet.open(List.of(Path.of(first)), null); // the folder says the same
        assertThat(found.digest()).isEqualTo(listed.digest());
        // pre-training sees every image once, and no label map
        assertThat(DataSet.open(List.of(Path.of(first)), null).cases()).hasSize(2);
        assertThat(DataSet.open(List.of(list, Path.of(first)), null).cases()).hasSize(2);

        String second = folder.resolve("b").toString();
        assertThat(run("phantom", "--out", second, "--cases", "2", "--seed", "5", "-q"))
                .isEqualTo(ExitCode.DONE);
        Path again = Path.of(second).resolve(file.getFileName());
        assertThat(Files.mismatch(file, again)).isEqualTo(-1);
        assertThat(Files.mismatch(again, again.resolveSibling("torso_0001.nii.gz")))
                .isNotEqualTo(-1);
        assertThat(Path.of(second).resolve("labels")).doesNotExist();
        assertThat(Path.of(second).resolve("dataset.json")).doesNotExist();

        String third = folder.resolve("c").toString();
        assertThat(run("phantom", "--out", third, "--cases", "1", "--seed", "5", "--height", "0.2", "-q"))
                .isEqualTo(ExitCode.DONE);
        Path part = Path.of(third).resolve("torso_0001.nii.gz");
        int whole = new Nifti()
                .read(again.resolveSibling("torso_0001.nii.gz"))
                .shape()
                .z();
        assertThat(new Nifti().read(part).shape().z()).isBetween(whole / 5, whole - 1);
    }

    @Test
    void refusesNumbersThatMakeNoSense(@TempDir Path folder) throws IOException {
        assertThat(run("phantom", "--out", folder.toString(), "--cases", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--cases must be from 1");
        assertThat(run("phantom", "--out", folder.resolve("y").toString(), "--cases", "1", "--height", "1.5"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--height must be above 0 and at most 1, not 1.5");
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(run("phantom", "--out", file.resolve("x").toString(), "--cases", "1"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--out: the folder");
    }
}
