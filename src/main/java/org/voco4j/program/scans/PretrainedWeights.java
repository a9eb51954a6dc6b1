package org.voco4j.program.scans;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.network.recognise.Architecture;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.volume.Spacing;

/**
 * Weights to start from.
 *
 * @param tensors by name, on the CPU; shared by runs, none of which changes them
 * @param about what the file says about itself
 * @param digest SHA-256 of the file
 * @param split the scans of the run that the weights are from; null if it is not known
 */
public record PretrainedWeights(
        Map<String, Tensor> tensors,
        Map<String, String> about,
        String digest,
        @Nullable ScanSplit split) {

    /** Weights of an unknown run. */
    public PretrainedWeights(Map<String, Tensor> tensors, Map<String, String> about, String digest) {
        this(tensors, about, digest, null);
    }

    /** The method that pre-trained them, as {@code voco/paper}; null if the file does not say. */
    public @Nullable String method() {
        return about.get("voco4j.method");
    }

    /**
     * The file of weights that is meant.
     *
     * @param path a run's folder, or the file itself
     * @throws UsageException if there is none
     */
    public static Path file(Path path) {
        try {
            return ModelFile.find(path);
        } catch (IOException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Reads weights.
     *
     * @param path a run's folder, or a {@code .safetensors}, {@code .pt} or {@code .pth} file
     * @throws UsageException if there are none, or the file is damaged
     */
    public static PretrainedWeights read(Path path) {
        file(path);
        try {
            ModelFile read = ModelFile.read(path);
            ScanSplit split = Files.isDirectory(path) ? ScanSplit.read(path) : null;
            return new PretrainedWeights(read.tensors(), read.about(), read.digest(), split);
        } catch (IOException e) {
            throw new UsageException("weights: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses weights that were trained in a network that is put together otherwise: they might fit all the same, and mean
     * something else.
     *
     * @param name the key below {@code model}
     * @param own its value here
     * @throws UsageException if the file says so
     */
    public void requireSame(String name, String own) {
        String theirs = about.getOrDefault("voco4j." + name, own);
        if (!theirs.equals(own)) {
            throw new UsageException(
                    "the weights were trained with model." + name + "=" + theirs + ", this network has " + own);
        }
    }

    /** What network they are of: as the file says, else as names and shapes tell. */
    public String network(Backbone own) {
        Map<String, String> said = new LinkedHashMap<>(own.facts());
        said.replaceAll((name, value) -> about.getOrDefault("voco4j." + name, ""));
        said.values().removeIf(String::isEmpty);
        if (!said.isEmpty()) {
            return "the weights were trained with " + said;
        }
        Map<String, long[]> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return "the file holds "
                + Architecture.recognise(shapes).stream()
                        .map(Architecture::sentence)
                        .collect(Collectors.joining("; "));
    }

    /** Features of scans whose intensities or spacing were others may be worth little. */
    public void warnOfOtherScans(Map<String, String> intensity, @Nullable Spacing spacing, RunLog log) {
        Map<String, String> own = new LinkedHashMap<>(intensity);
        own.put("spacing", String.valueOf(spacing));
        own.forEach((name, value) -> {
            String theirs = about.getOrDefault("voco4j." + name, value);
            if (!theirs.equals(value)) {
                log.warn("The weights were trained on scans with data." + name + " " + theirs + ", here it is " + value
                        + ".");
            }
        });
    }
}
