package org.voco4j.program.predict;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the results of a challenge are named and coded: the file of each case, the value of each class.
 *
 * <p>Values are those of the label maps that each challenge hands out. Files are called as those label maps are; whether
 * the upload takes them so, and how they are packed, is for the challenge's own page to say, which changes.
 */
public enum ChallengeLayout {
    /** Multi-Atlas Labeling Beyond the Cranial Vault, abdomen (2015): {@code img0061} becomes {@code label0061}. */
    BTCV(
            "img(\\d{4})",
            "label%s",
            "img0061",
            "spleen, right kidney, left kidney, gallbladder, esophagus, liver, stomach, aorta, "
                    + "inferior vena cava, portal and splenic vein, pancreas, right adrenal gland, "
                    + "left adrenal gland"),
    /** FLARE 2023: {@code FLARE23Ts_0001_0000} becomes {@code FLARE23Ts_0001}; 13 organs as in 2022, and tumours. */
    FLARE23(
            "(FLARE\\w*?)(?:_0000)?",
            "%s",
            "FLARE23Ts_0001_0000",
            "liver, right kidney, spleen, pancreas, aorta, inferior vena cava, right adrenal gland, "
                    + "left adrenal gland, gallbladder, esophagus, stomach, duodenum, left kidney, tumor"),
    /** AMOS 2022: {@code amos_0001} stays. */
    AMOS22(
            "(amos_\\d{4})(?:_0000)?",
            "%s",
            "amos_0001",
            "spleen, right kidney, left kidney, gallbladder, esophagus, liver, stomach, aorta, "
                    + "inferior vena cava, pancreas, right adrenal gland, left adrenal gland, duodenum, "
                    + "bladder, prostate/uterus");

    private final Pattern scan;
    private final String result;
    private final String example;
    private final String classes;

    ChallengeLayout(String scan, String result, String example, String classes) {
        this.scan = Pattern.compile(scan);
        this.result = result;
        this.example = example;
        this.classes = classes;
    }

    /** Value → class, without the background, which is 0. */
    public SortedMap<Integer, String> classes() {
        SortedMap<Integer, String> byValue = new TreeMap<>();
        for (String name : classes.split(", ")) {
            byValue.put(byValue.size() + 1, name);
        }
        return byValue;
    }

    /**
     * The name of a result's file.
     *
     * @param scan the scan's name without folder and ending, with or without nnU-Net's {@code _0000}
     * @throws IllegalArgumentException if the challenge has no scan of such a name
     */
    public String fileName(String scan) {
        Matcher match = this.scan.matcher(scan);
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "'" + scan + "' is no scan of " + this + ": expected a name like " + example);
        }
        return result.formatted(match.group(1)) + ".nii.gz";
    }

    /** The value of a class, whatever the order of its words ({@code kidney_right}) and in the short forms of lists in use. */
    public OptionalInt value(String name) {
        String wanted = ClassWords.of(name);
        return classes().entrySet().stream()
                .filter(each -> ClassWords.of(each.getValue()).equals(wanted))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * The values of a model's classes.
     *
     * @param names of its classes, in order
     * @throws IllegalArgumentException if the challenge has not one of them, or two are the same
     */
    public List<Integer> values(List<String> names) {
        Map<Integer, String> taken = new TreeMap<>();
        return names.stream()
                .map(name -> {
                    int value = value(name)
                            .orElseThrow(() -> new IllegalArgumentException(
                                    this + " has no class '" + name + "'; its classes are " + classes));
                    @Nullable String before = taken.put(value, name);
                    if (before != null) {
                        throw new IllegalArgumentException("'" + before + "' and '" + name + "' are one class of "
                                + this + ": " + classes().get(value));
                    }
                    return value;
                })
                .toList();
    }
}
