package org.voco4j.program.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.recipe.UsageException;

class DicomWebTest {
    private static final Patience SHORT =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(4), Duration.ofMillis(10));
    private static final String A = "1.2.3.4.1";
    private static final Map<String, String> LOGIN = Map.of("VOCO_DICOMWEB_TOKEN", "very.secret/token");

    private final PretrainFixture.Ears ears = new PretrainFixture.Ears();

    @TempDir
    private Path folder = Path.of("");

    private FakeArchive archive;
    private DicomWeb web;

    DicomWebTest() throws IOException {
        archive = new FakeArchive();
        web = DicomWeb.at(archive.url() + "/", LOGIN, SHORT, ears);
    }

    @BeforeEach
    void oneObject() {
        archive.add(A, 5000);
    }

    @AfterEach
    void close() {
        archive.close();
    }

    private Path fetch() throws IOException {
        Path file = folder.resolve("a.dcm");
        web.fetch(new DicomWeb.Series(FakeArchive.STUDY, FakeArchive.SERIES, "CT"), A, file);
        return file;
    }

    @Test
    void seriesAndTheirStudies() throws IOException {
        DicomWeb.Series series = new DicomWeb.Series(FakeArchive.STUDY, FakeArchive.SERIES, "CT");
        assertThat(web.seriesOf(FakeArchive.STUDY)).containsExactly(series);
        assertThat(web.series(FakeArchive.SERIES)).isEqualTo(series);
        assertThatThrownBy(() -> web.seriesOf("9.9"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--study: the archive has no study 9.9");
        assertThatThrownBy(() -> web.series("1.2.9"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--series: the archive has no series 1.2.9");
        assertThatThrownBy(() -> web.seriesOf("../x"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--study: expected a UID such as 1.2.840.113619.2.55, found '../x'");
    }

    /** Archives that give fewer entries than asked for, and those that give the first ones again and again. */
    @Test
    void listsComeWholeInPages() throws IOException {
        for (int i = 2; i < 8; i++) {
            archive.add("1.2.3.4." + i, 1);
        }
        DicomWeb.Series series = web.series(FakeArchive.SERIES);
        archive.page = 3;
        assertThat(web.instances(series)).containsExactlyElementsOf(archive.objects.keySet());
        archive.page = 100;
        archive.honoursOffset = false;
        assertThat(web.instances(series)).containsExactlyElementsOf(archive.objects.keySet());
    }

    @Test
    void namesThatAreNoUidsAreRefused() {
        archive.objects.put("../../etc/passwd", new byte[1]);
        assertThatThrownBy(() -> web.instances(web.series(FakeArchive.SERIES)))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("expected a UID in 00080018, found '../../etc/passwd'");
    }

    @Test
    void whatMayPassIsTriedAgain() throws IOException {
        archive.faults.addAll(
                List.of(FakeArchive.status(503, "busy"), archive.cut(A), archive.unended(A), archive.silent(A)));
        assertThat(fetch()).hasBinaryContent(archive.objects.get(A));
        assertThat(archive.asked(A)).isEqualTo(5);
        assertThat(ears.warnings).hasSize(4).allSatisfy(line -> assertThat(line).contains("; trying again in 1 s"));
        assertThat(ears.warnings.get(0)).contains("the archive answers with status 503, busy");
        assertThat(ears.warnings.get(1)).contains("the transfer broke off");
        assertThat(ears.warnings.get(2)).contains("the answer ends before its last boundary");
        assertThat(ears.warnings.get(3)).contains("the transfer stood still");
        assertThat(folder.toFile().list()).containsExactly("a.dcm");
    }

    /** What an archive that is broken, or none, may send instead: refused at once, and no file is left. */
    @Test
    void answersThatAreNoObjects() {
        Map<FakeArchive.Fault, String> answers = new LinkedHashMap<>();
        answers.put(FakeArchive.status(200, "x"), "expected multipart/related with a boundary, found text/plain");
        answers.put(
                exchange -> FakeArchive.reply(exchange, 200, "multipart/related", new byte[9]),
                "expected multipart/related with a boundary, found multipart/related");
        answers.put(FakeArchive.endless(FakeArchive.TYPE, '\0'), "the answer has a part of more than 16,384 bytes");
        answers.put(
                exchange -> FakeArchive.reply(exchange, 200, FakeArchive.TYPE, "--b--\r\n".getBytes(US_ASCII)),
                "the answer holds no object");
        answers.forEach((fault, sentence) -> {
            archive.faults.add(fault);
            assertThatThrownBy(this::fetch)
                    .hasMessageEndingWith(": " + sentence)
                    .hasMessageStartingWith(archive.url());
        });
        assertThat(archive.asked(A)).isEqualTo(answers.size());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void listsThatAreNone() throws IOException {
        DicomWeb.Series series = web.series(FakeArchive.SERIES);
        Map<FakeArchive.Fault, String> answers = new LinkedHashMap<>();
        answers.put(FakeArchive.status(200, "<html/>"), "expected application/dicom+json, found text/plain");
        answers.put(FakeArchive.status(200, "[".repeat(100_000)), "expected application/dicom+json, found text/plain");
        answers.put(FakeArchive.status(200, "[{}]"), "expected a UID in 00080018, found ''");
        answers.put(FakeArchive.status(200, "{\"a\":[1]}"), "expected a UID in 00080018, found ''");
        answers.put(FakeArchive.endless("application/dicom+json", ' '), "the answer is longer than 67108864 bytes");
        String many = IntStream.range(0, 100_001)
                .mapToObj(i -> "{\"00080018\":{\"Value\":[\"1." + i + "\"]}}")
                .collect(Collectors.joining(",", "[", "]"));
        answers.put(FakeArchive.status(200, many), "the archive lists more than 100000 entries");
        answers.forEach((fault, sentence) -> {
            archive.lists.add(fault);
            assertThatThrownBy(() -> web.instances(series)).hasMessageEndingWith(": " + sentence);
        });
    }

    @Test
    void afterFiveAttemptsItIsOver() {
        for (int i = 0; i < 5; i++) {
            archive.faults.add(archive.cut(A));
        }
        assertThatThrownBy(this::fetch).hasMessageContaining("the transfer broke off");
        assertThat(archive.asked(A)).isEqualTo(5);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusalsSayWhatTheArchiveSaid() {
        archive.faults.add(FakeArchive.status(404, "{\"Details\":\"x\",\"Message\":\"Unknown\\nresource\"}"));
        assertThatThrownBy(this::fetch)
                .hasMessage(archive.url() + "/studies/1.2.3/series/1.2.3.4/instances/" + A
                        + ": the archive answers with status 404, Unknown resource");
        archive.faults.add(FakeArchive.status(400, "<html><style>p {}</style><p>" + "no ".repeat(900) + "</html>"));
        assertThatThrownBy(this::fetch)
                .hasMessageContaining("status 400, no no no")
                .message()
                .hasSizeLessThan(300);
        archive.faults.add(FakeArchive.status(401, ""));
        assertThatThrownBy(this::fetch)
                .hasMessageContaining("status 401; VOCO_DICOMWEB_TOKEN, or VOCO_DICOMWEB_USER and");
        assertThat(archive.asked(A)).isEqualTo(3);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void nobodyThere() {
        archive.close();
        assertThatThrownBy(this::fetch).hasMessageContaining("nobody answers there");
        assertThat(ears.warnings).hasSize(4);
    }

    @Test
    void otherObjectsAreRefused() {
        archive.objects.put(A, FakeArchive.object("1.2.3.4.2", 10));
        assertThatThrownBy(this::fetch).hasMessageEndingWith("expected the object " + A + ", found 1.2.3.4.2");
        archive.objects.put(A, new byte[500]);
        assertThatThrownBy(this::fetch).hasMessageEndingWith("expected the object " + A + ", found no DICOM file");
        assertThat(folder).isEmptyDirectory();
    }

    /** The login goes to the archive, along on its own ways, to nobody else, and into no sentence. */
    @Test
    void theLoginStaysBetweenTheTwo() throws IOException {
        archive.faults.add(FakeArchive.redirect(archive.url() + "/studies/1.2.3/series/1.2.3.4/instances/" + A));
        fetch();
        assertThat(archive.logins).hasSize(2).containsOnly("Bearer very.secret/token");
        try (FakeArchive other = new FakeArchive()) {
            String there = other.url() + "/studies/1.2.3/series/1.2.3.4/instances/" + A;
            other.add(A, 7);
            archive.faults.add(FakeArchive.redirect(there));
            assertThat(fetch()).hasBinaryContent(other.objects.get(A));
            assertThat(other.logins).containsExactly("null");
            other.faults.add(FakeArchive.redirect(archive.url() + "/studies/1.2.3/series/1.2.3.4/instances/" + A));
            archive.faults.add(FakeArchive.redirect(there));
            fetch();
            assertThat(archive.logins.get(archive.logins.size() - 1))
                    .as("back again")
                    .isEqualTo("null");
            other.requests.clear();
            archive.faults.add(FakeArchive.redirect(other.url() + "/studies"));
            Path file = Files.write(folder.resolve("to-store"), FakeArchive.object(A, 300));
            assertThatThrownBy(() -> web.store(file))
                    .hasMessageContaining("sends on to " + other.url().replace("/web", "") + ", where nothing is sent");
            assertThat(other.requests).isEmpty();
        }
        for (String wrong : List.of("file:///etc/passwd", "ftp://localhost/a", "http:///a", "http://[", "data:,a")) {
            archive.faults.add(FakeArchive.redirect(wrong));
            assertThatThrownBy(this::fetch).hasMessageContaining("the archive sends on to ");
        }
        archive.faults.add(exchange -> {
            String login =
                    exchange.getRequestHeaders().getFirst("Authorization").replace("/", "\\/");
            FakeArchive.status(403, "{\"Message\":\"not " + login + "\"}").answer(exchange);
        });
        assertThatThrownBy(this::fetch).hasMessageEndingWith("status 403, not Bearer …");
        archive.faults.addAll(Collections.nCopies(9, FakeArchive.redirect("/web/studies/a/instances/b")));
        assertThatThrownBy(this::fetch).hasMessageContaining("sends on from one address to another without end");
    }

    @Test
    void anObjectIsStoredAsItIs() throws IOException {
        Path file = Files.write(folder.resolve("a"), FakeArchive.object(A, 300));
        archive.faults.add(FakeArchive.status(503, "busy"));
        assertThat(web.store(file)).isEmpty();
        assertThat(archive.stored)
                .singleElement()
                .asString()
                .contains(new String(FakeArchive.object(A, 300), StandardCharsets.ISO_8859_1))
                .startsWith("--voco-")
                .contains("\r\nContent-Type: application/dicom\r\n\r\n");
        Path other = Files.write(folder.resolve("b"), new byte[200]);
        assertThatThrownBy(() -> web.store(other)).hasMessageEndingWith("expected a DICOM file, found another");
    }

    private void answer(int status, String sequence, String attribute, int reason) {
        archive.faults.add(FakeArchive.status(
                status,
                "{\"" + sequence + "\":{\"vr\":\"SQ\",\"Value\":[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"" + A
                        + "\"]},\"" + attribute + "\":{\"vr\":\"US\",\"Value\":[" + reason + "]}}]}}"));
    }

    @Test
    void whatTheArchiveSaysAboutStoring() throws IOException {
        Path file = Files.write(folder.resolve("a"), FakeArchive.object(A, 300));
        answer(409, "00081198", "00081197", 0x0111);
        assertThat(web.store(file)).as("it had it").isEmpty();
        answer(200, "00081199", "00081196", 0xB000);
        assertThat(web.store(file)).isEqualTo("B000H");
        answer(409, "00081198", "00081197", 0x0122);
        assertThatThrownBy(() -> web.store(file))
                .hasMessage(archive.url() + "/studies: the archive did not store " + A + ", reason 0122H");
        answer(202, "00081198", "00081197", 0xA700);
        assertThat(web.store(file)).as("it was full for a moment").isEmpty();
        archive.faults.add(FakeArchive.status(409, "<p>No room</p>"));
        assertThatThrownBy(() -> web.store(file)).hasMessageEndingWith("status 409, No room");
        archive.faults.add(FakeArchive.status(200, "<NativeDicomModel/>"));
        assertThat(web.store(file)).isEmpty();
    }

    /** A certificate that nobody vouches for is refused at once, and taken where it is trusted. */
    @Test
    void certificates() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("keys");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit",
                        "-alias",
                        "a")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "changeit".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            try (exchange) { // an answer is sent when it is closed, from Java 25 on not before
                FakeArchive.reply(exchange, 200, "application/dicom+json", "[]".getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
        String url = "https://localhost:" + server.getAddress().getPort() + "/web";
        SSLContext usual = SSLContext.getDefault();
        try {
            assertThatThrownBy(() -> DicomWeb.at(url, LOGIN, SHORT, ears).seriesOf("1.2"))
                    .hasMessageContaining(": no secure connection: ")
                    .hasMessageContaining("javax.net.ssl.trustStore=FILE");
            assertThat(ears.warnings).isEmpty();
            SSLContext.setDefault(context);
            assertThatThrownBy(() -> DicomWeb.at(url, LOGIN, SHORT, ears).seriesOf("1.2"))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("--study: the archive has no study 1.2");
        } finally {
            SSLContext.setDefault(usual);
            server.stop(0);
        }
    }
}
