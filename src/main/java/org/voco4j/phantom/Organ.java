package org.voco4j.phantom;

/** The labelled organs of a synthetic torso; 0 is everything else. */
public enum Organ {
    RIGHT_LUNG(1),
    LEFT_LUNG(2),
    HEART(3),
    LIVER(4),
    SPLEEN(5),
    RIGHT_KIDNEY(6),
    LEFT_KIDNEY(7),
    STOMACH(8),
    AORTA(9),
    SPINE(10);

    private final int label;

    Organ(int label) {
        this.label = label;
    }

    /** The organ's number in the label volume, 1…10. */
    public int label() {
        return label;
    }
}
