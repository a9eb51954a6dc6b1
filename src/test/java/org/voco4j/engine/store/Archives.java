package org.voco4j.engine.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.file.AtomicFile;

/** Archives around pickles that are made by hand, with right checksums. */
final class Archives {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** An archive as torch.save makes it, around a pickle. */
    static Archives of(byte[] pickle) {
        return new Archives().with("archive/data.pkl", pickle);
    }

    /** Text as bytes, a character each. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A pickle of a tensor of floats in the storage "0", which would have so many. */
    static String tensor(long numbers, String shape, String strides, long offset) {
        return "ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nL" + numbers
                + "L\ntQL" + offset + "L\n(" + wholes(shape) + "t(" + wholes(strides)
                + "tI00\nccollections\nOrderedDict\n)RtR";
    }

    private static String wholes(String numbers) {
        StringBuilder opcodes = new StringBuilder();
        for (String number : numbers.isEmpty() ? new String[0] : numbers.split(" ")) {
            opcodes.append('L').append(number).append("L\n");
        }
        return opcodes.toString();
    }

    Archives with(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    byte[] file() throws IOException {
        StoredZip zip = new StoredZip();
        entries.forEach(zip::add);
        return written(zip);
    }

    static byte[] written(AtomicFile.Content content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out);
        return out.toByteArray();
    }

    Path write(Path path) throws IOException {
        return Files.write(path, file());
    }

    /** A header as .safetensors has it, and so many bytes of data. */
    static byte[] safetensors(String header, int data) {
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + head.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(head.length)
                .put(head)
                .array();
    }
}
