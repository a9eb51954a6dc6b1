package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.program.weights.ConvertWeights;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code voco weights convert}: a network's weights from one format to another. */
@Command(
        name = "convert",
        description = "Writes the weights in a file to another file, in the format that its name ends with:"
                + " .safetensors, or .pt and .pth for PyTorch.",
        footer = {
            "",
            "Numbers and text beside the weights become the metadata of a .safetensors file.",
            "A .pt holds them beside 'state_dict', and torch.load(weights_only=True) reads it.",
            "A run's checkpoint becomes a .pt with 'optimizer' too, for torch.optim.AdamW or SGD.",
            "Optimisers and objects of other classes in A are left out, and named."
        })
final class WeightsConvertCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "A .safetensors, .pt or .pth file, or the folder of a finished run.")
    private Path from = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "The file to write: .safetensors, .pt or .pth.")
    private Path to = Path.of("");

    @Option(
            names = "--prefix-remove",
            paramLabel = "P",
            defaultValue = "",
            description = "Take P off the names that begin with it, such as module. of networks trained in parallel;"
                    + " other names stay.")
    private String removed = "";

    @Option(
            names = "--prefix-add",
            paramLabel = "P",
            defaultValue = "",
            description = "Put P before every name, after --prefix-remove.")
    private String added = "";

    @Option(
            names = "--half",
            description = "Write floating-point weights in half precision (F16). Refused if a value is too large for"
                    + " it.")
    private boolean half;

    @Option(names = "--force", description = "Replace B if it exists.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = common.terminal();
        ConvertWeights.Task task = new ConvertWeights.Task(from, to, removed, added, half);
        if (Files.exists(to) && !force) {
            throw new UsageException("B: " + to + " exists; --force replaces it");
        }
        LibtorchSetup.prepare(common);
        ConvertWeights.Outcome outcome = ConvertWeights.run(task);
        outcome.leftOut().forEach(other -> terminal.warn("Left out: " + other));
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("from", from.toString());
            document.put("to", to.toString());
            document.put("where", outcome.where());
            document.put("tensors", outcome.tensors());
            document.put("bytes", outcome.bytes());
            document.put("scalars", outcome.scalars());
            document.put("leftOut", outcome.leftOut());
            terminal.document(document);
        }
        terminal.print(
                String.format(Locale.ROOT, "%s: %,d tensors, %,d bytes", to, outcome.tensors(), outcome.bytes()));
        return ExitCode.DONE;
    }
}
