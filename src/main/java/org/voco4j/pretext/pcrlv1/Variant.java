package org.voco4j.pretext.pcrlv1;

import java.util.Locale;

/** What mixtures of views are restored to. */
public enum Variant {
    /** Crops that lie as the views do. */
    ALIGNED,
    /** Crops as they were cut, while views were flipped, scaled and turned. */
    RELEASED;

    /** The name as recipes write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
