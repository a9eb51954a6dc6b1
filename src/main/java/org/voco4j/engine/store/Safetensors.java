package org.voco4j.engine.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;

/**
 * The {@code .safetensors} format: 8 bytes of header length, a JSON header, raw little-endian row-major data.
 *
 * <p>The same tensors and metadata always give the same bytes.
 */
public final class Safetensors {
    /**
     * What a file holds.
     *
     * @param tensors by name, in the order of the file
     * @param metadata the header's free strings
     */
    public record Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {}

    private Safetensors() {}

    /** Writes tensors, whole or not at all. */
    public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        AtomicFile.write(path, content(tensors, metadata));
    }

    /** A file of these tensors, for whoever decides where it goes; the tensors are read when it is written. */
    public static AtomicFile.Content content(Map<String, Tensor> tensors, Map<String, String> metadata) {
        return new SafetensorsContent(tensors, metadata);
    }

    /**
     * Reads a file.
     *
     * <p>Sizes in the header are checked against the file's length before anything is allocated.
     *
     * @throws IOException if the file is not whole or not of this format; the message names it and says what is wrong
     */
    public static Contents read(Path path) throws IOException {
        try (WeightFile file = WeightFile.open(path)) {
            if (!file.format().equals(SafetensorsReader.FORMAT)) {
                throw new IOException(path + " is no .safetensors file but " + file.format()
                        + "; voco weights convert makes one of it");
            }
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            Structure.<IOException>parts(file.content(), (name, part) -> {
                if (!(part instanceof StoredTensor tensor)) {
                    throw new IOException(path + ": tensor " + name + " has another number format (" + part
                            + "), expected one of " + Arrays.toString(DType.values()));
                }
                tensors.put(name, file.read(tensor));
            });
            return new Contents(tensors, file.metadata());
        }
    }
}
