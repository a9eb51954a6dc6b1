package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.cache.DataDigest;
import org.voco4j.corpus.cache.DiskCache;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.QuantisedCase;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.format.VolumeFormat;

/**
 * One scan with its label map.
 *
 * @param id its name, unique in the data set: the image's path below the data folder without the format's ending
 * @param images where the scan's channels lie
 * @param label where its label map lies
 * @param patient whose it is; cases of one patient are never on both sides of a split
 */
public record LabelledCase(String id, ImageFiles images, Path label, String patient) implements Sample {

    /** A scan of one channel. */
    public LabelledCase(String id, Path image, Path label, String patient) {
        this(id, ImageFiles.of(image), label, patient);
    }

    /** Where the scan lies, or its first channel does. */
    public Path image() {
        return images.first();
    }

    @Override
    public String content() throws IOException {
        return DataDigest.content(images.files());
    }

    /**
     * The scan prepared as {@link #read} does and rounded.
     *
     * @param cache where it is looked for first and kept, or null
     * @throws IOException as {@link #read}
     */
    public QuantisedCase prepare(
            VolumeFormat format, Preprocessing preprocessing, LabelSchema schema, @Nullable DiskCache cache)
            throws IOException {
        DiskCache.Maker<QuantisedCase> maker = () -> QuantisedCase.of(read(format, preprocessing, schema));
        if (cache == null) {
            return maker.make();
        }
        List<Path> files = new ArrayList<>();
        for (Path channel : images.files()) {
            files.addAll(format.files(channel));
        }
        files.addAll(format.files(label));
        // A class is its place in the list: its name makes no difference to the scan.
        String classes =
                " " + schema.values().values() + (schema.ignored().isEmpty() ? "" : " but for " + schema.ignored());
        return cache.labelled(files, preprocessing + classes, maker);
    }

    /**
     * Reads the files of a scan and its labels and prepares them.
     *
     * @throws IOException if one of them cannot be read or used, or they do not fit together; the message names it
     */
    public LabelledVolume read(VolumeFormat format, Preprocessing preprocessing, LabelSchema schema)
            throws IOException {
        return prepare(format, preprocessing, schema, 1).labelled();
    }

    /**
     * The same with the way back.
     *
     * @param threads that share the work
     * @throws IOException as {@link #read}
     */
    public Preprocessing.Prepared prepare(
            VolumeFormat format, Preprocessing preprocessing, LabelSchema schema, int threads) throws IOException {
        LabelMap labels = classes(format, schema);
        try {
            return preprocessing.prepare(images.read(format), labels, threads);
        } catch (IllegalArgumentException e) {
            throw new IOException(image() + " with the labels " + label + ": " + e.getMessage(), e);
        }
    }

    /**
     * The classes on the label map's own grid; on the scan's where the label map keeps only slices that show something.
     *
     * @throws IOException if it cannot be read or used; the message names it
     */
    public LabelMap classes(VolumeFormat format, LabelSchema schema) throws IOException {
        try {
            return schema.apply(CutLabels.read(format, label, image()));
        } catch (IllegalArgumentException e) {
            throw new IOException(label + ": " + e.getMessage(), e);
        }
    }
}
