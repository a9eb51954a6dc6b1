package org.voco4j.app;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.KernelCheck;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.report.TextTable;
import org.voco4j.volume.format.Formats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco info}: versions, machine, native library, recipes and formats, as they are in force. */
@Command(name = "info", description = "Shows versions, device, settings in force, recipes and formats.")
final class InfoCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(
            names = "--check",
            description =
                    "Compare every kind of kernel that the networks use, in 32 and 16 bits, with a computation in 64."
                            + " Exit code 1 where one that would be used is wrong.")
    private boolean check;

    @Override
    public Integer call() {
        Terminal terminal = common.terminal();
        Map<String, Object> facts = facts();
        List<KernelCheck.Row> rows = check ? KernelCheck.run(LibtorchSetup.prepare(common)) : List.of();
        boolean right = rows.stream().noneMatch(row -> row.outcome() == KernelCheck.Outcome.WRONG);
        if (terminal.json()) {
            if (check) {
                facts.put("kernels", rows.stream().map(InfoCommand::document).toList());
                facts.put("kernelsRight", right);
            }
            terminal.document(facts);
        } else {
            facts.forEach((name, value) -> print(terminal, name, value));
            if (check) {
                terminal.print("");
                terminal.print(table(rows).toString().stripTrailing());
                terminal.print("");
                terminal.print(right ? "Every kernel that would be used is right." : "Some kernels are wrong here.");
            }
        }
        return right ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static TextTable table(List<KernelCheck.Row> rows) {
        TextTable table = new TextTable("kernel", "device", "format", "result", "gradients", "verdict");
        for (KernelCheck.Row row : rows) {
            table.row(
                    row.kernel(),
                    row.device(),
                    row.precision().name().toLowerCase(Locale.ROOT),
                    String.format(Locale.ROOT, "%.1e", row.value()),
                    String.format(Locale.ROOT, "%.1e", row.gradient()),
                    verdict(row));
        }
        return table;
    }

    private static String verdict(KernelCheck.Row row) {
        return switch (row.outcome()) {
            case PASSED -> "right";
            case AVOIDED -> "wrong, avoided: fp32";
            case WRONG -> "WRONG";
        };
    }

    /** JSON has no NaN and no infinity. */
    private static Map<String, @Nullable Object> document(KernelCheck.Row row) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("kernel", row.kernel());
        document.put("device", row.device());
        document.put("format", row.precision().name().toLowerCase(Locale.ROOT));
        document.put("result", Double.isFinite(row.value()) ? row.value() : null);
        document.put("gradients", Double.isFinite(row.gradient()) ? row.gradient() : null);
        document.put("outcome", row.outcome().name().toLowerCase(Locale.ROOT));
        return document;
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
        List.of("pretrain", "finetune", "classify", "study")
                .forEach(kind -> recipes.put(kind, RecipeTree.shipped(kind)));
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
