package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.voco4j.program.phantom.WritePhantoms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco phantom}: synthetic CTs of torsos as NIfTI files, with their organ labels and a list of both if asked for. */
@Command(
        name = "phantom",
        description = "Writes synthetic CTs of torsos (NIfTI, Hounsfield units) and their organ labels.",
        footer = {
            "",
            "The same seed gives the same torsos. Labels go to DIR/labels under the same names,",
            "and DIR/dataset.json lists both for fine-tuning."
        })
final class PhantomCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write to.")
    private Path out = Path.of("");

    @Option(names = "--cases", required = true, paramLabel = "N", description = "How many torsos.")
    private int cases;

    @Option(
            names = "--height",
            paramLabel = "SHARE",
            defaultValue = "1",
            description =
                    "The least share of a torso's height that its scan shows: below 1 each shows another part of it."
                            + " Default: ${DEFAULT-VALUE}")
    private double height = 1;

    @Option(names = "--labels", description = "Write the organ labels as well.")
    private boolean labels;

    @Override
    public Integer call() throws IOException {
        OutFolder.require("--out", out, "");
        OutFolder.requireEmpty("--out", out);
        Long given = common.seed();
        long seed = given == null ? 0 : given;
        Terminal terminal = common.terminal();
        WritePhantoms.Outcome written = WritePhantoms.run(out, cases, height, labels, seed, terminal::say);
        if (terminal.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("out", out.toString());
            document.put("cases", cases);
            document.put("height", height);
            document.put("seed", seed);
            document.put("files", written.images().stream().map(Path::toString).toList());
            if (written.list() != null) {
                document.put("dataset", written.list().toString());
            }
            terminal.document(document);
        } else {
            terminal.print(cases + " torsos in " + out);
        }
        return ExitCode.DONE;
    }
}
