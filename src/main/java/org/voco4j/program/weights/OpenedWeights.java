package org.voco4j.program.weights;

import java.io.IOException;
import java.nio.file.Path;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.file.FileReason;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.UsageException;

/** Files of weights, opened for a moment. */
final class OpenedWeights {
    private OpenedWeights() {}

    /** Does something with a file of weights. */
    @FunctionalInterface
    interface Use<T> {
        T with(WeightFile file) throws IOException;
    }

    /**
     * Opens a file of weights, or that of a run's folder.
     *
     * @throws UsageException if there is none, or it is damaged, of another format or made to do harm
     */
    static <T> T read(Path path, Use<T> use) {
        try (WeightFile file = WeightFile.open(PretrainedWeights.file(path))) {
            return use.with(file);
        } catch (IOException e) {
            throw new UsageException(FileReason.of(e), e);
        }
    }
}
