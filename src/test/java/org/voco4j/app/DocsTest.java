package org.voco4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What README and docs say can be done: commands parse, recipes and their keys exist, links lead somewhere. */
class DocsTest {
    private static final Path README = Path.of("README.md");
    private static final Path FRONT = Path.of("docs", "README.md");

    /** README and all of docs/. */
    private static List<Path> manual() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of(README),
                            files.filter(file -> file.toString().endsWith(".md")))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theReadmeStaysShort() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(150);
    }

    @Test
    void everyCommandParses() throws IOException {
        List<String> faults = new ArrayList<>();
        int commands = 0;
        for (Path file : manual()) {
            for (List<String> words : MarkdownPage.read(file).commands()) {
                commands++;
                String fault = fault(words);
                if (fault != null) {
                    faults.add(file + ": ./voco " + String.join(" ", words) + ": " + fault);
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(commands).isGreaterThan(30);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> faults = new ArrayList<>();
        List<Path> pages = new ArrayList<>(manual());
        pages.addAll(List.of(Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md")));
        for (Path file : pages) {
            for (String link : MarkdownPage.read(file).links()) {
                if (!leadsSomewhere(file, link)) {
                    faults.add(file + ": " + link);
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void theFrontPageNamesEveryPage() throws IOException {
        List<Path> named = MarkdownPage.read(FRONT).links().stream()
                .map(link -> FRONT.resolveSibling(link).normalize())
                .toList();
        assertThat(manual().stream().filter(file -> !file.equals(README) && !file.equals(FRONT)))
                .isSubsetOf(named);
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(target)
                && (parts.length == 1 || MarkdownPage.read(target).anchors().contains(parts[1]));
    }

    /** What is wrong with a command; null if nothing is. */
    private static @Nullable String fault(List<String> words) {
        try {
            ParseResult parsed = Main.commandLine().parseArgs(words.toArray(String[]::new));
            while (parsed.hasSubcommand()) {
                parsed = parsed.subcommand();
            }
            String name = parsed.commandSpec().name();
            if (name.equals("pretrain") || name.equals("quickstart")) {
                loads(
                        "pretrain",
                        parsed.matchedOptionValue("--recipe", null),
                        parsed.matchedOptionValue("--set", List.of()));
                loads("finetune", null, parsed.matchedOptionValue("--finetune-set", List.of()));
            } else if (name.equals("finetune")) {
                String recipe = parsed.matchedOptionValue("--recipe", null);
                String kind =
                        recipe != null && RecipeTree.shipped("classify").contains(recipe) ? "classify" : "finetune";
                loads(kind, recipe, parsed.matchedOptionValue("--set", List.of()));
            } else if (name.equals("study")) {
                loads(
                        "study",
                        parsed.matchedOptionValue("--recipe", null),
                        parsed.matchedOptionValue("--set", List.of()));
            }
            return null;
        } catch (ParameterException | UsageException e) {
            return e.getMessage();
        }
    }

    /** Loads a recipe with the values replaced; a file of the reader's own is taken to be empty. */
    private static void loads(String kind, @Nullable String recipe, List<String> settings) {
        RecipeTree.load(kind, recipe == null || recipe.endsWith(".yaml") ? null : recipe, settings);
    }
}
