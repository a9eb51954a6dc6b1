package org.voco4j.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.program.weights.CompareWeights;
import org.voco4j.report.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code voco weights diff}: where the weights in two files differ. */
@Command(
        name = "diff",
        description = "Compares the weights in two files, tensor by tensor under the same name and bit for bit.",
        footer = {"", "Exit codes: 0 all are equal, 1 some differ, 2 wrong usage."})
final class WeightsDiffCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "A", description = "A .safetensors, .pt or .pth file, or a run's folder.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "The other one.")
    private Path second = Path.of("");

    @Override
    public Integer call() {
        Terminal terminal = common.terminal();
        LibtorchSetup.prepare(common);
        CompareWeights.Outcome result = CompareWeights.run(first, second);
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("a", first.toString());
            document.put("b", second.toString());
            document.put("same", result.same());
            document.put("equal", result.equal());
            document.put("different", result.different());
            document.put("otherForm", result.otherForm());
            document.put("onlyInA", result.onlyInA());
            document.put("onlyInB", result.onlyInB());
            terminal.document(document);
        } else {
            lines(result).forEach(terminal::print);
        }
        return result.same() ? ExitCode.DONE : ExitCode.DIFFERENT;
    }

    private static List<String> lines(CompareWeights.Outcome result) {
        List<String> lines = new ArrayList<>();
        lines.add(result.equal() + " equal, " + result.different().size() + " different, "
                + result.otherForm().size()
                + " of another shape or number format, " + result.onlyInA().size() + " only in A, "
                + result.onlyInB().size() + " only in B");
        if (!result.different().isEmpty()) {
            TextTable table = new TextTable("different", "values", "largest difference");
            result.different()
                    .forEach(one -> table.row(one.name(), Long.toString(one.values()), Double.toString(one.largest())));
            lines.addAll(table.toString().lines().toList());
        }
        if (!result.otherForm().isEmpty()) {
            TextTable table = new TextTable("of another form", "in A", "in B");
            result.otherForm().forEach(one -> table.row(one.name(), one.inA(), one.inB()));
            lines.addAll(table.toString().lines().toList());
        }
        result.onlyInA().forEach(name -> lines.add("Only in A: " + name));
        result.onlyInB().forEach(name -> lines.add("Only in B: " + name));
        return lines;
    }
}
