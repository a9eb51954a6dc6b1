package org.voco4j.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation.
 *
 * @param prose the lines outside blocks of code
 * @param code the blocks of code, line by line
 */
record MarkdownPage(Path file, List<String> prose, List<List<String>> code) {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.*)");
    private static final Pattern VARIABLE = Pattern.compile("([A-Z_]+)=\"(.*)\"");
    private static final Pattern VOCO = Pattern.compile("\\s*(?:[A-Z_]+=\\S+\\s+)*\\./voco(?:\\s+(.*))?");
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
    private static final Set<String> ENDS = Set.of("|", "&&", ";", ">");

    static MarkdownPage read(Path file) throws IOException {
        List<String> prose = new ArrayList<>();
        List<List<String>> code = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(file)) {
            if (line.strip().startsWith("```")) {
                inside = !inside;
                if (inside) {
                    code.add(new ArrayList<>());
                }
            } else if (inside) {
                code.get(code.size() - 1).add(line);
            } else {
                prose.add(line);
            }
        }
        return new MarkdownPage(file, prose, code);
    }

    /** The targets of links that lead to files here or to headings. */
    List<String> links() {
        return LINK.matcher(String.join("\n", prose).replaceAll("`[^`]*`", ""))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.matches("(https?|mailto):.*"))
                .toList();
    }

    /** What a link may name after {@code #}: the headings, lower case, with hyphens for spaces and without punctuation. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> times = new HashMap<>();
        for (String line : prose) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String words = heading.group(1).strip().toLowerCase(Locale.ROOT);
                String anchor = words.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
                int before = times.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }

    /** The arguments of every line of code that starts {@code ./voco}, up to a comment or what follows the command. */
    List<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>();
        Map<String, String> variables = new HashMap<>();
        for (List<String> block : code) {
            String joined = String.join("\n", block).replaceAll("\\\\\n\\s*", " ");
            for (String line : joined.split("\n")) {
                Matcher variable = VARIABLE.matcher(line);
                Matcher voco = VOCO.matcher(line);
                if (variable.matches()) {
                    variables.put(variable.group(1), variable.group(2));
                } else if (voco.matches()) {
                    commands.add(words(voco.group(1) == null ? "" : voco.group(1), variables));
                }
            }
        }
        return commands;
    }

    private static List<String> words(String line, Map<String, String> variables) {
        String text = line;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            text = text.replaceAll("\\$" + variable.getKey() + "\\b", Matcher.quoteReplacement(variable.getValue()));
        }
        return WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .takeWhile(word -> !word.startsWith("#") && !ENDS.contains(word))
                .map(word -> word.replaceAll("[\"']", ""))
                .toList();
    }
}
