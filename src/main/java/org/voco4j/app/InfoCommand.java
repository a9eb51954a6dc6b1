package org.voco4j.app;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.recipe.RecipeTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code voco info}: versions, machine, native library, recipes and formats, as they are in force. */
@Command(name = "info", description = "Shows versions, device, settings in force, recipes and formats.")
final class InfoCommand implements Callable<Integer> {

    /** The variables that decide how native memory and threads behave; the launcher sets the first three. */
    private static final List<String> ENVIRONMENT = List.of(
            "MALLOC_MMAP_THRESHOLD_",
            "MALLOC_TRIM_THRESHOLD_",
            "OPENBLAS_NUM_THREADS",
            "OMP_NUM_THREADS",
            "CUDA_VISIBLE_DEVICES",
            "VOCO_JAVA_OPTS");

    @Mixin
    private Common common = new Common();

    @Override
    public Integer call() {
        Terminal terminal = common.terminal();
        Map<String, Object> facts = facts();
        if (terminal.json()) {
            terminal.document(facts);
        } else {
            facts.forEach((name, value) -> print(terminal, name, value));
        }
        return ExitCode.DONE;
    }

    private static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("voco", Version.number());
        facts.put("java", System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")");
        facts.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("memoryMiB", physicalMiB());
        facts.put("heapMiB", Runtime.getRuntime().maxMemory() >> 20);
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : ENVIRONMENT) {
            environment.put(name, System.getenv().getOrDefault(name, "not set"));
        }
        facts.put("environment", environment);
        facts.put("recipes", Map.of("pretrain", RecipeTree.shipped("pretrain")));
        facts.put("formats", List.of("NIfTI-1 and NIfTI-2: .nii, .nii.gz, .hdr with .img"));
        return facts;
    }

    private static long physicalMiB() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getTotalMemorySize() >> 20
                : 0;
    }

    private static void print(Terminal terminal, String name, Object value) {
        if (value instanceof Map<?, ?> group) {
            terminal.print(name);
            group.forEach((key, inner) -> print(terminal, "  " + key, String.valueOf(inner)));
        } else {
            terminal.print(String.format("%-26s %s", name, value));
        }
    }
}
