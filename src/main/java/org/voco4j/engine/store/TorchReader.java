package org.voco4j.engine.store;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The structure of files that {@code torch.save} wrote: a zip archive, or before PyTorch 1.6 pickles in a row. */
final class TorchReader {
    /** The number that a legacy file begins with, and how a pickle has it: an opcode, its length, least byte first. */
    private static final BigInteger LEGACY = new BigInteger("1950a86a20f9469cfc6c", 16);

    private static final String LEGACY_BYTES = "\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019";
    private static final int LEGACY_WITHIN = 32;
    private static final long LEGACY_PROTOCOL = 1001;

    private TorchReader() {}

    /** Whether these first bytes of a file are those of the legacy format. */
    static boolean isLegacy(byte[] start) {
        int length = Math.min(LEGACY_WITHIN, start.length);
        return new String(start, 0, length, StandardCharsets.ISO_8859_1).contains(LEGACY_BYTES);
    }

    /** An archive: {@code data.pkl}, and each storage as an entry {@code data/KEY}. */
    static Structure zip(FileBytes file, Budget budget) throws IOException {
        ZipIndex index = ZipIndex.read(file, budget);
        ByteRange pickle = index.find("data.pkl");
        if (pickle == null) {
            throw file.wrong("is a zip archive, but none of torch.save: expected an entry data.pkl in its folder");
        }
        if (index.find("constants.pkl") != null) {
            throw file.wrong("is a TorchScript program (torch.jit.save), expected weights that torch.save wrote");
        }
        ByteRange order = index.find("byteorder");
        if (order != null && (order.bytes() != 6 || !text(file, order).equals("little"))) {
            throw file.wrong("holds big-endian numbers, expected little-endian ones");
        }
        file.check(pickle, "data.pkl");
        file.range(pickle.from(), pickle.from() + pickle.bytes());
        PickleCalls calls = new PickleCalls(file, budget);
        Object content = Unpickler.read(file, budget, calls);
        Map<String, ByteRange> extents = new HashMap<>();
        for (String key : calls.needed().keySet()) {
            budget.charge(128 + 2L * key.length());
            ByteRange extent = index.find("data/" + key);
            if (extent != null) {
                extents.put(key, extent);
            }
        }
        checkHeld(file, calls, extents);
        return new Structure("PyTorch zip", content, Map.of(), extents);
    }

    private static String text(FileBytes file, ByteRange extent) throws IOException {
        return new String(file.at(extent.from(), (int) extent.bytes()).array(), StandardCharsets.US_ASCII);
    }

    /** Pickles of the magic number, protocol, system, object and the keys of storages; then these, each after its length. */
    static Structure legacy(FileBytes file, Budget budget) throws IOException {
        file.range(0, file.size());
        PickleCalls calls = new PickleCalls(file, budget);
        if (!LEGACY.equals(Unpickler.read(file, budget, calls))) {
            throw file.wrong("is damaged: it does not begin with the number of the legacy format");
        }
        Object protocol = Unpickler.read(file, budget, calls);
        if (!Long.valueOf(LEGACY_PROTOCOL).equals(protocol)) {
            throw file.wrong("is of the legacy format with protocol " + protocol + ", expected " + LEGACY_PROTOCOL);
        }
        Object system = Unpickler.read(file, budget, calls);
        if (system instanceof Map<?, ?> facts && Boolean.FALSE.equals(facts.get("little_endian"))) {
            throw file.wrong("holds big-endian numbers, expected little-endian ones");
        }
        Object content = Unpickler.read(file, budget, calls);
        Object keys = Unpickler.read(file, budget, calls);
        Map<String, ByteRange> extents = new HashMap<>();
        for (Object key : keys instanceof List<?> list ? list : List.of()) {
            StorageRef storage = calls.storages().get(String.valueOf(key));
            if (storage == null || storage.width() == 0) {
                throw file.wrong("is damaged: nothing says how long the numbers of the storage " + key + " are");
            }
            long count = file.i64();
            if (count < 0 || count > file.remaining() / storage.width()) {
                throw file.wrong("is not whole: the storage " + key + " would hold " + count + " numbers of "
                        + storage.width() + " bytes, the file has " + file.remaining() + " bytes left");
            }
            budget.charge(128);
            extents.put(storage.key(), new ByteRange(file.position(), count * storage.width(), ByteRange.UNKNOWN));
            file.skip(count * storage.width());
        }
        checkHeld(file, calls, extents);
        return new Structure("PyTorch legacy", content, Map.of(), extents);
    }

    private static void checkHeld(FileBytes file, PickleCalls calls, Map<String, ByteRange> extents)
            throws IOException {
        for (Map.Entry<String, Long> entry : calls.needed().entrySet()) {
            ByteRange extent = extents.get(entry.getKey());
            if (extent == null || extent.bytes() < entry.getValue()) {
                throw file.wrong("is damaged: the storage " + entry.getKey() + " has "
                        + (extent == null ? 0 : extent.bytes()) + " bytes, its tensors need " + entry.getValue());
            }
        }
    }
}
