package org.voco4j.downstream.model;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.LoadRequest;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;

/** Networks of one task from the files of their weights, as of the folds of one data set. */
public final class ModelNetworks {
    private ModelNetworks() {}

    /**
     * What several files say that they are for, all the same.
     *
     * @param card reads it of a file's metadata, or refuses them
     * @param facts tells one card from another
     * @throws IOException if one does not say it, or differs from the first
     * @throws IllegalArgumentException if there is no file
     */
    public static <C> C shared(
            List<ModelFile> files, Function<Map<String, String>, C> card, Function<C, Map<String, String>> facts)
            throws IOException {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("expected at least one file of weights");
        }
        C first = null;
        for (ModelFile file : files) {
            try {
                C own = card.apply(file.about());
                if (first != null && !facts.apply(own).equals(facts.apply(first))) {
                    throw new IllegalArgumentException("it is for another task than "
                            + files.get(0).file() + ", and only models of one task can be averaged");
                }
                first = first == null ? own : first;
            } catch (IllegalArgumentException unfit) {
                throw new IOException(file.file() + ": " + unfit.getMessage(), unfit);
            }
        }
        return Objects.requireNonNull(first);
    }

    /**
     * A network with exactly the weights of a file, ready to be asked.
     *
     * @param made makes it, or refuses what it is described by
     * @param described what it is, in words
     * @throws IOException if its weights are others
     */
    public static <N extends Module> N of(ModelFile file, Supplier<N> made, String described, Device device)
            throws IOException {
        try {
            N network = made.get();
            LoadReport report = network.loadMatching(file.tensors(), LoadRequest.of(name -> true));
            if (!report.notInFile().isEmpty()
                    || !report.misfits().isEmpty()
                    || !report.adapted().isEmpty()) {
                throw new IllegalArgumentException("its weights are not those of the network that is described, "
                        + described + ": " + report.sentence());
            }
            network.to(device, DType.F32);
            network.training(false);
            return network;
        } catch (IllegalArgumentException unfit) {
            throw new IOException(file.file() + ": " + unfit.getMessage(), unfit);
        }
    }
}
