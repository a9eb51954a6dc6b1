package org.voco4j.engine.nn;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which network of a file that has two of them: the one that was trained, or the average that taught it. */
public enum Role {
    /** Under {@code student.}. */
    STUDENT,
    /** Under {@code teacher.}. */
    TEACHER;

    /** The word in names. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role that a part of a dotted prefix names, or null. */
    public static @Nullable Role of(String prefix) {
        for (Role role : values()) {
            if (Arrays.asList(prefix.split("\\.")).contains(role.word())) {
                return role;
            }
        }
        return null;
    }
}
