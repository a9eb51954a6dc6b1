package org.voco4j.program.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.voco4j.measure.statistics.PairedGain;
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
        return say(
                "%s, each with a pre-training, labelled scans and draws of its own, paired between arms; %d unseen scans. A"
                        + " difference is shown where p, corrected by Holm over all comparisons with a number of labels, is"
                        + " below 0.05.",
                seeds(recipe.seeds()), recipe.tested());
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
        int most = open.stream()
                .mapToInt(one -> one.test().seedsFor(WORTH_KNOWING).orElse(Integer.MAX_VALUE))
                .max()
                .orElseThrow();
        return say(
                " To show one of %.2f with a chance of 8 in 10, the one that scatters most needs %s paired seeds; there are"
                        + " %d.",
                WORTH_KNOWING,
                most == Integer.MAX_VALUE ? "more than 1000" : most,
                findings.recipe().seeds());
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
        OptionalInt seeds = one.test().seedsFor(WORTH_KNOWING);
        return seeds.isPresent()
                ? Integer.toString(seeds.getAsInt())
                : Double.isNaN(one.test().deviation()) ? "–" : "> 1000";
    }

    static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
