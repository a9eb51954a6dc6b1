package org.voco4j.program.study;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.voco4j.recipe.UsageException;

/**
 * One of the parts that a study is divided into, for as many machines. Arms that share a pre-training, or begin with it, are in the same part, so nothing
 * is trained twice, and no part waits for another.
 *
 * @param index from 1
 * @param of how many there are
 */
public record StudyPart(int index, int of) {
    /** All of it. */
    public static final StudyPart WHOLE = new StudyPart(1, 1);

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})/(\\d{1,4})");

    /**
     * Reads {@code i/k}.
     *
     * @throws UsageException unless 1 ≤ i ≤ k
     */
    public static StudyPart of(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            int index = Integer.parseInt(form.group(1));
            int of = Integer.parseInt(form.group(2));
            if (index >= 1 && index <= of) {
                return new StudyPart(index, of);
            }
        }
        throw new UsageException("--part must be I/K with I from 1 to K, such as 2/3, not " + text);
    }

    boolean isWhole() {
        return of == 1;
    }

    /**
     * The arms that are this part's: of the different pre-trainings, and trainings from scratch, every k-th.
     *
     * @throws UsageException if there are more parts than that
     */
    List<StudyArm> among(List<StudyArm> arms) {
        List<String> keys = new ArrayList<>();
        List<StudyArm> own = new ArrayList<>();
        for (StudyArm arm : arms) {
            String key = arm.firstKey();
            if (!keys.contains(key)) {
                keys.add(key);
            }
            if (keys.indexOf(key) % of == index - 1) {
                own.add(arm);
            }
        }
        if (keys.size() < of) {
            throw new UsageException("--part: the study has " + keys.size()
                    + " different pre-trainings, scratch counted" + " as one, and cannot be divided into " + of);
        }
        return own;
    }
}
