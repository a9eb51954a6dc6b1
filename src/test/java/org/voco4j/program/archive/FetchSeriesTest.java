package org.voco4j.program.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.program.pretrain.PretrainFixture;

class FetchSeriesTest {
    private static final int OBJECTS = 12;

    private final FakeArchive archive;
    private final DicomWeb web;

    @TempDir
    private Path out = Path.of("");

    FetchSeriesTest() throws IOException {
        archive = new FakeArchive();
        Patience patience = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(10));
        web = DicomWeb.at(archive.url(), Map.of(), patience, new PretrainFixture.Ears());
    }

    @BeforeEach
    void aSeries() {
        for (int i = 0; i < OBJECTS; i++) {
            archive.add("1.2.3.4." + i, 1000 * i);
        }
    }

    @AfterEach
    void close() {
        archive.close();
    }

    private FetchSeries.Outcome fetch() throws IOException {
        archive.requests.clear();
        return FetchSeries.run(web, web.seriesOf(FakeArchive.STUDY), out, new PretrainFixture.Ears());
    }

    /** The folder with its name holds the series, whole, and nothing else is there. */
    private void requireWhole() throws IOException {
        try (Stream<Path> all = Files.list(out)) {
            assertThat(all).containsExactly(out.resolve(FakeArchive.SERIES));
        }
        try (Stream<Path> files = Files.list(out.resolve(FakeArchive.SERIES))) {
            assertThat(files).hasSize(archive.objects.size());
        }
        archive.objects.forEach(
                (uid, bytes) -> assertThat(out.resolve(FakeArchive.SERIES).resolve(uid + ".dcm"))
                        .hasBinaryContent(bytes));
    }

    private List<String> fetchedObjects() {
        return archive.requests.stream()
                .filter(path -> path.contains("/instances/"))
                .toList();
    }

    @Test
    void aSeriesComesOnce() throws IOException {
        FetchSeries.Outcome first = fetch();
        requireWhole();
        assertThat(first.fetched()).isEqualTo(OBJECTS);
        assertThat(first.bytes())
                .isEqualTo(archive.objects.values().stream()
                        .mapToLong(bytes -> bytes.length)
                        .sum());
        assertThat(first.series()).singleElement().satisfies(one -> {
            assertThat(one.instances()).isEqualTo(OBJECTS);
            assertThat(one.series().modality()).isEqualTo("CT");
        });
        FetchSeries.Outcome second = fetch();
        requireWhole();
        assertThat(second.kept()).isEqualTo(OBJECTS);
        assertThat(second.fetched()).isZero();
        assertThat(fetchedObjects()).isEmpty();
    }

    @Test
    void whatIsMissingComesLater() throws IOException {
        archive.faults.add(FakeArchive.status(404, "gone"));
        assertThatThrownBy(this::fetch).hasMessageEndingWith("status 404, gone");
        assertThat(out.resolve(FakeArchive.SERIES)).doesNotExist();
        int there;
        try (Stream<Path> files = Files.list(out.resolve("." + FakeArchive.SERIES + ".part"))) {
            List<Path> whole = files.toList();
            there = whole.size();
            for (Path file : whole) {
                assertThat(file)
                        .hasBinaryContent(archive.objects.get(
                                file.getFileName().toString().replace(".dcm", "")));
            }
        }
        assertThat(there).isLessThan(OBJECTS);
        Files.writeString(out.resolve("." + FakeArchive.SERIES + ".part/.1.2.3.4.0.dcm.killed.part"), "half");
        FetchSeries.Outcome second = fetch();
        requireWhole();
        assertThat(second.kept()).isEqualTo(there);
        assertThat(fetchedObjects()).hasSize(OBJECTS - there);
    }

    @Test
    void aSeriesThatGrewGetsWhatItLacks() throws IOException {
        fetch();
        archive.add("1.2.3.4.99", 50);
        Files.write(out.resolve(FakeArchive.SERIES).resolve("1.2.3.4.3.dcm"), new byte[3]);
        FetchSeries.Outcome second = fetch();
        requireWhole();
        assertThat(second.fetched()).isEqualTo(2);
    }
}
