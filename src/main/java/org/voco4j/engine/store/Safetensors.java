package org.voco4j.engine.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code .safetensors} format: 8 bytes of header length, a JSON header, raw little-endian row-major data.
 *
 * <p>The same tensors and metadata always give the same bytes.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = JsonMapper.shared();
    private static final int PIECE = 1 << 24;
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
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IOException("weights are written on little-endian machines only");
        }
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode strings = header.putObject("__metadata__");
            metadata.forEach(strings::put);
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            long bytes = tensor.count() * tensor.type().bytes();
            ObjectNode node = header.putObject(entry.getKey());
            node.put("dtype", tensor.type().name());
            var shape = node.putArray("shape");
            Arrays.stream(tensor.shape()).forEach(shape::add);
            node.putArray("data_offsets").add(offset).add(offset + bytes);
            offset += bytes;
        }
        StringBuilder text = new StringBuilder(JSON.writeValueAsString(header));
        while (text.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
            text.append(' ');
        }
        byte[] head = text.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(path, out -> {
            WritableByteChannel channel = Channels.newChannel(out);
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(head.length)
                    .array());
            out.write(head);
            for (Tensor tensor : tensors.values()) {
                try (Scope scope = Scope.open()) {
                    Tensor plain = tensor.to(Device.CPU).copy();
                    long bytes = plain.count() * plain.type().bytes();
                    for (long at = 0; at < bytes; at += PIECE) {
                        channel.write(plain.bytes(at, (int) Math.min(PIECE, bytes - at)));
                    }
                }
            }
        });
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

    private static Contents contents(Path path, FileChannel file, JsonNode header, long dataStart) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            JsonNode node = entry.getValue();
            if (entry.getKey().equals("__metadata__")) {
                node.properties()
                        .forEach(pair ->
                                metadata.put(pair.getKey(), pair.getValue().asString("")));
            } else {
                tensors.put(entry.getKey(), tensor(path, file, entry.getKey(), node, dataStart));
            }
        }
        return new Contents(tensors, metadata);
    }

    private static Tensor tensor(Path path, FileChannel file, String name, JsonNode node, long dataStart)
            throws IOException {
        String where = path + ": tensor " + name;
        DType type = type(where, node.path("dtype").asString(""));
        long bytes = type.bytes();
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
        if (from < 0 || to - from != bytes || to > file.size() - dataStart) {
            throw new IOException(where + " of shape " + Arrays.toString(shape) + " needs " + bytes
                    + " bytes, its offsets are " + from + " to " + to + ", the file holds "
                    + (file.size() - dataStart));
        }
        Tensor tensor = Tensor.zeros(type, shape);
        for (long at = 0; at < bytes; at += PIECE) {
            fill(file, tensor.bytes(at, (int) Math.min(PIECE, bytes - at)), dataStart + from + at, path);
        }
        return tensor;
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
