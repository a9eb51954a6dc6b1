package org.voco4j.program.classify;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.voco4j.program.finetune.TuningScans;
import org.voco4j.volume.Channels;

/**
 * What a classification is learned from and measured on.
 *
 * @param training names of the scans to train on, in a fixed order
 * @param heldOut names of the scans that are never trained on
 * @param channels of every scan
 * @param classes names of the classes in the order of the logits
 * @param exclusive whether a scan is of exactly one class; otherwise of any number
 * @param truth name of a scan → names of the classes that it is of
 * @param source makes prepared scans
 * @param digest identifies scans, classes and preparation, so that a resume on others is refused
 * @param contents name → what tells a scan's file from others; empty where there are no files
 */
public record ClassifiedScans(
        List<String> training,
        List<String> heldOut,
        int channels,
        List<String> classes,
        boolean exclusive,
        Map<String, Set<String>> truth,
        Source source,
        String digest,
        Map<String, String> contents)
        implements TuningScans {

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if a scan has no truth, or one that exclusive classes do not allow
     */
    public ClassifiedScans {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
        classes = List.copyOf(classes);
        truth = Map.copyOf(truth);
        contents = Map.copyOf(contents);
        for (List<String> part : List.of(training, heldOut)) {
            for (String name : part) {
                Set<String> own = truth.get(name);
                if (own == null || (exclusive && (own.size() != 1 || !classes.containsAll(own)))) {
                    throw new IllegalArgumentException("scan " + name + " is of " + own + ", expected "
                            + (exclusive ? "one of " : "some of ") + classes);
                }
            }
        }
    }

    /** Makes scans; called from several threads. */
    @FunctionalInterface
    public interface Source {
        /** A prepared scan. */
        Channels scan(String name) throws IOException, InterruptedException;
    }

    /** Whether a scan is of a class. */
    boolean is(String name, int k) {
        return truth.getOrDefault(name, Set.of()).contains(classes.get(k));
    }

    /** The indicators of a scan's classes, [K]. */
    float[] target(String name) {
        float[] target = new float[classes.size()];
        for (int k = 0; k < target.length; k++) {
            target[k] = is(name, k) ? 1 : 0;
        }
        return target;
    }
}
