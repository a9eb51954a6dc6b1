package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Nifti;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LocateCommandTest extends CommandFixture {
    @TempDir
    private static Path shared = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void makeScansAndARun() throws IOException {
        String data = shared.resolve("data").toString();
        assertThat(quietly("phantom", "--out", data, "--cases", "4", "--labels"))
                .isEqualTo(ExitCode.DONE);
        String pretrain = "pretrain --data " + data + " --out " + shared.resolve("run") + " --steps 2 --threads 1"
                + " --set crop.size=8 --set model.channels=[4,8] --set batch.randomCrops=2";
        assertThat(quietly(pretrain.split(" "))).isEqualTo(ExitCode.DONE);
        Safetensors.write(
                shared.resolve("segmenter.safetensors"),
                Map.of("w", Tensor.zeros(DType.F32, 2)),
                Map.of("voco4j.kind", "segmentation"));
        Files.writeString(shared.resolve("text.txt"), "no scan");
        Files.writeString(shared.resolve("text.nii"), "no scan");
        Shape3 small = Shape3.cube(6);
        new Nifti().write(new Volume(small, Affine.identity(), new float[216]), shared.resolve("small.nii"));
    }

    /** A command of words, with DIR for the folder of scans and the run, and OWN for the test's own. */
    private int locate(String line) {
        List<String> args = new ArrayList<>(List.of("locate", "--threads", "1"));
        for (String word : line.split(" ")) {
            args.add(word.replace("DIR", shared.toString()).replace("OWN", folder.toString()));
        }
        return run(args.toArray(String[]::new));
    }

    @Test
    void aRunLocatesCropsInItsScanWithATableAndAPicture() throws IOException {
        assertThat(locate("--weights DIR/run -i DIR/data/torso_0001.nii.gz -o OWN/a.png"))
                .isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains("16 crops of torso_0001 among the bases of the same scan")
                .contains("against the 16 bases of the same scan:")
                .contains("base  true share  predicted  largest")
                .contains("of 16 crops are placed right (by chance about 1.0)")
                .contains("Within one scan a crop shares voxels with its base")
                .contains("Picture: " + folder.resolve("a.png"));
        assertThat(ImageIO.read(folder.resolve("a.png").toFile()).getWidth()).isGreaterThan(1000);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theModelFileAloneLocatesACropInAnotherScanAndSaysItInJson() throws IOException {
        String line = "--weights DIR/run/model.safetensors -i DIR/data/torso_0001.nii.gz"
                + " --against DIR/data/torso_0002.nii.gz --crop 1,50,30 -o OWN/b.PNG --json";
        assertThat(locate(line)).isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.propertyNames())
                .containsExactly(
                        "from",
                        "against",
                        "crops",
                        "bases",
                        "truth",
                        "predicted",
                        "shown",
                        "moved",
                        "top1",
                        "rankCorrelation",
                        "weights",
                        "picture");
        assertThat(document.path("against").asString()).endsWith("torso_0002.nii.gz");
        assertThat(document.path("crops").size()).isEqualTo(17);
        assertThat(document.path("shown").asInt()).isEqualTo(16);
        assertThat(document.path("moved").asBoolean()).isTrue();
        JsonNode crop = document.path("crops").path(16);
        assertThat(crop.path("box").path(0).asInt()).isZero();
        assertThat(crop.path("centre").path(1).asInt()).isBetween(49, 51);
        assertThat(document.path("truth").path(16).size())
                .isEqualTo(document.path("bases").size())
                .isEqualTo(16);
        assertThat(folder.resolve("b.PNG")).isRegularFile();
        assertThat(err.toString())
                .contains("1,50,30 sticks out of the prepared scan; moved")
                .contains("hold as far as both scans show the same part of the body");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-i DIR/none.nii.gz | none.nii.gz: expected a scan, found nothing there",
                "-i DIR/data | data: expected a scan, found a folder",
                "-i DIR/text.txt | text.txt: expected a file of NIfTI (.nii, .nii.gz, .hdr, .hdr.gz), NRRD",
                "-i DIR/text.nii | text.nii: expected",
                "-i DIR/small.nii | small.nii: 6x6x6 is too small: expected at least 16 voxels",
                "-i DIR/data/labels/torso_0001.nii.gz | expected a scan, found a label map: it holds only",
                "-i DIR/data/torso_0001.nii.gz --against DIR/none.nii | none.nii: expected a scan, found nothing",
                "-i DIR/data/torso_0001.nii.gz --against DIR/data/torso_0001.nii.gz | --against is the scan itself",
                "-i DIR/data/torso_0001.nii.gz --crop 1,2 | expected three whole numbers X,Y,Z such as 250,180,40, not '1,2'",
                "-i DIR/data/torso_0001.nii.gz --crop 1,b,3 | expected three whole numbers X,Y,Z",
                "-i DIR/data/torso_0001.nii.gz --crop 999,50,30 | --crop 999,50,30 lies outside",
                "-i DIR/data/torso_0001.nii.gz -o DIR/data/torso_0002.nii.gz | a name that ends with .png",
                "-i DIR/data/torso_0001.nii.gz -o OWN/none/x.png | -o: there is no folder for a file",
                "-i DIR/data/torso_0001.nii.gz --weights DIR/segmenter.safetensors | holds weights of another kind (segmentation)",
                "-i DIR/data/torso_0001.nii.gz --weights DIR/run/checkpoint_latest.safetensors | (voco-pretrain-checkpoint)",
                "-i DIR/data/torso_0001.nii.gz --weights DIR/data | has no model.safetensors",
            })
    void wrongInputIsASentenceAndCode2(String line, String sentence) {
        String weights = line.contains("--weights") ? "" : " --weights DIR/run";
        String picture = line.contains("-o ") ? "" : " -o OWN/c.png";
        assertThat(locate(line + weights + picture)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }
}
