package org.voco4j.engine.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.StandIn;

/**
 * A file of weights that is open: {@code .safetensors}, or what {@code torch.save} wrote ({@code .pt}, {@code .pth}: the zip
 * format, or the one before PyTorch 1.6). Its content tells which.
 *
 * <p>Opening reads the structure only; {@link #read} reads values. Nothing in a file is executed, and whatever it claims,
 * reading it takes at most its size and 64 MB of memory, on the Java heap and outside together.
 *
 * <p>The content is a tree of {@link Map}, {@link List}, {@link Tuple}, {@link String}, {@link Long},
 * {@link java.math.BigInteger}, {@link Double}, {@link Boolean}, null, {@link StoredTensor} and {@link Opaque}; a Python set
 * is a list in it. Not for several threads at once.
 */
public final class WeightFile implements Closeable {
    private static final String EXPECTED = "expected a file of torch.save or a .safetensors file";
    private static final String NUMPY =
            EXPECTED + "; in Python torch.save({name: torch.from_numpy(array), …}, 'weights.pt')" + " makes one";
    private static final int ZIP_NAME =
            30; // where the first entry of an archive has its name; its length stands before

    private final FileBytes file;
    private final Budget budget;
    private final Structure structure;
    private final Map<String, StoredTensor> tensors;
    private final TensorReader reader;

    private WeightFile(FileBytes file) throws IOException {
        this.file = file;
        this.budget = new Budget(file.path(), file.size());
        this.structure = structure();
        this.tensors = structure.tensors(file, budget);
        this.reader = new TensorReader(file, budget, structure.extents(), tensors.values());
    }

    /**
     * Opens a file and reads its structure.
     *
     * @throws IOException if it cannot be read, is not whole, is of no known format, or is made to do harm; the message
     *     names it and says what is wrong
     */
    public static WeightFile open(Path path) throws IOException {
        FileBytes file = new FileBytes(path);
        try {
            return new WeightFile(file);
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    private Structure structure() throws IOException {
        byte[] start = file.at(0, (int) Math.min(StandIn.BYTES, file.size())).array();
        String standIn = StandIn.of(start);
        if (standIn != null) {
            throw file.wrong("is " + standIn);
        }
        if (begins(start, 0, "\u0093NUMPY")) {
            throw file.wrong("is a numpy array (.npy): " + NUMPY);
        }
        if (begins(start, 0, "PK\3\4") && firstEntry(start).endsWith(".npy")) {
            throw file.wrong("is a numpy archive (.npz): " + NUMPY);
        }
        if (begins(start, 0, "PK\3\4") || begins(start, 0, "PK\5\6")) {
            return TorchReader.zip(file, budget);
        }
        if (TorchReader.isLegacy(start)) {
            return TorchReader.legacy(file, budget);
        }
        if (begins(start, 257, "ustar")) {
            throw file.wrong("is a tar archive, as PyTorch before 0.1.10 wrote them: it is not read;"
                    + " load it in PyTorch and save it again");
        }
        if (begins(start, 0, "\u0080") && !SafetensorsReader.begins(start, file.size())) {
            boolean numpy = new String(start, StandardCharsets.ISO_8859_1).contains("numpy");
            throw file.wrong("is a plain pickle" + (numpy ? " with numpy arrays: " + NUMPY : ": " + EXPECTED));
        }
        return SafetensorsReader.read(file, budget);
    }

    /** The name of the first entry of a zip archive, as far as it lies in these bytes. */
    private static String firstEntry(byte[] start) {
        if (start.length < ZIP_NAME) {
            return "";
        }
        int length = (start[ZIP_NAME - 4] & 0xFF) | (start[ZIP_NAME - 3] & 0xFF) << 8;
        int end = Math.min(start.length, ZIP_NAME + length);
        return new String(start, ZIP_NAME, end - ZIP_NAME, StandardCharsets.ISO_8859_1);
    }

    private static boolean begins(byte[] bytes, int from, String text) {
        boolean same = bytes.length >= from + text.length();
        for (int i = 0; same && i < text.length(); i++) {
            same = (bytes[from + i] & 0xFF) == text.charAt(i);
        }
        return same;
    }

    /** The file. */
    public Path path() {
        return file.path();
    }

    /** Its length. */
    public long bytes() {
        return file.size();
    }

    /** {@code safetensors}, {@code PyTorch zip} or {@code PyTorch legacy}. */
    public String format() {
        return structure.format();
    }

    /** Everything in the file, as a tree. */
    public @Nullable Object content() {
        return structure.content();
    }

    /** The free strings of a {@code .safetensors} file; none in other formats. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(structure.metadata());
    }

    /** All tensors by dotted path, in the order of the file: {@code state_dict.conv.weight}. */
    public Map<String, StoredTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /**
     * Reads the values of a tensor: contiguous, on the CPU, owned by the caller's scope.
     *
     * <p>Tensors that share a storage in the file may share their memory, as they do in PyTorch.
     *
     * @throws IOException if the storage is damaged or cannot be read, or if the values would take too much memory
     */
    public Tensor read(StoredTensor tensor) throws IOException {
        return reader.read(tensor);
    }

    /** A part of the content with the values of its tensors read. */
    public @Nullable Object readAll(@Nullable Object part) throws IOException {
        if (part instanceof StoredTensor tensor) {
            return read(tensor);
        }
        if (part instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> read = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                read.put(entry.getKey(), readAll(entry.getValue()));
            }
            return read;
        }
        if (part instanceof Tuple tuple) {
            return new Tuple(readItems(tuple.items()));
        }
        return part instanceof List<?> list ? readItems(list) : part;
    }

    private List<@Nullable Object> readItems(List<?> items) throws IOException {
        List<@Nullable Object> read = new ArrayList<>();
        for (Object item : items) {
            read.add(readAll(item));
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        file.close();
    }
}
