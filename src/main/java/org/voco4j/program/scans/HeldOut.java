package org.voco4j.program.scans;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.voco4j.corpus.Sample;
import org.voco4j.corpus.Split;
import org.voco4j.recipe.Groups;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;

/**
 * What labelled data say about who is held out.
 *
 * @param declared the ids that lists hold out
 * @param folds the ids held out in each fold that the data declare; empty if they declare none
 * @param strata id → what the scan counts as
 */
public record HeldOut(Set<String> declared, List<Set<String>> folds, Map<String, String> strata) {

    /**
     * Holds out a fold, or a share of the patients, and says what is trained on.
     *
     * @throws UsageException if there is no such fold, or nothing is left to train on
     */
    public <C extends Sample> Split<C> split(List<C> usable, Groups.Folds data, long seed, RunLog log) {
        return OpenedData.told(of(usable, data, seed), log);
    }

    /**
     * Refuses, before scans are prepared, a split that leaves nothing to train on or to validate on.
     *
     * @throws UsageException as {@link #split}
     */
    public void require(List<? extends Sample> found, Groups.Folds data, long seed, Groups.Scans validated) {
        Split<? extends Sample> planned = of(found, data, seed);
        validated.of(
                planned.training().stream().map(Sample::id).toList(),
                planned.heldOut().stream().map(Sample::id).toList());
    }

    /**
     * Holds out a fold, or a share of the patients.
     *
     * @throws UsageException as {@link #split}
     */
    <C extends Sample> Split<C> of(List<C> usable, Groups.Folds data, long seed) {
        Integer fold = data.fold();
        if (fold == null) {
            return OpenedData.chosen(usable, declared, data.heldOut(), seed, strata);
        }
        int count = folds.isEmpty() ? data.folds() : folds.size();
        if (fold >= count) {
            throw new UsageException("data.fold must lie in 0…" + (count - 1) + ", not " + fold + ": "
                    + (folds.isEmpty() ? "data.folds is " : "the data declare ") + count
                    + (folds.isEmpty() ? "" : " folds"));
        }
        try {
            if (folds.isEmpty()) {
                return Split.folds(usable, count, seed, strata).get(fold);
            }
            Set<String> held = folds.get(fold);
            if (usable.stream().noneMatch(scan -> held.contains(scan.id()))) {
                throw new IllegalArgumentException("no scan of fold " + fold + " can be used");
            }
            return Split.heldOut(usable, held, data.heldOut(), seed, strata);
        } catch (IllegalArgumentException e) {
            throw new UsageException("data.fold: " + e.getMessage(), e);
        }
    }
}
