package org.voco4j.program.fewlabels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.AtomicFile;
import org.voco4j.file.WriteFailure;
import tools.jackson.core.JacksonException;

/**
 * {@code results.jsonl}: a line for every fine-tune that came to its end, on the disk before the next one begins. A
 * process that is killed loses what it had not finished; a last line that was not written whole is cut.
 *
 * <p>Used by several threads at once.
 */
public final class FewLabelsFile implements AutoCloseable {
    private final Path file;
    private final FileChannel lines;
    private final Map<String, FewLabelsResult> results = new LinkedHashMap<>();

    private FewLabelsFile(Path file, FileChannel lines) {
        this.file = file;
        this.lines = lines;
    }

    /**
     * The results of a file, by identity; of a line that was not written whole, and what is behind it, nothing.
     *
     * @return empty where there is no file
     */
    public static Map<String, FewLabelsResult> read(Path file) throws IOException {
        Map<String, FewLabelsResult> results = new LinkedHashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                try {
                    FewLabelsResult result = FewLabelsResult.ofLine(line);
                    results.put(result.identity(), result);
                } catch (JacksonException torn) {
                    break;
                }
            }
        }
        return results;
    }

    /** Opens a file for more results, making it where there is none. */
    public static FewLabelsFile open(Path file) throws IOException {
        Map<String, FewLabelsResult> before = read(file);
        StringBuilder whole = new StringBuilder();
        before.values().forEach(result -> whole.append(result.toLine()).append('\n'));
        AtomicFile.write(file, whole.toString());
        FewLabelsFile opened =
                new FewLabelsFile(file, FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        opened.results.putAll(before);
        return opened;
    }

    /** All results, those of before among them. */
    synchronized Map<String, FewLabelsResult> results() {
        return new LinkedHashMap<>(results);
    }

    /** A result that is there; null if it is not. */
    public synchronized @Nullable FewLabelsResult find(String identity) {
        return results.get(identity);
    }

    /** Adds a result; it is on the disk when this returns. */
    public synchronized void append(FewLabelsResult result) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((result.toLine() + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                lines.write(line);
            }
            lines.force(true);
        } catch (IOException refused) {
            throw WriteFailure.of(file, line.remaining(), refused);
        }
        results.put(result.identity(), result);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
