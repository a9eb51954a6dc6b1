package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.TestData;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.Nifti;
import org.voco4j.volume.format.VolumeFormat.Stored;
import org.voco4j.volume.format.dicom.HeaderTexts;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands on folders of DICOM: the numbers are those of the same scan as NIfTI, and headers are not told. */
class DicomCommandTest extends CommandFixture {
    private static final String NAME = "c3l_00189_explicit_le";
    private static final Nifti NIFTI = new Nifti();

    @TempDir
    private static Path shared = Path.of("");

    private static Path slices = Path.of("");
    private static Path nifti = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    /** The same voxels in a file. */
    @BeforeAll
    static void aTwin() throws IOException {
        slices = TestData.path("formats/dicom/" + NAME);
        nifti = Files.createDirectory(shared.resolve("nifti"));
        NIFTI.write(Formats.any().read(slices), nifti.resolve(NAME + ".nii"), Stored.INT16);
    }

    private int run(String line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return run(line.replace("DIR", folder.toString())
                .replace("SLICES", slices.toString())
                .replace("NIFTI", nifti.toString())
                .split(" "));
    }

    private void done(String line) {
        assertThat(run(line)).as("%s: %s", line, err).isEqualTo(ExitCode.DONE);
    }

    private JsonNode json(String file) throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve(file)));
    }

    @Test
    void scansArePreparedToTheSameVoxels() throws IOException {
        String recipe = "--threads 2 --set data.size=[64,64,32]";
        done("preprocess -i SLICES -o DIR/slices " + recipe);
        done("preprocess -i NIFTI -o DIR/nifti " + recipe);
        String file = NAME + ".nii.gz";
        assertThat(folder.resolve("slices/" + file)).hasSameBinaryContentAs(folder.resolve("nifti/" + file));
        JsonNode twins = JsonMapper.shared()
                .readTree(Files.readAllBytes(TestData.path("../reference/dicom_expected.json")))
                .get("nifti_truths");
        int compared = 0;
        for (Map.Entry<String, JsonNode> pair : twins.properties()) {
            String truth = pair.getValue().get("truth").asString();
            Path made = folder.resolve(Integer.toString(compared++));
            done("preprocess -i " + TestData.path(pair.getKey()) + " -o " + made + "/slices " + recipe);
            done("preprocess -i " + TestData.path(truth) + " -o " + made + "/nifti " + recipe);
            assertThat(NIFTI.read(made.resolve("slices/001.nii.gz")).voxels())
                    .as(pair.getKey())
                    .isEqualTo(NIFTI.read(made.resolve("nifti/001_ground_truth.nii.gz"))
                            .voxels());
        }
        assertThat(compared).isEqualTo(5);
    }

    @Test
    void scansAreVerifiedWithTheSameFigures() {
        done("verify SLICES --json");
        JsonNode ofSlices =
                JsonMapper.shared().readTree(out.toString()).get("files").get(0);
        done("verify NIFTI --json");
        JsonNode ofNifti =
                JsonMapper.shared().readTree(out.toString()).get("files").get(0);
        for (String fact : List.of("shape", "spacingMm", "orientation", "min", "max", "nonFinite", "role")) {
            assertThat(ofSlices.get(fact)).as(fact).isNotNull().isEqualTo(ofNifti.get(fact));
        }
    }

    /** With a model that was trained for one step. */
    @Test
    void scansAreSegmentedAndMeasuredWithTheSameNumbers() throws IOException {
        done("phantom --out DIR/data --cases 3 --labels");
        done("finetune -q --steps 1 --threads 1 --data DIR/data --out DIR/run --set data.size=[32,32,16]"
                + " --set patch.size=[16,16,16] --set model.channels=[4,8,8]");
        done("predict --threads 1 --weights DIR/run -i SLICES -o DIR/slices");
        done("predict --threads 1 --weights DIR/run -i NIFTI -o DIR/nifti");
        done("predict --threads 1 --weights DIR/run -i NIFTI -o DIR/truth --overlap 0.25");
        String file = NAME + ".nii.gz";
        assertThat(folder.resolve("slices/" + file)).hasSameBinaryContentAs(folder.resolve("nifti/" + file));
        String same = "evaluate --labels DIR/run --truth DIR/truth/" + file + " --pred DIR/slices/" + file
                + " --weights DIR/run --grid model --images ";
        done(same + "SLICES -o DIR/of_slices");
        done(same + "NIFTI -o DIR/of_nifti");
        assertThat(json("of_slices/summary.json")).isEqualTo(json("of_nifti/summary.json"));
    }

    @Test
    void encodersLearnTheSame() throws IOException {
        done("pretrain -q --steps 1 --threads 1 -r tiny --data SLICES --out DIR/slices");
        done("pretrain -q --steps 1 --threads 1 -r tiny --data NIFTI --out DIR/nifti");
        assertThat(folder.resolve("slices/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("nifti/model.safetensors"));
    }

    @Test
    void aSeriesIsChosenAndAGapFilledOnDemand() {
        String gap = TestData.path("formats/dicom/dicom2nifti/failing/sliceincrement/001")
                .toString();
        assertThat(run("verify " + gap)).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("10 mm between slices 3 and 4", "--fix-geometry");
        done("verify --fix-geometry " + gap);
        assertThat(run("verify " + gap)).isEqualTo(ExitCode.FAILED); // it holds for one command
        String several = TestData.path("formats/dicom/pydicom").toString();
        assertThat(run("preprocess -i " + several + " -o DIR/out --series 9")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--series: ", "none among 5 series (1: 1 image of 128x128; 2: ");
    }

    /** No text of the headers lies in anything that is printed, written, cached or learned. */
    @Test
    void headersAreNotTold() throws IOException {
        Set<String> texts = new TreeSet<>();
        Path data = folder.resolve("data");
        for (Path patient : List.of(slices, TestData.path("ct/totalsegmentator/example_dicom"))) {
            Path copied = Files.createDirectories(data.resolve(patient.equals(slices) ? "one" : "two"));
            int number = 0;
            try (DirectoryStream<Path> files = Files.newDirectoryStream(patient)) {
                for (Path file : files) {
                    texts.addAll(HeaderTexts.of(file));
                    Files.copy(file, copied.resolve("slice" + number++)); // names of files are the user's own
                }
            }
        }
        assertThat(texts).hasSizeGreaterThan(100).anyMatch(text -> text.startsWith("C3L-"));
        Path cut = Files.createDirectories(data.resolve("cut")).resolve("slice");
        byte[] whole = Files.readAllBytes(slices.resolve("1-01.dcm"));
        Files.write(cut, Arrays.copyOf(whole, whole.length - 9));
        List<String> told = new ArrayList<>();
        for (String line : List.of(
                "verify -v DIR/data",
                "verify --json DIR/data",
                "preprocess -v -i DIR/data -o DIR/left/prepared --set data.size=[32,32,16]",
                "pretrain -v --steps 1 --threads 1 -r tiny --data DIR/data --out DIR/left/run --cache=DIR/left/cache")) {
            run(line);
            told.add(out + "" + err);
        }
        assertThat(told).allMatch(words -> words.contains("cut"));
        int files = 0;
        try (Stream<Path> left = Files.walk(folder.resolve("left"))) {
            for (Path file : (Iterable<Path>) left.filter(Files::isRegularFile)::iterator) {
                told.add(folder.relativize(file) + "\n" + new String(bytes(file), StandardCharsets.ISO_8859_1));
                files++;
            }
        }
        assertThat(files).isGreaterThan(10);
        for (String text : texts) {
            for (String words : told) {
                if (words.contains(text)) {
                    throw new AssertionError("'" + text + "' is told by "
                            + words.lines().findFirst().orElse(""));
                }
            }
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return Files.readAllBytes(file);
        }
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            in.transferTo(plain);
            return plain.toByteArray();
        }
    }
}
