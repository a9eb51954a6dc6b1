package org.voco4j.corpus;

import java.io.IOException;

/** Something to train on or to measure with, whether labelled or not. */
public sealed interface Sample permits Case, LabelledCase {

    /** Its name, unique in the data set. */
    String id();

    /** Whose it is; what is of one patient is never on both sides of a split. */
    String patient();

    /**
     * Tells this scan's file from others by its size and four pieces of it: the same for an unchanged copy under any
     * name, another after conversion or compression.
     */
    String content() throws IOException;
}
