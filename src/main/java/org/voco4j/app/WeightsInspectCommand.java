package org.voco4j.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.engine.store.StateDict;
import org.voco4j.program.weights.InspectWeights;
import org.voco4j.report.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code voco weights inspect}: what is in a file of weights, without reading their values. */
@Command(
        name = "inspect",
        description =
                "Shows what a file of weights holds: its format, the networks that names and shapes tell, the tensors by"
                        + " part, numbers and text beside them, and what else lies in it. Nothing in the file is executed.",
        footer = {"", "The values of the weights are not read. --json lists every tensor."})
final class WeightsInspectCommand implements Callable<Integer> {
    private static final int LONGEST_LINE = 120;
    private static final int MOST_LINES = 20; // of one kind

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE", description = "A .safetensors, .pt or .pth file, or the folder of a finished run.")
    private Path path = Path.of("");

    @Override
    public Integer call() {
        Terminal terminal = common.terminal();
        InspectWeights.Outcome found = InspectWeights.run(path);
        if (terminal.json()) {
            terminal.document(document(found));
        } else {
            lines(found).forEach(terminal::print);
        }
        return ExitCode.DONE;
    }

    private static Map<String, Object> document(InspectWeights.Outcome found) {
        StateDict weights = found.weights();
        List<Map<String, Object>> tensors = new ArrayList<>();
        weights.tensors().forEach((name, tensor) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", name);
            entry.put("dtype", tensor.type().name());
            entry.put("shape", tensor.shape());
            tensors.add(entry);
        });
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("file", found.file().toString());
        document.put("format", found.format());
        document.put("bytes", found.bytes());
        document.put("where", weights.where());
        document.put("tensorCount", tensors.size());
        document.put("parameters", found.parameters());
        document.put("dtypes", found.types());
        document.put("networks", found.networks());
        document.put("scalars", weights.scalars());
        document.put("others", weights.others());
        document.put("tensors", tensors);
        return document;
    }

    private static List<String> lines(InspectWeights.Outcome found) {
        StateDict weights = found.weights();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s: %s, %,d bytes", found.file(), found.format(), found.bytes()));
        if (weights.tensors().isEmpty()) {
            lines.add("It holds no weights.");
        } else {
            lines.add(String.format(
                    Locale.ROOT,
                    "Weights: %s, %,d tensors, %,d parameters %s",
                    weights.where().isEmpty() ? "the whole file" : "under " + weights.where(),
                    weights.tensors().size(),
                    found.parameters(),
                    found.types()));
        }
        found.networks().forEach(network -> lines.add("Network: " + inOneLine(network.sentence())));
        List<String> beside = new ArrayList<>();
        weights.scalars().forEach((name, value) -> beside.add("Beside them: " + name + " = " + value));
        addFirst(lines, beside);
        addFirst(
                lines,
                weights.others().stream().map(other -> "Not read: " + other).toList());
        if (!weights.tensors().isEmpty()) {
            lines.add("");
            TextTable table = new TextTable("part", "tensors", "parameters", "largest");
            found.parts()
                    .forEach(part -> table.row(
                            part.name(),
                            Integer.toString(part.tensors()),
                            Long.toString(part.parameters()),
                            part.largest()));
            table.toString().lines().forEach(lines::add);
        }
        return lines;
    }

    private static void addFirst(List<String> lines, List<String> more) {
        more.stream().limit(MOST_LINES).map(WeightsInspectCommand::shortLine).forEach(lines::add);
        if (more.size() > MOST_LINES) {
            lines.add("… and " + (more.size() - MOST_LINES) + " more, which --json lists");
        }
    }

    private static String shortLine(String text) {
        String line = inOneLine(text);
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }

    private static String inOneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
