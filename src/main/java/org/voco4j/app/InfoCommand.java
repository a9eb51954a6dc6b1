package org.voco4j.app;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.format.Formats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code voco info}: versions, machine, native library, recipes and formats, as they are in force. */
@Command(name = "info", description = "Shows versions, device, settings in force, recipes and formats.")
final class InfoCommand implements Callable<Integer> {

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

    private Map<String, Object> facts() {
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
        facts.put("engine", engine());
        Map<String, Object> recipes = new LinkedHashMap<>();
        List.of("pretrain", "finetune", "classify").forEach(kind -> recipes.put(kind, RecipeTree.shipped(kind)));
        facts.put("recipes", recipes);
        List<String> formats = new ArrayList<>();
        Formats.all().forEach(format -> formats.add(format.name() + ": " + String.join(", ", format.endings())));
        formats.add("weights: .safetensors; .pt and .pth of PyTorch (voco weights)");
        facts.put("formats", formats);
        return facts;
    }

    /** The native library with the device, threads and allocator settings that a run would have. */
    private Map<String, String> engine() {
        try {
            Engine.load();
        } catch (IllegalStateException e) {
            return Map.of("libtorch", String.valueOf(e.getMessage()));
        }
        Engine.threads(common.threads());
        Map<String, String> facts = new LinkedHashMap<>(Engine.facts());
        facts.put("device", common.device().name());
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
