package org.voco4j.recipe;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.voco4j.corpus.LabelledVolume;

/**
 * What a segmentation is learned from and measured on.
 *
 * @param training names of the scans to train on, in a fixed order
 * @param heldOut names of the scans that are never trained on
 * @param classes names of the classes 1, 2, …; the background has none
 * @param source makes prepared scans
 * @param digest identifies scans, labels and preparation, so that a resume on others is refused
 * @param contents name → what tells a scan's file from others; empty where there are no files
 */
public record LabelledScans(
        List<String> training,
        List<String> heldOut,
        List<String> classes,
        Source source,
        String digest,
        Map<String, String> contents) {

    /** Scans that are no files. */
    public LabelledScans(
            List<String> training, List<String> heldOut, List<String> classes, Source source, String digest) {
        this(training, heldOut, classes, source, digest, Map.of());
    }

    /** Copies the lists. */
    public LabelledScans {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
        classes = List.copyOf(classes);
        contents = Map.copyOf(contents);
    }

    /** Makes prepared scans; called from several threads. */
    @FunctionalInterface
    public interface Source {
        /** A scan with the class of every voxel, the image's values in [0, 1]. */
        LabelledVolume scan(String name) throws IOException, InterruptedException;
    }

    /** The same scans, others of them to train on: fewer labels. */
    public LabelledScans trainedOn(List<String> names) {
        return new LabelledScans(names, heldOut, classes, source, digest + " trained on " + names, contents);
    }
}
