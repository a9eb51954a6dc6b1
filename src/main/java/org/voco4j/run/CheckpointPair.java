package org.voco4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.voco4j.file.AtomicFile;

/**
 * The last two states of a run: {@code checkpoint_latest} and {@code checkpoint_previous}, the one before, to go on from
 * where the latest was damaged.
 *
 * <p>A state is written and synced beside them; then the latest becomes the previous and the new one the latest, by two
 * renames. Killed between them a run has a previous and no latest, at every other moment a whole latest.
 */
public final class CheckpointPair {
    static final String LATEST = "checkpoint_latest.safetensors";
    static final String PREVIOUS = "checkpoint_previous.safetensors";

    private final Path latest;
    private final Path previous;
    private final RunLog log;
    private boolean latestIsWhole; // and of this run: only then it may take the place of the previous one

    public CheckpointPair(RunFolder folder, RunLog log) {
        this.latest = folder.file(LATEST);
        this.previous = folder.file(PREVIOUS);
        this.log = log;
    }

    /** Takes over a checkpoint's state, all of it or nothing. */
    public interface Reader<T> {
        /**
         * Takes it over.
         *
         * @throws IOException if the file is not whole or does not fit; nothing is changed then
         */
        T read(Path checkpoint) throws IOException;
    }

    /** Makes a state the latest one. */
    public void save(AtomicFile.Content state) throws IOException {
        if (latestIsWhole) {
            AtomicFile.write(latest, previous, state);
        } else {
            AtomicFile.write(latest, state);
        }
        latestIsWhole = true;
    }

    /**
     * Takes over the latest state or, saying so, the one before.
     *
     * @return what the reader made of it; empty if there is neither
     * @throws IOException if there are checkpoints, but none can be used
     */
    public <T> Optional<T> load(Reader<T> reader) throws IOException {
        if (Files.notExists(latest) && Files.notExists(previous)) {
            return Optional.empty();
        }
        IOException wrong;
        try {
            T state = read(latest, reader);
            latestIsWhole = true;
            return Optional.of(state);
        } catch (IOException e) {
            wrong = e;
        }
        try {
            T state = read(previous, reader);
            log.warn(wrong.getMessage() + ". Continuing from " + PREVIOUS + ", the state before.");
            return Optional.of(state);
        } catch (IOException alsoWrong) {
            IOException neither = new IOException(
                    "neither checkpoint of the run can be used, and nothing was changed: " + wrong.getMessage() + "; "
                            + alsoWrong.getMessage() + ". Put one back from a copy, or start anew in another folder.",
                    wrong);
            neither.addSuppressed(alsoWrong);
            throw neither;
        }
    }

    private static <T> T read(Path checkpoint, Reader<T> reader) throws IOException {
        if (Files.notExists(checkpoint)) {
            throw new IOException(checkpoint + " is not there");
        }
        return reader.read(checkpoint);
    }
}
