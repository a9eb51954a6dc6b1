package org.voco4j.engine.store;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.voco4j.engine.tensor.Tensor;

/**
 * CRC-32C of tensors and of what is said about them: their data, names, number formats and shapes, and the metadata. It
 * tells a file that decayed on its disk, every single flipped bit included; it is no protection against intent.
 */
public final class Checksum {
    private Checksum() {}

    /** Eight hexadecimal digits; the order of the metadata does not matter, that of the tensors does. */
    public static String of(Map<String, Tensor> tensors, Map<String, String> metadata) {
        CRC32C crc = new CRC32C();
        add(crc, new TreeMap<>(metadata).toString());
        tensors.forEach((name, tensor) -> {
            add(crc, name + tensor);
            Pieces.<RuntimeException>of(tensor, crc::update);
        });
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static void add(CRC32C crc, String text) {
        crc.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
