package org.voco4j.program.fewlabels;

import java.nio.file.Path;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.program.scans.PretrainedWeights;

/**
 * Weights in a file, of which many fine-tunes begin: each reads them for itself, so that those of many pre-trainings need not lie
 * in memory together.
 *
 * @param path a run's folder, or the file itself
 * @param digest SHA-256 of the file
 */
public record StoredWeights(Path path, String digest) {

    /**
     * Weights that are there.
     *
     * @throws org.voco4j.recipe.UsageException as {@link PretrainedWeights#read}
     */
    public static StoredWeights of(Path path) {
        PretrainedWeights read = PretrainedWeights.read(path);
        close(read);
        return new StoredWeights(path, read.digest());
    }

    /** Reads them; whoever does closes their tensors ({@link #close}). */
    public PretrainedWeights read() {
        return PretrainedWeights.read(path);
    }

    /** Frees weights that were read. */
    public static void close(PretrainedWeights weights) {
        weights.tensors().values().forEach(Tensor::close);
    }
}
