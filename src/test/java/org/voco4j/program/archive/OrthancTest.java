package org.voco4j.program.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.TestData;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.SegmentNames;
import org.voco4j.volume.SegmentNames.CodedTerm;
import org.voco4j.volume.SegmentNames.Segment;
import org.voco4j.volume.SegmentNames.Terms;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.dicom.DataSet;
import org.voco4j.volume.format.dicom.DicomFile;
import org.voco4j.volume.format.dicom.SegmentationObject;
import org.voco4j.volume.format.dicom.Tag;

/** A real archive where one is installed: Orthanc with its DICOMweb plugin, on the loopback and with a login. */
class OrthancTest {
    private static final Path PROGRAM = Path.of("/usr/sbin/Orthanc");
    private static final Path PLUGIN = Path.of("/usr/share/orthanc/plugins/libOrthancDicomWeb.so");
    private static final String USER = "VOCO_DICOMWEB_USER";
    private static final String PASSWORD = "VOCO_DICOMWEB_PASSWORD";

    @TempDir
    private static Path folder = Path.of("");

    private static Path series = Path.of("");
    private static String url = "";
    private static @Nullable Process orthanc;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Files.exists(PROGRAM) && Files.exists(PLUGIN),
                "Orthanc is not installed (Debian: orthanc, orthanc-dicomweb)");
        series = TestData.path("formats/dicomseg/ct-3slice");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        url = "http://localhost:" + port + "/dicom-web";
        Path config = folder.resolve("orthanc.json");
        Files.writeString(config, """
                {"StorageDirectory": "FOLDER/archive", "IndexDirectory": "FOLDER/archive", "HttpPort": PORT,
                 "DicomServerEnabled": false, "RemoteAccessAllowed": false, "AuthenticationEnabled": true,
                 "RegisteredUsers": {"voco": "right"}, "Plugins": ["PLUGIN"]}
                """.replace("FOLDER", folder.toString())
                .replace("PORT", Integer.toString(port))
                .replace("PLUGIN", PLUGIN.toString()));
        Process started = new ProcessBuilder(PROGRAM.toString(), config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        orthanc = started;
        for (int i = 0; i < 100; i++) {
            try {
                web("right").seriesOf("1.2");
            } catch (UsageException answered) {
                return;
            } catch (IOException notYet) {
                assertThat(started.isAlive())
                        .as(Files.readString(folder.resolve("log")))
                        .isTrue();
                Thread.sleep(200);
            }
        }
        throw new AssertionError("Orthanc does not answer: " + Files.readString(folder.resolve("log")));
    }

    @AfterAll
    static void end() throws InterruptedException {
        if (orthanc != null) {
            orthanc.destroyForcibly().waitFor();
        }
    }

    private static DicomWeb web(String password) {
        Patience patience = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMillis(1));
        return DicomWeb.at(url, Map.of(USER, "voco", PASSWORD, password), patience, new PretrainFixture.Ears());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    @Test
    void nobodyElseIsLetIn() {
        assertThatThrownBy(() -> web("wrong").seriesOf("1.2")).hasMessageContaining("status 401");
    }

    /** Bytes go in and come out, segmentations beside their scan; what is stored twice is there once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSegmentationAndItsScanComeBack(boolean labelMap) throws IOException {
        DicomWeb web = web("right");
        List<Path> scan = files(series);
        for (Path file : scan) {
            assertThat(web.store(file)).isEmpty();
        }
        Volume volume = Formats.any().read(series);
        byte[] classes = new byte[volume.voxels().length];
        Arrays.fill(classes, classes.length / 2, classes.length, (byte) 1);
        CodedTerm tissue = new CodedTerm("85756007", "SCT", "Tissue");
        Segment half = new Segment("half", List.of(1), "#d88265", new Terms(tissue, tissue, null));
        Path written = folder.resolve(labelMap + ".dcm");
        new SegmentationObject(labelMap, new SegmentNames(List.of(half)), "test", "1")
                .write(new LabelMap(volume.shape(), volume.affine(), classes), scan, written);
        assertThat(web.store(written)).isEmpty();
        assertThat(web.store(written)).as("it has it").isEmpty();

        DataSet said = DicomFile.read(written).data();
        String study = said.string(Tag.STUDY_INSTANCE_UID) + "";
        DicomWeb.Series own = web.series(study, said.string(Tag.SERIES_INSTANCE_UID) + "");
        assertThat(own.modality()).isEqualTo("SEG");
        assertThat(web.instances(own)).containsExactly(said.string(Tag.SOP_INSTANCE_UID));
        Path back = folder.resolve("back");
        FetchSeries.run(web, web.seriesOf(study), back, new PretrainFixture.Ears());
        assertThat(back.resolve(own.uid()).resolve(said.string(Tag.SOP_INSTANCE_UID) + ".dcm"))
                .hasSameBinaryContentAs(written);
        for (Path file : scan) {
            DataSet image = DicomFile.read(file).data();
            assertThat(back.resolve(image.string(Tag.SERIES_INSTANCE_UID) + "")
                            .resolve(image.string(Tag.SOP_INSTANCE_UID) + ".dcm"))
                    .hasSameBinaryContentAs(file);
        }
    }
}
