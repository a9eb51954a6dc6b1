package org.voco4j.pretext;

import java.util.Map;
import org.voco4j.volume.Shape3;

/**
 * A way to pre-train, under its name in a recipe: its keys, its task, and what is said of it. All are listed in
 * {@code pretext/catalogue/Methods}.
 *
 * @param <S> its keys, whose defaults are in {@code recipes/pretrain/tasks/NAME.yaml}
 */
public interface PretextMethod<S extends Record> {
    /** The paper's bases (VoCo, Table 7): what the gate asks for, and how large random crops are, unless a method says otherwise. */
    Shape3 GRID = new Shape3(4, 4, 1);

    /** What recipes call it. */
    String name();

    /** The record of its keys. */
    Class<S> settings();

    /**
     * Refuses keys that can never work.
     *
     * @param volume the size that scans are brought to
     * @param crop edge of a crop
     * @throws IllegalArgumentException with the key
     */
    default void require(S settings, Shape3 volume, int crop) {}

    /**
     * Its task, with weights drawn from the seed.
     *
     * @throws IllegalArgumentException if it cannot be built so, with the key
     */
    PretextTask task(S settings, Setup setup);

    /** Bases along each axis, among which the gate asks where a crop lies. */
    default Shape3 grid(S settings, Shape3 volume) {
        return GRID;
    }

    /** The method in a file's metadata: its name, and a variant where it has some. */
    default String label(S settings) {
        return name();
    }

    /** All choices in words, for a run's record. */
    default String describe(S settings, Shape3 volume, int crop) {
        return settings.toString();
    }

    /** What the likely causes of a failure depend on. */
    default Traits traits(S settings) {
        return Traits.PLAIN;
    }

    /** What is drawn of its losses: title → name of a curve → the metric. */
    default Map<String, Map<String, String>> charts() {
        return Map.of("Loss", Map.of("total", "loss"));
    }

    /**
     * What the likely causes of a failure depend on.
     *
     * @param normalises whether what is contrasted is normalised over the batch
     * @param stopGradient whether gradients stop at one side of what is compared
     * @param flipProbability of a flip or turn that the targets do not follow
     * @param crops of a scan and step; Integer.MAX_VALUE where their number does not matter
     */
    record Traits(boolean normalises, boolean stopGradient, double flipProbability, int crops) {
        /** A method of which none of these is known to matter. */
        public static final Traits PLAIN = new Traits(true, false, 0, Integer.MAX_VALUE);
    }

    /**
     * A method with its keys.
     *
     * @param <S> the keys
     */
    record Chosen<S extends Record>(PretextMethod<S> method, S settings) {
        /** Refuses keys that can never work. */
        public void require(Shape3 volume, int crop) {
            method.require(settings, volume, crop);
        }

        /** Its task. */
        public PretextTask task(Setup setup) {
            return method.task(settings, setup);
        }

        /** The gate's bases along each axis. */
        public Shape3 grid(Shape3 volume) {
            return method.grid(settings, volume);
        }

        /** The method in a file's metadata. */
        public String label() {
            return method.label(settings);
        }

        /** All choices in words. */
        public String describe(Shape3 volume, int crop) {
            return method.describe(settings, volume, crop);
        }

        /** What the likely causes of a failure depend on. */
        public Traits traits() {
            return method.traits(settings);
        }
    }
}
