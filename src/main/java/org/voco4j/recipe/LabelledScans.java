package org.voco4j.recipe;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.voco4j.corpus.LabelledVolume;
import org.voco4j.volume.LabelMap;

/**
 * What a segmentation is learned from and measured on.
 *
 * @param training names of the scans to train on, in a fixed order
 * @param heldOut names of the scans that are never trained on
 * @param channels of every scan
 * @param classes names of the classes 1, 2, …; the background has none
 * @param source makes prepared scans
 * @param digest identifies scans, labels and preparation, so that a resume on others is refused
 * @param contents name → what tells a scan's file from others; empty where there are no files
 */
public record LabelledScans(
        List<String> training,
        List<String> heldOut,
        int channels,
        List<String> classes,
        Source source,
        String digest,
        Map<String, String> contents) {

    /** Scans of one channel that are no files. */
    public LabelledScans(
            List<String> training, List<String> heldOut, List<String> classes, Source source, String digest) {
        this(training, heldOut, 1, classes, source, digest, Map.of());
    }

    /** Copies the lists. */
    public LabelledScans {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
        classes = List.copyOf(classes);
        contents = Map.copyOf(contents);
    }

    /** Makes scans; called from several threads. */
    public interface Source {
        /** A prepared scan with the class of every voxel. */
        LabelledVolume scan(String name) throws IOException, InterruptedException;

        /** The classes on the scan's own grid, as stored. */
        LabelMap truth(String name) throws IOException;
    }

    /** The same scans, others of them to train on: fewer labels. */
    public LabelledScans trainedOn(List<String> names) {
        return new LabelledScans(names, heldOut, channels, classes, source, digest + " trained on " + names, contents);
    }
}
