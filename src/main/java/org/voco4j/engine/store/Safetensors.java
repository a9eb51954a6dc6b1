package org.voco4j.engine.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code .safetensors} format: 8 bytes of header length, a JSON header, raw little-endian row-major data.
 *
 * <p>The same tensors and metadata always give the same bytes.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = JsonMapper.shared();
    private static final long LONGEST_HEADER = 100L << 20;

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
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            if (file.size() < 8) {
                throw new IOException(path + " is no .safetensors file: it has only " + file.size() + " bytes");
            }
            fill(file, start, 0, path);
            long length = start.getLong(0);
            if (length < 2 || length > file.size() - 8 || length > LONGEST_HEADER) {
                throw new IOException(path + " is no whole .safetensors file: its header would have " + length
                        + " bytes, the file has " + file.size());
            }
            ByteBuffer head = ByteBuffer.allocate((int) length);
            fill(file, head, 8, path);
            JsonNode header = JSON.readTree(head.array());
            if (!header.isObject()) {
                throw new IOException(path + " is no .safetensors file: its header is not a JSON object");
            }
            return contents(path, file, header, 8 + length);
        } catch (JacksonException malformed) {
            throw new IOException(path + " is no .safetensors file: its header is not JSON", malformed);
        }
    }

    /** What a header says about a tensor. */
    private record Entry(String name, DType type, long[] shape, long from, long to) {}

    private static Contents contents(Path path, FileChannel file, JsonNode header, long dataStart) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            JsonNode node = entry.getValue();
            if (entry.getKey().equals("__metadata__")) {
                node.properties()
                        .forEach(pair ->
                                metadata.put(pair.getKey(), pair.getValue().asString("")));
            } else {
                entries.add(entry(path + ": tensor " + entry.getKey(), entry.getKey(), node));
            }
        }
        checkLength(path, entries, file.size() - dataStart);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            Tensor tensor = Tensor.zeros(entry.type, entry.shape);
            for (long at = entry.from; at < entry.to; at += Pieces.LONGEST) {
                ByteBuffer piece = tensor.bytes(at - entry.from, (int) Math.min(Pieces.LONGEST, entry.to - at));
                fill(file, piece, dataStart + at, path);
            }
            tensors.put(entry.name, tensor);
        }
        return new Contents(tensors, metadata);
    }

    private static Entry entry(String where, String name, JsonNode node) throws IOException {
        DType type = type(where, node.path("dtype").asString(""));
        long bytes = type.bytes();
        if (!node.path("shape").isArray()) {
            throw new IOException(where + " has no shape");
        }
        long[] shape = new long[node.path("shape").size()];
        try {
            for (int i = 0; i < shape.length; i++) {
                shape[i] = node.path("shape").path(i).asLong(-1);
                if (shape[i] < 0) {
                    throw new IOException(where + " has a malformed shape " + node.path("shape"));
                }
                bytes = Math.multiplyExact(bytes, shape[i]);
            }
        } catch (ArithmeticException huge) {
            throw new IOException(where + " claims the impossible shape " + node.path("shape"), huge);
        }
        long from = node.path("data_offsets").path(0).asLong(-1);
        long to = node.path("data_offsets").path(1).asLong(-1);
        if (from < 0 || to - from != bytes) {
            throw new IOException(where + " of shape " + Arrays.toString(shape) + " needs " + bytes
                    + " bytes, its offsets are " + from + " to " + to);
        }
        return new Entry(name, type, shape, from, to);
    }

    /** The tensors must be the whole of the data, as the format demands: a shorter file was cut, a longer one is not ours. */
    private static void checkLength(Path path, List<Entry> entries, long held) throws IOException {
        long end = entries.stream().mapToLong(Entry::to).max().orElse(0);
        if (end != held) {
            throw new IOException(path + " is not whole: expected " + end + " bytes of tensors, found " + held);
        }
        long sum = entries.stream().mapToLong(entry -> entry.to - entry.from).sum(); // none is above the file's length
        if (sum != held) {
            throw new IOException(
                    path + " has tensors that overlap or leave gaps: they need " + sum + " bytes of " + held);
        }
    }

    private static DType type(String where, String name) throws IOException {
        try {
            return DType.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw new IOException(
                    where + " has the number format '" + name + "', expected one of " + Arrays.toString(DType.values()),
                    unknown);
        }
    }

    private static void fill(FileChannel file, ByteBuffer buffer, long position, Path path) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int read = file.read(buffer, at);
            if (read < 0) {
                throw new EOFException(path + " ends at byte " + at + ", in the middle of its data");
            }
            at += read;
        }
    }
}
