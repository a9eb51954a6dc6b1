package org.voco4j.program.finetune;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.volume.LabelMap;

/**
 * What a segmentation is learned from and measured on.
 *
 * @param training names of the scans to train on, in a fixed order
 * @param heldOut names of the scans that are never trained on
 * @param channels of every scan
 * @param labels names of the classes 1, 2, …, the background having none, or of the regions, and their values in the label maps
 * @param regions what the classes of the label maps mean where regions overlap: {@link Regions#classes}; null where classes
 *     are classes
 * @param source makes prepared scans
 * @param digest identifies scans, labels and preparation, so that a resume on others is refused
 * @param contents name → what tells a scan's file from others; empty where there are no files
 * @param patients name → whose scan it is, for those that are not each of a patient of their own
 */
public record LabelledScans(
        List<String> training,
        List<String> heldOut,
        int channels,
        Map<String, List<Integer>> labels,
        @Nullable Regions regions,
        Source source,
        String digest,
        Map<String, String> contents,
        Map<String, String> patients)
        implements TuningScans {

    /** Scans of one channel that are no files, whose classes have the values 1, 2, … */
    public LabelledScans(
            List<String> training, List<String> heldOut, List<String> classes, Source source, String digest) {
        this(training, heldOut, 1, numbered(classes), null, source, digest, Map.of(), Map.of());
    }

    /** Copies the lists. */
    public LabelledScans {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        contents = Map.copyOf(contents);
        patients = Map.copyOf(patients);
    }

    private static Map<String, List<Integer>> numbered(List<String> classes) {
        Map<String, List<Integer>> labels = new LinkedHashMap<>();
        classes.forEach(name -> labels.put(name, List.of(labels.size() + 1)));
        return labels;
    }

    /** The names of the classes 1, 2, …, or of the regions. */
    @Override
    public List<String> classes() {
        return List.copyOf(labels.keySet());
    }

    /** Whose a scan is. */
    public String patient(String name) {
        return patients.getOrDefault(name, name);
    }

    /** Makes scans; called from several threads. */
    public interface Source {
        /** A prepared scan with the class of every voxel. */
        LabelledVolume scan(String name) throws IOException, InterruptedException;

        /** The classes on the scan's own grid, as stored. */
        LabelMap truth(String name) throws IOException;
    }

    /** What a network says of a voxel: a logit for each class and the background, or one for each region. */
    int outputs() {
        return labels.size() + (regions == null ? 1 : 0);
    }

    /** The same scans of a run that depends on more than them. */
    public LabelledScans digestedWith(String more) {
        DataDigest both = new DataDigest();
        both.word(digest);
        both.word(more);
        return new LabelledScans(training, heldOut, channels, labels, regions, source, both.hex(), contents, patients);
    }

    /** The same scans, others of them to train on: fewer labels. */
    public LabelledScans trainedOn(List<String> names) {
        return new LabelledScans(
                names, heldOut, channels, labels, regions, source, digest + " trained on " + names, contents, patients);
    }
}
