package org.voco4j.app;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.study.Study;
import org.voco4j.program.study.StudyPart;
import org.voco4j.program.study.StudyRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code voco study}: ways of training beside each other, with intervals and tests. */
@Command(
        name = "study",
        description =
                "Pre-trains and fine-tunes with few labels in several ways and with several seeds, all measured on the same unseen"
                        + " scans, and writes report.html and report.md: gains with intervals, corrected tests, and what"
                        + " follows.",
        footer = {
            "",
            "The same command continues a study that was stopped; with more arms, labels or",
            "seeds it does what is new (docs/how-to/run-a-study.md)."
        })
final class StudyCommand implements Callable<Integer> {
    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder of the study.")
    private Path out = Path.of("");

    @Option(
            names = "--part",
            paramLabel = "I/K",
            description = "Do the I-th of K parts: pre-trainings that no other part makes, and what follows from them.")
    private @Nullable String part;

    @Option(
            names = "--merge",
            arity = "1..*",
            paramLabel = "DIR",
            description = "Take over what was done in the folders of parts, then do what is still missing, and report.")
    private List<Path> merged = List.of();

    @Option(
            names = "--beside",
            arity = "1..*",
            paramLabel = "DIR",
            description =
                    "Finished studies of the same arms on other scans: the report shows their gains beside these.")
    private List<Path> beside = List.of();

    @Option(names = "--plan", description = "Say what it will take, trying a few steps of each arm, and end.")
    private boolean plan;

    @Override
    public Integer call() throws Exception {
        Terminal terminal = common.terminal();
        if (!recipe.named()) {
            throw new UsageException("--recipe: a study needs one; shipped are "
                    + String.join(", ", RecipeTree.shipped(StudyRecipe.KIND)));
        }
        StudyPart own = part == null ? StudyPart.WHOLE : StudyPart.of(part);
        RecipeTree tree = recipe.load(StudyRecipe.KIND, null, common);
        StudyRecipe bound = tree.bind(StudyRecipe.class);
        Device device = LibtorchSetup.prepare(common);
        try (RunFolder folder = RunFolder.openChanging(out, tree);
                StopSignal stop = new StopSignal(terminal)) {
            Study.Outcome outcome =
                    new Study(bound, device, folder, new TerminalLog(terminal), stop).run(own, merged, beside, plan);
            if (terminal.json()) {
                terminal.document(outcome.document());
            } else if (plan) {
                terminal.print(outcome.forecast().table().toString().stripTrailing());
            }
            if (!outcome.done()) {
                terminal.warn("Stopped; the same command does what is not finished.");
                return ExitCode.TERMINATED; // the signal's own code replaces it where a signal was the cause
            }
            String finding = outcome.finding();
            if (finding != null) {
                terminal.print(finding);
            } else if (!plan) {
                terminal.print("Part " + part + " is done; --merge " + out + " takes it into the whole study.");
            }
            return ExitCode.DONE;
        }
    }
}
