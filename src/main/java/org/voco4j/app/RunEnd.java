package org.voco4j.app;

import java.nio.file.Path;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.GateReport;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.run.RunState;

/** The last words of a run, and its exit code. */
final class RunEnd {
    private RunEnd() {}

    static int stopped(Terminal terminal, int steps) {
        terminal.warn("Stopped after step " + steps + "; --resume continues from there.");
        return ExitCode.TERMINATED; // the signal's own code replaces it where a signal was the cause
    }

    static int stoppedFinetuning(Terminal terminal) {
        terminal.warn("Stopped between fine-tunes; --resume does those that are not finished.");
        return ExitCode.TERMINATED;
    }

    /** Says where weights are, and who cannot load them. */
    static void tellWeights(Terminal terminal, String what, Path out, Backbone backbone) {
        terminal.print(what + ": " + out.resolve(ModelFile.NAME));
        String foreign = backbone.unknownToMonai();
        if (foreign != null) {
            terminal.warn(foreign);
        }
    }

    static int tell(Terminal terminal, Path out, PretrainRecipe recipe, Pretrain.Outcome outcome) {
        if (outcome.state() == RunState.STOPPED) {
            return stopped(terminal, outcome.steps());
        }
        GateReport gate = outcome.gate();
        if (gate != null) {
            terminal.print(gate.finding());
            gate.causes().forEach(cause -> terminal.warn("  " + cause));
        }
        tellWeights(terminal, "Weights", out, recipe.model());
        return outcome.didNotLearn(recipe.gate().minimumSteps()) ? ExitCode.NOT_LEARNED : ExitCode.DONE;
    }
}
