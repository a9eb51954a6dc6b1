package org.voco4j.program.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import org.voco4j.measure.statistics.PairedGain;
import org.voco4j.program.fewlabels.ComparedCases;
import org.voco4j.program.study.StudyFindings.Comparison;

/** What follows from a study and what does not, in words. */
record StudyText(StudyFindings findings) {
    /** A difference of Dice worth knowing of. */
    static final double WORTH_KNOWING = 0.02;

    /** The answer in one sentence. */
    String headline() {
        List<Comparison> all = findings.comparisons();
        long shown = all.stream().filter(Comparison::isShown).count();
        String answer = shown == 0
                ? say("None of %d comparisons shows a difference.", all.size())
                : say("%d of %d comparisons show a difference.", shown, all.size());
        return isOfOneSeed() ? answer + " Of one seed intervals and tests tell about other scans alone." : answer;
    }

    /** What the answer rests on. */
    String basis() {
        StudyRecipe recipe = findings.recipe();
        ComparedCases cases = findings.cases();
        int patients = cases.scans().size();
        int sets = labelledSets();
        return say(
                "%s, each with a pre-training%s draws of its own%s, paired between arms; %d unseen scans%s.%s A difference is shown where"
                        + " p, corrected by Holm over all comparisons with a number of labels%s, is below 0.05.",
                seeds(recipe.seeds()),
                sets == recipe.seeds() ? ", labelled scans and" : " and",
                sets == recipe.seeds()
                        ? ""
                        : say(", but %s labelled scans", sets == 1 ? "the same" : sets + " choices of"),
                cases.count(),
                patients == cases.count() ? "" : say(" of %d patients, each a case", patients),
                cases.leftOut().isEmpty()
                        ? ""
                        : say(
                                " Left out, since in some fine-tune neither truth nor prediction shows a class there: %s.",
                                String.join(", ", cases.leftOut())),
                findings.isTimed() ? ", of equal steps or of equal seconds" : "");
    }

    /** How many different choices of labelled scans there are among the seeds, with the number of labels that has fewest. */
    private int labelledSets() {
        return findings.arms().stream()
                .limit(1) // all have the same
                .flatMapToInt(entry -> findings.recipe().labels().stream()
                        .mapToInt(labels -> (int) entry.with(labels).stream()
                                .map(result -> Set.copyOf(result.training()))
                                .distinct()
                                .count()))
                .min()
                .orElse(findings.recipe().seeds());
    }

    /** What intervals are for. */
    String intervalsAreFor() {
        return isOfOneSeed() ? "other scans, not for other seeds" : "other seeds and scans";
    }

    private boolean isOfOneSeed() {
        return findings.recipe().seeds() == 1;
    }

    /** Whether any difference is shown. */
    boolean showsAny() {
        return findings.comparisons().stream().anyMatch(Comparison::isShown);
    }

    /** What is shown. */
    List<String> follows() {
        List<String> sentences = new ArrayList<>();
        for (Comparison one : findings.comparisons()) {
            if (one.isShown()) {
                PairedGain gain = one.test().gain();
                sentences.add(say(
                        "With %s, %s is %s %s by %.3f mean Dice (95 %% interval %+.3f to %+.3f, corrected p %s).",
                        PaperOrder.labelled(one.labels()),
                        one.arm(),
                        gain.mean() > 0 ? "above" : "below",
                        one.against(),
                        Math.abs(gain.mean()),
                        gain.interval().low(),
                        gain.interval().high(),
                        p(one.p())));
            }
        }
        if (sentences.isEmpty()) {
            sentences.add("Nothing beyond what chance does: no corrected p is below 0.05.");
        }
        return sentences;
    }

    /** What is not shown, and cannot be. */
    List<String> doesNotFollow() {
        List<String> sentences = new ArrayList<>();
        if (isOfOneSeed()) {
            sentences.add(
                    "That a difference would be there with another pre-training and other labelled scans: there is one"
                            + " seed.");
        }
        List<Comparison> open =
                findings.comparisons().stream().filter(one -> !one.isShown()).toList();
        if (!open.isEmpty()) {
            String others = open.size() == 1 ? "the other comparison" : "the other " + open.size() + " comparisons";
            sentences.add(say(
                    "That the arms of %s are equal: a difference that is not shown may be there.%s",
                    others, seedsThatWouldDo(open)));
        }
        sentences.add("An order of arms whose intervals overlap.");
        sentences.add("Anything about longer training, larger networks or scans of another kind: intervals are for "
                + intervalsAreFor() + ".");
        if (findings.recipe().data().equals(StudyRecipe.TORSOS)) {
            sentences.add("Anything about patients: these are synthetic torsos, which lie alike.");
        }
        return sentences;
    }

    private String seedsThatWouldDo(List<Comparison> open) {
        if (isOfOneSeed()) { // nothing is known of their scatter
            return "";
        }
        long unreachable = open.stream()
                .filter(one -> one.test().needsMoreCases(WORTH_KNOWING))
                .count();
        int most = open.stream()
                .filter(one -> !one.test().needsMoreCases(WORTH_KNOWING))
                .mapToInt(one -> one.test().seedsFor(WORTH_KNOWING).orElse(Integer.MAX_VALUE))
                .max()
                .orElse(0);
        String scans = unreachable == 0
                ? ""
                : say(" For %d of them no number of seeds would do: that takes more unseen scans.", unreachable);
        String enough = most == 0
                ? ""
                : say(
                        " %s that scatters most needs %s paired seeds; there are %d.",
                        unreachable == 0 ? "The one" : "Of the others the one",
                        most == Integer.MAX_VALUE ? "more than 1000" : most,
                        findings.recipe().seeds());
        return say(
                " What would show one of %.2f with a chance of 8 in 10, before correction:%s%s",
                WORTH_KNOWING, scans, enough);
    }

    /** A p for people. */
    static String p(double p) {
        return p < 0.001 ? "< 0.001" : say("%.3f", p);
    }

    static String seeds(int count) {
        return count + (count == 1 ? " seed" : " seeds");
    }

    /** How many seeds a difference needs, for a table. */
    static String seeds(Comparison one) {
        if (one.test().gain().seeds() == 1) {
            return "–";
        }
        if (one.test().needsMoreCases(WORTH_KNOWING)) {
            return "more scans";
        }
        OptionalInt seeds = one.test().seedsFor(WORTH_KNOWING);
        return seeds.isPresent() ? Integer.toString(seeds.getAsInt()) : "> 1000";
    }

    static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
