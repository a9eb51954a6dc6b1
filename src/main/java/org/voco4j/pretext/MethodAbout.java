package org.voco4j.pretext;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.voco4j.network.Backbone;

/**
 * What is said of a method to those who choose one.
 *
 * @param title what texts call it
 * @param idea in a line
 * @param paper that had it first, and where VoCo's tables have it
 * @param source of what is built here: whose code or words
 * @param encoders that it can teach
 */
public record MethodAbout(String title, String idea, String paper, String source, Set<Backbone.Name> encoders) {
    /** Every encoder. */
    public static final Set<Backbone.Name> ALL = Collections.unmodifiableSet(EnumSet.allOf(Backbone.Name.class));

    /** Encoders with a way back up to voxels. */
    public static final Set<Backbone.Name> WITH_DECODER = Set.of(
            Backbone.Name.UNET,
            Backbone.Name.UNET_3D,
            Backbone.Name.MONAI_UNET,
            Backbone.Name.SWIN_UNETR,
            Backbone.Name.UNETR);

    /**
     * Refuses an encoder that it cannot teach.
     *
     * @param name of the method
     * @throws IllegalArgumentException with the keys
     */
    void require(String name, Backbone.Name encoder) {
        if (!encoders.contains(encoder)) {
            throw new IllegalArgumentException("pretext.task: " + name + " can teach "
                    + String.join(
                            ", ",
                            encoders.stream()
                                    .map(Backbone.Name::toString)
                                    .sorted()
                                    .toList())
                    + "; model.encoder is " + encoder);
        }
    }
}
