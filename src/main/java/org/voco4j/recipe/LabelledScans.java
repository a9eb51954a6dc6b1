package org.voco4j.recipe;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param labels names of the classes 1, 2, … and their values in the label maps; the background has none
 * @param source makes prepared scans
 * @param digest identifies scans, labels and preparation, so that a resume on others is refused
 * @param contents name → what tells a scan's file from others; empty where there are no files
 */
public record LabelledScans(
        List<String> training,
        List<String> heldOut,
        int channels,
        Map<String, List<Integer>> labels,
        Source source,
        String digest,
        Map<String, String> contents) {

    /** Scans of one channel that are no files, whose classes have the values 1, 2, … */
    public LabelledScans(
            List<String> training, List<String> heldOut, List<String> classes, Source source, String digest) {
        this(training, heldOut, 1, numbered(classes), source, digest, Map.of());
    }

    /** Copies the lists. */
    public LabelledScans {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        contents = Map.copyOf(contents);
    }

    private static Map<String, List<Integer>> numbered(List<String> classes) {
        Map<String, List<Integer>> labels = new LinkedHashMap<>();
        classes.forEach(name -> labels.put(name, List.of(labels.size() + 1)));
        return labels;
    }

    /** The names of the classes 1, 2, … */
    public List<String> classes() {
        return List.copyOf(labels.keySet());
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
        return new LabelledScans(names, heldOut, channels, labels, source, digest + " trained on " + names, contents);
    }
}
