package org.voco4j.recipe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups of keys that recipes of several kinds have, and what their values must be. */
public final class Groups {
    private Groups() {}

    /** When a run saves. */
    public record Checkpoint(int every) {

        /** Checks the group. */
        public Checkpoint {
            require(every >= 1, "checkpoint.every must be at least 1 step, not " + every);
        }
    }

    /** How often a run says where it is. */
    public record Log(int every) {

        /** Checks the group. */
        public Log {
            require(every >= 1, "log.every must be at least 1 step, not " + every);
        }
    }

    /** How scans reach the training loop. */
    public record Loader(int workers, int prefetch) {

        /** Checks the group. */
        public Loader {
            require(workers >= 0 && workers <= 256, "loader.workers must lie in 0…256, not " + workers);
            require(prefetch >= 1 && prefetch <= 64, "loader.prefetch must lie in 1…64 batches, not " + prefetch);
        }
    }

    /**
     * Who is held out, where the data do not say it themselves.
     *
     * @param heldOut share of the patients
     * @param fold the fold to hold out instead, from 0; null for none
     * @param folds into how many folds the patients are dealt, where the data declare none
     */
    public record Folds(double heldOut, @Nullable Integer fold, int folds) {}

    /** On which scans a run is measured. */
    public enum Scans {
        /** On those that are held out. */
        UNSEEN,
        /** On those it is trained on: whether a network can fit them at all. */
        TRAINING;

        /**
         * Their names.
         *
         * @throws UsageException if there is none
         */
        public List<String> of(List<String> training, List<String> heldOut) {
            List<String> names = this == UNSEEN ? heldOut : training;
            if (names.isEmpty()) {
                throw new UsageException("no scan is held out to validate on: more patients or a larger data.heldOut"
                        + " help, and validation.scans=training validates on the scans that are trained on");
            }
            return names;
        }
    }

    /** Checks what all data have. */
    public static void requireData(double heldOut, int cache) {
        require(heldOut >= 0 && heldOut < 1, "data.heldOut must lie in [0, 1), not " + heldOut);
        require(cache >= 0, "data.cache must be 0 MiB or more, not " + cache);
    }

    /** Checks the rates and moments of AdamW. */
    public static void requireOptim(
            double lr, double weightDecay, double beta1, double beta2, int warmup, double clip) {
        require(lr > 0, "optim.lr must be above 0, not " + lr);
        require(weightDecay >= 0, "optim.weightDecay must not be negative, but is " + weightDecay);
        require(
                beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
                "optim.beta1 and optim.beta2 must lie in [0, 1), not " + beta1 + ", " + beta2);
        require(warmup >= 0, "optim.warmup must not be negative, but is " + warmup);
        require(clip >= 0, "optim.clip must be 0 (never) or more, not " + clip);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
