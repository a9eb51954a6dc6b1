package org.voco4j.program.finetune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import org.voco4j.corpus.LabelledSet;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.recipe.UsageException;

/**
 * Names of a recipe's classes beside the data's own of the same values. Where they differ, the recipe is one for other data,
 * and what it trains would be called wrongly from then on.
 *
 * <p>Names are the same but for case, spaces, signs between words, and the order of words. A class of several values that the
 * data name is a merger, which has a name of its own.
 */
public final class ClassNames {
    /** What {@code labelNames} says where the names of the recipe take the place of the data's. */
    static final String RENAME = "rename";

    private static final int NAMED = 4; // classes in a sentence

    private ClassNames() {}

    /**
     * Refuses a recipe that renames the data's classes.
     *
     * @throws UsageException with the values and both names
     */
    public static void require(FinetuneRecipe recipe, LabelledSet data) {
        List<String> same = recipe.labelNames();
        if (same != null && same.equals(List.of(RENAME))) {
            return;
        }
        List<String> renamed = new ArrayList<>();
        recipe.labels().forEach((name, values) -> {
            if (name.equalsIgnoreCase(LabelSchema.IGNORE_NAME)) {
                return; // whatever is left out has a name of its own
            }
            Set<String> theirs = theirs(values, data.labels());
            String only = theirs.size() == 1 ? theirs.iterator().next() : name;
            if (!isSame(name, only, same == null ? List.of() : same)) {
                renamed.add("the value " + values.get(0) + " is '" + name + "' in the recipe and '" + only
                        + "' in the data");
            }
        });
        if (!renamed.isEmpty()) {
            int more = renamed.size() - NAMED;
            throw new UsageException("labels: " + String.join(", ", renamed.subList(0, Math.min(NAMED, renamed.size())))
                    + (more > 0 ? ", and " + more + " more differ" : "")
                    + ": is it a recipe for other data? labels={} takes the names of the data, labelNames=rename those of the"
                    + " recipe, and labelNames=[\"ONE|OTHER\"] says that two names mean the same");
        }
    }

    /** What the data call values, without names that only count. */
    private static Set<String> theirs(List<Integer> values, SortedMap<Integer, String> labels) {
        Set<String> theirs = new LinkedHashSet<>();
        for (int value : values) {
            String name = labels.get(value);
            if (name != null && !plain(name).matches("(class|label|value)?\\d*")) {
                theirs.add(name);
            }
        }
        return theirs;
    }

    private static boolean isSame(String one, String other, List<String> same) {
        if (isAlike(one, other)) {
            return true;
        }
        for (String group : same) {
            List<String> names = Arrays.asList(group.split("\\|"));
            if (names.stream().anyMatch(name -> isAlike(name, one))
                    && names.stream().anyMatch(name -> isAlike(name, other))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAlike(String one, String other) {
        return plain(one).equals(plain(other)) || words(one).equals(words(other));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    private static List<String> words(String name) {
        return Arrays.stream(name.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .sorted()
                .toList();
    }
}
