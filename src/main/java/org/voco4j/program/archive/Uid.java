package org.voco4j.program.archive;

import java.util.regex.Pattern;
import org.voco4j.recipe.UsageException;

/** Unique identifiers (PS3.5 section 9): numbers with dots, at most 64 characters, and so fit for addresses and file names. */
final class Uid {
    private static final Pattern FORM = Pattern.compile("[0-9]+(\\.[0-9]+)+");
    private static final int LONGEST = 64;

    private Uid() {}

    /** Whether a text is one. */
    static boolean is(String text) {
        return text.length() <= LONGEST && FORM.matcher(text).matches();
    }

    /**
     * Requires one of the user.
     *
     * @throws UsageException if it is none
     */
    static String require(String option, String text) {
        if (!is(text)) {
            throw new UsageException(option + ": expected a UID such as 1.2.840.113619.2.55, found '"
                    + ServerWords.shortened(text) + "'");
        }
        return text;
    }
}
