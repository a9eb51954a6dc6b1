package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.program.classify.ClassifyRecipe;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Callable<Integer> body = () -> ExitCode.DONE;

    /** A command that does what a test says. */
    @Command(name = "probe")
    private final class Probe implements Callable<Integer> {

        @Mixin
        private CommonOptions common = new CommonOptions();

        @Mixin
        private RecipeOptions recipe = new RecipeOptions();

        @Override
        public Integer call() throws Exception {
            RecipeTree tree = recipe.load("pretrain", "tiny", common);
            PretrainRecipe bound = tree.bind(PretrainRecipe.class);
            Terminal terminal = common.terminal();
            terminal.say("bound");
            terminal.print("steps " + bound.steps());
            if (terminal.json()) {
                terminal.document(Map.of("steps", bound.steps(), "seed", bound.seed()));
            }
            return body.call();
        }
    }

    private int run(String... args) {
        CommandLine voco = Main.commandLine();
        voco.addSubcommand(new Probe());
        voco.setOut(new PrintWriter(out, true));
        voco.setErr(new PrintWriter(err, true));
        voco.setParameterExceptionHandler(voco.getParameterExceptionHandler());
        voco.setExecutionExceptionHandler(voco.getExecutionExceptionHandler());
        return voco.execute(args);
    }

    @Test
    void helpListsEveryCommand() {
        assertThat(run("--help")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("info", "locate", "Exit codes", "not a medical device");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void noArgumentsShowTheHelp() {
        assertThat(run()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).startsWith("Usage: voco");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inof | voco: Unmatched argument at index 0: 'inof' | Did you mean: voco info",
                "info --jsno | voco: Unknown option: '--jsno' | Possible solutions: --json",
                "probe --threads=many | voco: Invalid value for option '--threads': 'many' | Try 'voco probe --help'.",
            })
    void aSlipIsAnsweredWithWhatIsNear(String line, String sentence, String hint) {
        assertThat(run(line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith(sentence).contains(hint).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aUsageErrorIsOneSentenceAndCode2() {
        body = () -> {
            throw new UsageException("no scans in empty");
        };
        assertThat(run("probe", "--quiet")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).isEqualTo("voco: no scans in empty" + System.lineSeparator());
    }

    @Test
    void aFailureIsItsFirstLineAndCode1() {
        body = () -> {
            throw new IllegalStateException("shapes differ\nException raised from native code\n#0 frame");
        };
        assertThat(run("probe", "--quiet")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).isEqualTo("voco: shapes differ" + System.lineSeparator());
    }

    @Test
    void aFullHeapIsAnsweredWithTheSettingThatHelps() {
        body = () -> {
            throw new OutOfMemoryError("Java heap space");
        };
        assertThat(run("probe")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("voco: OutOfMemoryError: Java heap space", "VOCO_JAVA_OPTS");
    }

    @Test
    void aWrappedFailureSpeaksForItself() {
        body = () -> {
            throw new ExceptionInInitializerError(new IllegalStateException("the library does not link"));
        };
        assertThat(run("probe", "--quiet")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .isEqualTo("voco: IllegalStateException: the library does not link" + System.lineSeparator());
    }

    @Test
    void verboseAddsTheStackTrace() {
        body = () -> {
            throw new IllegalStateException("shapes differ");
        };
        assertThat(run("probe", "--verbose")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("voco: shapes differ", "\tat ");
    }

    @Test
    void aCommandsCodeIsTheProgramsCode() {
        body = () -> ExitCode.NOT_LEARNED;
        assertThat(run("probe")).isEqualTo(3);
    }

    @Test
    void jsonAloneGoesToStandardOutput() {
        assertThat(run("probe", "--json", "--seed=7", "--set", "steps=12")).isEqualTo(ExitCode.DONE);
        JsonNode document = JsonMapper.shared().readTree(out.toString());
        assertThat(document.get("steps").intValue()).isEqualTo(12);
        assertThat(document.get("seed").longValue()).isEqualTo(7);
        assertThat(err.toString()).contains("bound", "steps 12");
    }

    @Test
    void quietLeavesTheResult() {
        assertThat(run("probe", "-q", "--recipe", "voco-paper")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).isEqualTo("steps 100000" + System.lineSeparator());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anUnknownRecipeKeyIsAUsageErrorWithASuggestion() {
        assertThat(run("probe", "--set", "optim.larningRate=1", "--set", "optim.wamup=3"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("probe", "--set", "optim.wamup=3")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("unknown key optim.wamup, did you mean optim.warmup?");
    }

    @Test
    void everyShippedRecipeBinds() {
        for (String name : RecipeTree.shipped("pretrain")) {
            assertThat(RecipeTree.load("pretrain", name, List.of())
                            .bind(PretrainRecipe.class)
                            .steps())
                    .as(name)
                    .isPositive();
        }
        for (String name : RecipeTree.shipped("finetune")) {
            assertThat(RecipeTree.load("finetune", name, List.of())
                            .bind(FinetuneRecipe.class)
                            .steps())
                    .as(name)
                    .isPositive();
        }
        for (String name : RecipeTree.shipped("classify")) {
            assertThat(RecipeTree.load("classify", name, List.of())
                            .bind(ClassifyRecipe.class)
                            .steps())
                    .as(name)
                    .isPositive();
        }
    }
}
