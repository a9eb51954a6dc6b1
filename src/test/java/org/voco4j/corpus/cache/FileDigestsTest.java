package org.voco4j.corpus.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestsTest {
    @TempDir
    private Path folder = Path.of("");

    private static String sha(String text) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void itIsTheDigestOfTheWholeContentWhateverTheTimesSay() throws IOException, NoSuchAlgorithmException {
        FileDigests digests = new FileDigests();
        Path file = folder.resolve("a");
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        for (int i = 0; i < 20; i++) { // as fast as it goes, within one tick of many a clock
            String text = "x".repeat(100_000) + (char) ('a' + i);
            Files.writeString(file, text);
            Files.setLastModifiedTime(file, time);
            assertThat(digests.of(file)).isEqualTo(sha(text));
            assertThat(digests.of(file)).isEqualTo(sha(text));
        }
    }

    @Test
    void aSettledFileIsReadAgainOnlyWhenItChanged() throws IOException, InterruptedException, NoSuchAlgorithmException {
        FileDigests digests = new FileDigests();
        Path file = Files.writeString(folder.resolve("a"), "one");
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, time);
        Thread.sleep(2500);
        String first = digests.of(file);
        assertThat(digests.of(file)).isSameAs(first).isEqualTo(sha("one"));
        Files.writeString(file, "two"); // of the same size
        assertThat(digests.of(file)).isEqualTo(sha("two"));
        Files.writeString(file, "one and two");
        Files.setLastModifiedTime(file, time);
        assertThat(digests.of(file)).isEqualTo(sha("one and two"));
    }
}
