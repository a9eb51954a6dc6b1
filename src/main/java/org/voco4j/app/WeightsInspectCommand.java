package org.voco4j.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.voco4j.engine.store.StateDict;
import org.voco4j.engine.store.StoredTensor;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.network.recognise.Architecture;
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
    private final Common common = new Common();

    @Parameters(paramLabel = "FILE", description = "A .safetensors, .pt or .pth file, or the folder of a finished run.")
    private Path path = Path.of("");

    @Override
    public Integer call() {
        Terminal terminal = common.terminal();
        WeightsCommand.read(path, file -> {
            StateDict weights = StateDict.of(file);
            if (terminal.json()) {
                terminal.document(document(file, weights));
            } else {
                lines(file, weights).forEach(terminal::print);
            }
            return weights;
        });
        return ExitCode.DONE;
    }

    private static Map<String, Object> document(WeightFile file, StateDict weights) {
        List<Map<String, Object>> tensors = new ArrayList<>();
        weights.tensors().forEach((name, tensor) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", name);
            entry.put("dtype", tensor.type().name());
            entry.put("shape", tensor.shape());
            tensors.add(entry);
        });
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("file", file.path().toString());
        document.put("format", file.format());
        document.put("bytes", file.bytes());
        document.put("where", weights.where());
        document.put("tensorCount", tensors.size());
        document.put("parameters", parameters(weights.tensors().values()));
        document.put("dtypes", types(weights));
        document.put("networks", networks(weights));
        document.put("scalars", weights.scalars());
        document.put("others", weights.others());
        document.put("tensors", tensors);
        return document;
    }

    private static List<String> lines(WeightFile file, StateDict weights) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s: %s, %,d bytes", file.path(), file.format(), file.bytes()));
        if (weights.tensors().isEmpty()) {
            lines.add("It holds no weights.");
        } else {
            lines.add(String.format(
                    Locale.ROOT,
                    "Weights: %s, %,d tensors, %,d parameters %s",
                    weights.where().isEmpty() ? "the whole file" : "under " + weights.where(),
                    weights.tensors().size(),
                    parameters(weights.tensors().values()),
                    types(weights)));
        }
        networks(weights).forEach(network -> lines.add("Network: " + printable(network.sentence())));
        List<String> beside = new ArrayList<>();
        weights.scalars().forEach((name, value) -> beside.add("Beside them: " + name + " = " + value));
        addFirst(lines, beside);
        addFirst(
                lines,
                weights.others().stream().map(other -> "Not read: " + other).toList());
        if (!weights.tensors().isEmpty()) {
            lines.add("");
            table(weights)
                    .toString()
                    .lines()
                    .map(WeightsInspectCommand::printable)
                    .forEach(lines::add);
        }
        return lines;
    }

    /** What the names and shapes tell. */
    private static List<Architecture> networks(StateDict weights) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        weights.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return Architecture.recognise(shapes);
    }

    private static void addFirst(List<String> lines, List<String> more) {
        more.stream().limit(MOST_LINES).map(WeightsInspectCommand::oneLine).forEach(lines::add);
        if (more.size() > MOST_LINES) {
            lines.add("… and " + (more.size() - MOST_LINES) + " more, which --json lists");
        }
    }

    /** One row per part of the network: what follows the beginning that all names share. */
    private static TextTable table(StateDict weights) {
        String shared = sharedParts(List.copyOf(weights.tensors().keySet()));
        Map<String, Map<String, StoredTensor>> parts = new LinkedHashMap<>();
        weights.tensors().forEach((name, tensor) -> {
            int dot = name.indexOf('.', shared.length());
            parts.computeIfAbsent(dot < 0 ? name : name.substring(0, dot), part -> new LinkedHashMap<>())
                    .put(name, tensor);
        });
        TextTable table = new TextTable("part", "tensors", "parameters", "largest");
        parts.forEach((part, tensors) -> {
            String largest = "";
            long most = -1;
            for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
                if (entry.getValue().count() > most) {
                    most = entry.getValue().count();
                    String inside = entry.getKey().substring(part.length());
                    largest = (inside.isEmpty() ? "" : inside.substring(1) + " ") + entry.getValue();
                }
            }
            long all = parameters(tensors.values());
            table.row(part, Integer.toString(tensors.size()), Long.toString(all), largest);
        });
        return table;
    }

    /** The leading parts, dots included, that all names have in common; never a whole name. */
    private static String sharedParts(List<String> names) {
        String shared = names.get(0);
        shared = shared.substring(0, shared.lastIndexOf('.') + 1);
        for (String name : names) {
            while (!name.startsWith(shared)) {
                shared = shared.substring(0, shared.lastIndexOf('.', shared.length() - 2) + 1);
            }
        }
        return shared;
    }

    /** Indices and counters are none. */
    private static long parameters(Collection<StoredTensor> tensors) {
        return tensors.stream()
                .filter(tensor -> tensor.type().isFloating())
                .mapToLong(StoredTensor::count)
                .sum();
    }

    /** How many tensors there are of each number format. */
    private static Map<String, Integer> types(StateDict weights) {
        Map<String, Integer> types = new TreeMap<>();
        weights.tensors().values().forEach(tensor -> types.merge(tensor.type().name(), 1, Integer::sum));
        return types;
    }

    private static String oneLine(String text) {
        String line = printable(text.replaceAll("\\s+", " "));
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }

    /** A name from a file cannot steer the terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
