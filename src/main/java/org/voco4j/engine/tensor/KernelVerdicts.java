package org.voco4j.engine.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.voco4j.file.AtomicFile;

/**
 * Which kernels were found wrong on this machine, kept from one process to the next.
 *
 * <p>A file holds what was found with one libtorch (oneDNN is part of it) on one processor, said in its first line; then a
 * line for each kernel and number of threads, and a checksum. One that is damaged or of something else is as none, and
 * one that cannot be written is done without: the kernels are compared again.
 */
public final class KernelVerdicts {
    private static final String METHOD = "comparison 1"; // to be counted up where a verdict may turn out otherwise
    private static final String WRONG = "wrong ";
    private static final String RIGHT = "right ";
    private static final long LONGEST = 1 << 20; // bytes of a file of ours

    private static final Map<String, Boolean> KNOWN = new ConcurrentHashMap<>();
    private static @Nullable Path folder; // until its file is read
    private static @Nullable Path file;

    private KernelVerdicts() {}

    /** Keeps the verdicts of this process in a folder, which need not be there, and begins with those that are there. */
    public static synchronized void keepIn(Path place) {
        folder = place;
    }

    private static synchronized void begin() {
        if (folder != null) {
            String machine = machine();
            file = folder.resolve("kernels-" + checksum(machine) + ".txt");
            KNOWN.putAll(read(file, machine));
            folder = null;
        }
    }

    /** Whether a kernel is wrong, as it was found before or is found by comparing it now. */
    static boolean isWrong(String kernel, BooleanSupplier comparison) {
        begin();
        String name = kernel + ", threads " + Engine.threads();
        Boolean known = KNOWN.get(name);
        if (known == null) {
            known = comparison.getAsBoolean();
            KNOWN.put(name, known);
            write();
        }
        return known;
    }

    /** Forgets everything, and keeps nothing from now on. */
    static synchronized void forget() {
        KNOWN.clear();
        folder = null;
        file = null;
    }

    private static String machine() {
        return METHOD + ", libtorch " + Engine.version() + ", " + Processor.name() + ", "
                + Processor.SETTINGS.stream()
                        .map(name -> name + " " + System.getenv().getOrDefault(name, "not set"))
                        .collect(Collectors.joining(", "));
    }

    private static synchronized void write() {
        Path path = file;
        if (path == null) {
            return;
        }
        String machine = machine();
        Map<String, Boolean> all = new TreeMap<>(read(path, machine)); // what other processes found meanwhile
        all.putAll(KNOWN);
        StringBuilder text = new StringBuilder(machine).append('\n');
        all.forEach((kernel, wrong) ->
                text.append(wrong ? WRONG : RIGHT).append(kernel).append('\n'));
        byte[] bytes = (text + checksum(text.toString()) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            AtomicFile.writeShared(path, out -> out.write(bytes));
        } catch (IOException cannot) {
            file = null;
        }
    }

    /** The verdicts of a file; none where it is missing, damaged or of another machine. */
    private static Map<String, Boolean> read(Path path, String machine) {
        try {
            if (Files.size(path) > LONGEST) {
                return Map.of();
            }
            List<String> lines = Files.readAllLines(path);
            int end = lines.size() - 1;
            String text = String.join("\n", lines.subList(0, Math.max(end, 0))) + "\n";
            if (end < 1 || !lines.get(0).equals(machine) || !lines.get(end).equals(checksum(text))) {
                return Map.of();
            }
            Map<String, Boolean> verdicts = new HashMap<>();
            for (String line : lines.subList(1, end)) {
                verdicts.put(line.substring(WRONG.length()), line.startsWith(WRONG));
            }
            return verdicts;
        } catch (IOException none) { // bytes that are no text too
            return Map.of();
        }
    }

    private static String checksum(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", sum.getValue());
    }
}
