package org.voco4j.downstream.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.engine.store.StateDict;
import org.voco4j.engine.store.StoredTensor;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.recognise.Architecture;

/**
 * A file of weights, read.
 *
 * @param file where it lies
 * @param tensors by name, on the CPU
 * @param about what the file says about itself
 * @param digest SHA-256 of the file
 */
public record ModelFile(Path file, Map<String, Tensor> tensors, Map<String, String> about, String digest) {
    /** What a finished run calls it. */
    public static final String NAME = "model.safetensors";

    /**
     * The file that is meant.
     *
     * @param path a run's folder, or the file itself
     * @throws IOException if there is none
     */
    public static Path find(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve(NAME) : path;
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    Files.isDirectory(path)
                            ? path + " has no " + NAME + ": it is no run's folder, or its run has not finished"
                            : "there is no file or folder " + path + " to take weights from");
        }
        return file;
    }

    /**
     * Reads weights.
     *
     * @param path a run's folder, or a {@code .safetensors}, {@code .pt} or {@code .pth} file
     * @throws IOException if there are none, or the file is damaged
     */
    public static ModelFile read(Path path) throws IOException {
        Path file = find(path);
        try (WeightFile contents = WeightFile.open(file)) {
            StateDict weights = StateDict.of(contents);
            if (weights.tensors().isEmpty()
                    && weights.others().stream().anyMatch(each -> each.endsWith("numpy array"))) {
                throw new IOException(
                        file + " holds numpy arrays, expected tensors: in Python torch.from_numpy(array) makes"
                                + " them, and torch.save writes them");
            }
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Map.Entry<String, StoredTensor> entry : weights.tensors().entrySet()) {
                tensors.put(entry.getKey(), contents.read(entry.getValue()));
            }
            return new ModelFile(file, tensors, weights.scalars(), sha256(file));
        }
    }

    /**
     * What a model says about itself; its weights are not read.
     *
     * @param path a run's folder, or its {@code model.safetensors}
     * @throws IOException if there is none, it is damaged, or its metadata do not say all that is needed
     */
    public static ModelCard card(Path path) throws IOException {
        Path file = find(path);
        try (WeightFile contents = WeightFile.open(file)) {
            return ModelCard.of(StateDict.of(contents).scalars());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": expected a model of voco finetune, but " + e.getMessage(), e);
        }
    }

    /** The channels of the scans that its network takes, as the shapes tell; 1 where they do not. */
    public int inputChannels() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return Architecture.recognise(shapes).stream()
                .map(network -> network.hyperParameters().get("inputChannels"))
                .filter(Long.class::isInstance)
                .map(channels -> Math.toIntExact((Long) channels))
                .findFirst()
                .orElse(1);
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
