package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.catalogue.MethodList;
import org.voco4j.pretext.catalogue.Methods;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Pages of docs/reference made from what they describe: commands from their usage, recipe keys from the defaults' comments. */
final class ReferencePages {
    private static final int WIDTH = 100; // columns of a usage text
    private static final Pattern KEY = Pattern.compile("( *)(\\w+):(.*)");
    private static final Pattern COMMENT = Pattern.compile("\\s+# ");

    private ReferencePages() {}

    /** The usage of {@code voco} and of every command below it. */
    static String commands() {
        CommandLine voco = Main.commandLine();
        voco.setUsageHelpAutoWidth(false);
        voco.setUsageHelpWidth(WIDTH);
        StringBuilder page = new StringBuilder("""
                # Commands

                What `voco COMMAND --help` prints, made from the commands themselves. `--option value` and `--option=value` mean
                the same.
                """);
        describe(voco, page);
        return page.toString();
    }

    private static void describe(CommandLine command, StringBuilder page) {
        page.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```text\n");
        command.getUsageMessage(Ansi.OFF)
                .lines()
                .forEach(line -> page.append(line.stripTrailing()).append('\n'));
        page.append("```\n");
        command.getSubcommands().values().forEach(below -> describe(below, page));
    }

    /** A table of the keys of each kind of recipe. */
    static String recipeKeys() throws IOException {
        return """
                # Recipe keys

                Every key that a recipe or `--set KEY=VALUE` may set, with its default, made from the comments of the files in
                `recipes/`. "Paper" and "released code" say where a value comes from.
                """
                + keys("Pre-training", "pretrain/defaults", "")
                + tasks()
                + keys("Fine-tuning: segmentation", "finetune/defaults", "")
                + keys("Fine-tuning: classification", "classify/defaults", "")
                + keys("Studies", "study/defaults", "");
    }

    /** What is said of each method. */
    static String methods() {
        StringBuilder page = new StringBuilder("""
                # Methods of pre-training

                What `pretext.task` may be, made from what `voco pretrain --list-methods` prints. Each has a page of [keys](recipe-keys.md);
                how they compare: [the evidence](../explanation/evidence.md).

                | `pretext.task` | what is to be told | paper, and where VoCo's tables have it | what is built here | `model.encoder` |
                |---|---|---|---|---|
                """);
        for (PretextMethod<?> method : Methods.all()) {
            MethodAbout about = method.about();
            page.append(String.join(
                    " | ",
                    "| `" + method.name() + "`",
                    about.idea(),
                    about.title() + ": " + about.paper(),
                    about.source(),
                    MethodList.encoders(about) + " |\n"));
        }
        return page.toString();
    }

    /** The codes of classes. */
    static String segmentTerms() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Coded terms of segments

                What `voco predict --format dicom-seg` says a class is, by its name: category and type, in SNOMED CT (SCT) or the NCI
                Thesaurus (NCIt), made from the program's table. The order of words, what joins them, `and`, `or` and `gland` make
                no difference; `right`, `left`, `anterior` or `posterior` beside a name becomes the type's modifier. A class of another
                name is coded as a tissue (85756007) and keeps its name as the segment's label.

                | class | category | type | code |
                |---|---|---|---|
                """);
        Path table = Path.of("src/main/resources/org/voco4j/program/predict/segment-terms.csv");
        for (String line :
                Files.readAllLines(table).subList(1, Files.readAllLines(table).size())) {
            String[] row = line.split(",", -1);
            page.append(String.join(
                    " | ", "| " + row[0].replace("|", ", "), row[1], row[4], row[2] + " " + row[3] + " |\n"));
        }
        return page.toString();
    }

    private static String tasks() throws IOException {
        StringBuilder all = new StringBuilder();
        for (PretextMethod<?> method : Methods.all()) {
            all.append(keys("pretext.task: " + method.name(), "pretrain/tasks/" + method.name(), "pretext."));
        }
        return all.toString();
    }

    private static String keys(String title, String name, String prefix) throws IOException {
        String file = "recipes/" + name + ".yaml";
        List<String> head = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        List<String> path = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(file))) {
            Matcher key = KEY.matcher(line);
            if (key.matches()) {
                path.subList(key.group(1).length() / 2, path.size()).clear();
                path.add(key.group(2));
                String[] parts = COMMENT.split(key.group(3), 2);
                rows.add(new Row(prefix + String.join(".", path), parts[0].strip(), parts.length > 1 ? parts[1] : ""));
            } else if (line.startsWith("# ")) {
                head.add(line.substring(2));
            } else if (line.strip().startsWith("# ")) {
                rows.add(rows.remove(rows.size() - 1).with(line.strip().substring(2)));
            }
        }
        StringBuilder page = new StringBuilder("\n## " + title + "\n\n");
        page.append(String.join("\n", head))
                .append("\n([the file](../../")
                .append(file)
                .append("))\n\n");
        page.append("| key | default | |\n|---|---|---|\n");
        rows.stream().filter(Row::says).forEach(row -> page.append(row.markdown()));
        return page.toString();
    }

    /** A key, its default (empty: a group of keys) and its comment. */
    private record Row(String key, String value, String comment) {
        Row with(String more) {
            return new Row(key, value, comment + " " + more);
        }

        boolean says() {
            return !(value + comment).isEmpty();
        }

        String markdown() {
            return ("| `" + key + "` | " + (value.isEmpty() ? "" : "`" + value + "`") + " | "
                                    + comment.replace("|", "\\|"))
                            .stripTrailing()
                    + " |\n";
        }
    }
}
