package org.voco4j.corpus;

/** Something to train on or to measure with, whether labelled or not. */
public sealed interface Sample permits Case, LabelledCase {

    /** Its name, unique in the data set. */
    String id();

    /** Whose it is; what is of one patient is never on both sides of a split. */
    String patient();
}
