package org.voco4j.program.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.voco4j.measure.statistics.PairedGain;
import org.voco4j.program.study.StudyFindings.Entry;
import org.voco4j.report.TextTable;

/**
 * The rows of a paper beside ours: are the arms in the same order?
 *
 * @param arms those that the paper has, too
 */
record PaperOrder(StudyRecipe.Paper paper, List<Entry> arms) {

    static PaperOrder of(StudyFindings findings) {
        StudyRecipe.Paper paper = findings.recipe().paper();
        return new PaperOrder(
                paper,
                findings.arms().stream()
                        .filter(entry -> paper.rows().containsKey(entry.name()))
                        .toList());
    }

    /** Whether there is anything to compare. */
    boolean isEmpty() {
        return arms.size() < 2;
    }

    /** The rows side by side. */
    TextTable table(List<Integer> labels) {
        List<String> head = new ArrayList<>(List.of("arm"));
        paper.names().forEach(name -> head.add("paper, " + name));
        labels.forEach(count -> head.add("here, " + labelled(count)));
        TextTable table = new TextTable(head.toArray(String[]::new));
        for (Entry entry : arms) {
            List<String> row = new ArrayList<>(List.of(entry.name()));
            for (double number : numbers(entry)) {
                row.add(say("%.2f", number));
            }
            for (int count : labels) {
                PairedGain dice = entry.dice(count);
                row.add(say(
                        "%.3f [%.3f, %.3f]",
                        dice.mean(), dice.interval().low(), dice.interval().high()));
            }
            table.row(row.toArray(String[]::new));
        }
        return table;
    }

    /** For each number of labels and column: whether the order is the same, and how much of that rests on intervals. */
    List<String> sentences(List<Integer> labels) {
        List<String> sentences = new ArrayList<>();
        for (int count : labels) {
            Map<String, List<Integer>> columns = new LinkedHashMap<>(); // with the same order
            for (int column = 0; column < paper.names().size(); column++) {
                int own = column;
                columns.computeIfAbsent(order(entry -> number(entry, own)), order -> new ArrayList<>())
                        .add(column);
            }
            columns.values().forEach(same -> sentences.add(sentence(count, same)));
        }
        return sentences;
    }

    private String sentence(int labels, List<Integer> columns) {
        int column = columns.get(0);
        String names = columns.stream().map(paper.names()::get).collect(Collectors.joining(" and "));
        int pairs = 0;
        int swapped = 0;
        int clear = 0;
        int against = 0; // of those that are clear
        for (int i = 0; i < arms.size(); i++) {
            for (int j = i + 1; j < arms.size(); j++) {
                double theirs = number(arms.get(j), column) - number(arms.get(i), column);
                PairedGain ours =
                        StudyFindings.test(arms.get(i), arms.get(j), labels).gain();
                boolean agrees = Math.signum(theirs) == Math.signum(ours.mean());
                pairs++;
                swapped += agrees ? 0 : 1;
                clear += ours.interval().contains(0) ? 0 : 1;
                against += ours.interval().contains(0) || agrees ? 0 : 1;
            }
        }
        String order = swapped == 0
                ? say(
                        "With %s the order is that of %s: %s.",
                        labelled(labels), names, order(entry -> number(entry, column)))
                : say(
                        "With %s the order is not that of %s: the paper has %s, here it is %s; %d of %d pairs are the other way"
                                + " round.",
                        labelled(labels),
                        names,
                        order(entry -> number(entry, column)),
                        order(entry -> entry.dice(labels).mean()),
                        swapped,
                        pairs);
        String certain = clear == 0
                ? " No pair differs here beyond its interval, so the order is chance's as far as these runs can tell."
                : say(
                        " %d of %d pairs differ here beyond their intervals (which are not corrected for their number), %s.",
                        clear, pairs, against == 0 ? "none against the paper" : against + " of them against the paper");
        return order + certain;
    }

    private List<Double> numbers(Entry entry) {
        return Objects.requireNonNull(paper.rows().get(entry.name()));
    }

    private double number(Entry entry, int column) {
        return numbers(entry).get(column);
    }

    private String order(ToDoubleFunction<Entry> by) {
        return arms.stream()
                .sorted(Comparator.comparingDouble(by))
                .map(Entry::name)
                .collect(Collectors.joining(" < "));
    }

    static String labelled(int count) {
        return count + (count == 1 ? " label" : " labels");
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
