package org.voco4j.engine.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The processor, as far as it decides which kernels compute. */
final class Processor {
    /** What narrows the instructions that libtorch and oneDNN choose from, or the formats that they compute with. */
    static final List<String> SETTINGS =
            List.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ONEDNN_DEFAULT_FPMATH_MODE", "ATEN_CPU_CAPABILITY");

    private Processor() {}

    /** Model and vector instructions, as Linux names them; elsewhere what the system says of itself. */
    static String name() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            Map<String, String> first = new LinkedHashMap<>();
            lines.takeWhile(line -> !line.isBlank()).forEach(line -> {
                String[] halves = line.split("\\s*:\\s*", 2);
                first.put(halves[0], halves.length < 2 ? "" : halves[1]);
            });
            return first.getOrDefault("model name", "unknown") + " (family " + first.get("cpu family") + ", model "
                    + first.get("model") + "), " + vectors(first.getOrDefault("flags", ""));
        } catch (IOException | UncheckedIOException notLinux) {
            return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                    + System.getProperty("os.arch") + " " + System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", "");
        }
    }

    private static String vectors(String flags) {
        return Arrays.stream(flags.split(" "))
                .filter(flag -> flag.startsWith("avx") || flag.startsWith("amx"))
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
