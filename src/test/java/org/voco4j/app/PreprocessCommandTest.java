package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.corpus.LabelledSet;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.volume.HuWindow;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PreprocessCommandTest extends CommandFixture {
    private static final String FIRST = "torso_0001.nii.gz";
    private static final Nifti NIFTI = new Nifti();

    @TempDir
    private Path folder = Path.of("");

    private Path data = Path.of("");
    private Path prepared = Path.of("");

    @BeforeEach
    void twoTorsos() {
        data = folder.resolve("data");
        prepared = folder.resolve("prepared");
        assertThat(run("phantom --out " + data + " --cases 2 --labels")).isEqualTo(ExitCode.DONE);
    }

    private int run(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return run(line.split(" "));
    }

    private int prepare(String more) {
        return run("preprocess -i " + data + " -o " + prepared + " --threads 2 " + more);
    }

    private JsonNode document() {
        return JsonMapper.shared().readTree(out.toString());
    }

    @Test
    void filesHoldWhatTrainingSees() throws IOException {
        assertThat(prepare("--set data.spacing=5 --set data.size=[40,36,24]")).isEqualTo(ExitCode.DONE);
        Preprocessing preprocessing =
                new Preprocessing(Spacing.isotropic(5), new HuWindow(-175, 250), 0, new Shape3(40, 36, 24));
        Volume expected = preprocessing.apply(NIFTI.read(data.resolve(FIRST)));
        assertThat(NIFTI.read(prepared.resolve(FIRST)).voxels()).isEqualTo(expected.voxels());
        assertThat(err.toString()).contains("1/2  torso_0001: 40x36x24 voxels", "left");
        assertThat(out.toString()).contains("2 scans prepared");
        assertThat(prepared.resolve("labels")).doesNotExist();
    }

    @Test
    void whatIsThereAndUnchangedIsKept() throws IOException {
        String recipe = "--json --quiet --set data.size=[32,32,16]";
        assertThat(prepare(recipe)).isEqualTo(ExitCode.DONE);
        assertThat(document().path("written").size()).isEqualTo(2);
        FileTime made = Files.getLastModifiedTime(prepared.resolve(FIRST));
        assertThat(prepare(recipe)).isEqualTo(ExitCode.DONE);
        assertThat(document().path("kept").asInt()).isEqualTo(2);
        assertThat(Files.getLastModifiedTime(prepared.resolve(FIRST))).isEqualTo(made);
        // half a file, a lost record, another scan, other steps: each is made again, and nothing else
        byte[] whole = Files.readAllBytes(prepared.resolve(FIRST));
        Files.write(prepared.resolve(FIRST), Arrays.copyOf(whole, whole.length / 2));
        assertWritten(recipe, "torso_0001");
        assertThat(Files.readAllBytes(prepared.resolve(FIRST))).isEqualTo(whole);
        Files.delete(prepared.resolve("torso_0002.preprocessing.json"));
        assertWritten(recipe, "torso_0002");
        Files.copy(data.resolve("torso_0002.nii.gz"), data.resolve(FIRST), StandardCopyOption.REPLACE_EXISTING);
        assertWritten(recipe, "torso_0001");
        assertWritten("--json --quiet --set data.size=[32,32,20]", "torso_0001", "torso_0002");
    }

    private void assertWritten(String recipe, String... ids) {
        assertThat(prepare(recipe)).isEqualTo(ExitCode.DONE);
        assertThat(document().path("written").valueStream().map(JsonNode::asString))
                .containsExactly(ids);
        assertThat(document().path("kept").asInt()).isEqualTo(2 - ids.length);
    }

    @Test
    void oneBadScanDoesNotStopTheOthers() throws IOException {
        Files.write(data.resolve("bad.nii.gz"), new byte[] {1, 2, 3});
        float[] air = new float[20 * 20 * 20];
        Arrays.fill(air, -1000);
        air[0] = -999;
        Volume empty =
                new Volume(Shape3.cube(20), NIFTI.read(data.resolve(FIRST)).affine(), air);
        NIFTI.write(empty, data.resolve("empty.nii.gz"));
        assertThat(prepare("--json --set data.size=[32,32,16]")).isEqualTo(ExitCode.FAILED);
        assertThat(document().path("written").size()).isEqualTo(2);
        assertThat(document().path("failed").toString())
                .contains("bad.nii.gz", "empty.nii.gz", "no voxel lies in the foreground");
        assertThat(err.toString()).contains("Left out: ", "empty.nii.gz");
        assertThat(prepared.resolve("empty.nii.gz")).doesNotExist();
    }

    @Test
    void labelledScansBecomeALabelledDataSet() throws IOException {
        assertThat(prepare("--labels --json --set data.size=[60,60,40]")).isEqualTo(ExitCode.DONE);
        LabelledSet set = LabelledSet.open(List.of(prepared), null);
        LabelledSet original = LabelledSet.open(List.of(data), null);
        assertThat(set.cases()).hasSize(2);
        assertThat(set.labels().values())
                .containsExactlyElementsOf(original.labels().values());
        assertThat(LabelledSet.open(List.of(prepared.resolve("dataset.json")), null)
                        .cases())
                .hasSize(2);
        Volume labels = NIFTI.read(prepared.resolve("labels").resolve(FIRST));
        assertThat(labels.shape()).isEqualTo(new Shape3(60, 60, 40));
        assertThat(LabelMap.of(labels).showsAll(5)).isTrue();
        assertThat(prepare("--labels --json --set data.size=[60,60,40]")).isEqualTo(ExitCode.DONE);
        assertThat(document().path("kept").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsIgnoredStaysIgnored() throws IOException {
        String recipe =
                "--labels --json --quiet --set data.size=[32,32,20] --set labels.liver=4 --set labels.ignore=%s";
        assertThat(prepare(String.format(recipe, "[1,2]"))).isEqualTo(ExitCode.DONE);
        LabelledSet set = LabelledSet.open(List.of(prepared), null);
        LabelSchema schema = LabelSchema.of(Map.of(), set.labels());
        assertThat(schema.names()).containsExactly("liver");
        assertThat(schema.ignored()).containsExactly(LabelSchema.IGNORE);
        Volume labels = NIFTI.read(prepared.resolve("labels").resolve(FIRST));
        assertThat(labels.voxels()).contains(0, 1, LabelSchema.IGNORE).doesNotContain(2, 4);
        assertWritten(String.format(recipe, "2"), "torso_0001", "torso_0002");
    }

    /** Twice as fine, so that nearest neighbours lose nothing. */
    @Test
    void resultsGoBackToTheScansOwnGrid() throws IOException {
        Volume scan = NIFTI.read(data.resolve(FIRST));
        Shape3 shape = scan.shape();
        assertThat(prepare(
                        "--labels --set data.size=[" + 2 * shape.x() + "," + 2 * shape.y() + "," + 2 * shape.z() + "]"))
                .isEqualTo(ExitCode.DONE);
        Path record = prepared.resolve("torso_0001.preprocessing.json");
        Path back = folder.resolve("back.nii.gz");
        String command = "preprocess --back " + record + " -o " + back + " -i ";
        assertThat(run(command + prepared.resolve("labels").resolve(FIRST))).isEqualTo(ExitCode.DONE);
        Volume own = NIFTI.read(data.resolve("labels").resolve(FIRST));
        Volume found = NIFTI.read(back);
        assertThat(found.voxels()).isEqualTo(own.voxels());
        assertThat(NIFTI.header(back).affine())
                .isEqualTo(NIFTI.header(data.resolve(FIRST)).affine());
        assertThat(NIFTI.header(back).dataType()).isEqualTo("uint8");

        assertThat(run(command + prepared.resolve(FIRST))).isEqualTo(ExitCode.DONE);
        float[] expected = new HuWindow(-175, 250).apply(scan).voxels();
        float[] values = NIFTI.read(back).voxels();
        double difference = 0;
        for (int i = 0; i < values.length; i++) {
            difference += Math.abs(values[i] - expected[i]);
        }
        assertThat(difference / values.length).isLessThan(0.02);

        assertThat(run(command + data.resolve(FIRST))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("expected a result on the prepared grid");
        assertThat(run("preprocess --back " + data.resolve("dataset.json") + " -o " + back + " -i " + back))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("expected the .preprocessing.json of a prepared scan");
    }

    @Test
    void whatCannotWorkIsSaidBefore() {
        assertThat(run("preprocess -i " + data + " -o " + data.resolve("prepared")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("need a folder of their own");
        assertThat(run("preprocess -i " + data.resolve(FIRST) + " -o " + data)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("torso_0001.nii.gz is a scan");
        assertThat(run("preprocess -i " + folder.resolve("nothing") + " -o " + prepared))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("preprocess -i " + data + " -o " + data.resolve(FIRST))).isEqualTo(ExitCode.USAGE);
        assertThat(run("preprocess -i " + data + " -o " + prepared + " --set data.sizes=3"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("preprocess -i " + data + " -o " + prepared + " --labels --back " + data))
                .isEqualTo(ExitCode.USAGE);
        assertThat(prepared).doesNotExist();
    }
}
