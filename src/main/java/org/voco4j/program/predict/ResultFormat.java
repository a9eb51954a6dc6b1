package org.voco4j.program.predict;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.ScanFile;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.recipe.UsageException;
import org.voco4j.volume.SegmentNames;
import org.voco4j.volume.format.VolumeFormat;
import org.voco4j.volume.format.dicom.SegmentationObject;

/**
 * What label maps are written as.
 *
 * @param ending of their files' names, with the dot
 * @param dicom as which kind of DICOM Segmentation; null: as voxels
 */
public record ResultFormat(String ending, @Nullable Dicom dicom) {
    /** What {@code --format} calls frames of bits. */
    public static final String DICOM_SEG = "dicom-seg";

    /** What a task calls frames of values. */
    public static final String DICOM_LABELMAP = "dicom-labelmap";

    private static final String DICOM_ENDING = ".dcm";
    private static final VolumeFormat VOXELS = PredictedFile.FORMAT;

    /** The ways of DICOM to keep segments. */
    enum Dicom {
        /** A frame of bits for each segment and slice that shows it. */
        BINARY,
        /** A frame of values for each slice that shows any. */
        LABELMAP
    }

    /**
     * The format of a task: that of the file if one is named, else of the word.
     *
     * @throws UsageException if there is no such format
     */
    public static ResultFormat of(Path out, String format) {
        boolean file = isFile(out);
        Dicom dicom = format.equals(DICOM_LABELMAP) ? Dicom.LABELMAP : Dicom.BINARY;
        String name = file ? out.getFileName().toString() : "a." + format;
        if (file ? ends(out) : format.equals(DICOM_SEG) || format.equals(DICOM_LABELMAP)) {
            return new ResultFormat(file ? name.substring(name.length() - DICOM_ENDING.length()) : DICOM_ENDING, dicom);
        }
        if (!VOXELS.writes(Path.of(name))) {
            throw new UsageException(
                    "--format must be nii.gz, nii, nrrd, mha, dicom-seg or (of 2-D images) png, not " + format);
        }
        return new ResultFormat(file ? name.substring(ScanFile.name(out).length()) : "." + format, null);
    }

    /** Whether a path is that of a result, not of a folder. */
    static boolean isFile(Path path) {
        return (VOXELS.writes(path) || ends(path)) && !Files.isDirectory(path);
    }

    private static boolean ends(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(DICOM_ENDING);
    }

    /** Whether label maps become objects of DICOM. */
    public boolean isDicom() {
        return dicom != null;
    }

    /**
     * The model with the values that its label maps have: segments of DICOM with frames of their own are numbered from 1 on
     * (PS3.3 section C.8.20.4).
     *
     * @throws UsageException if segments that overlap were to lie in one frame
     */
    Segmenter coded(Segmenter segmenter) {
        ModelLabels labels = segmenter.card().labels();
        if (dicom == Dicom.LABELMAP && labels.regions()) {
            throw new UsageException("--labelmap: the model segments regions that overlap, " + labels.names()
                    + "; without it each has frames of its own");
        }
        return dicom == Dicom.BINARY ? segmenter.relabelled(numbered(labels)) : segmenter;
    }

    private static ModelLabels numbered(ModelLabels labels) {
        List<Integer> order = labels.order();
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        labels.values().forEach((name, raw) -> {
            TreeSet<Integer> numbers = new TreeSet<>(List.of(values.size() + 1));
            IntStream.range(0, order.size())
                    .filter(k -> raw.contains(order.get(k)))
                    .forEach(k -> numbers.add(k + 1));
            values.put(name, List.copyOf(numbers));
        });
        List<Integer> painted = order.isEmpty()
                ? order
                : IntStream.rangeClosed(1, order.size()).boxed().toList();
        return new ModelLabels(values, painted, labels.colours());
    }

    /** How label maps of a model, as {@link #coded}, become objects of DICOM; null if they stay voxels. */
    @Nullable
    SegmentationObject object(Segmenter segmenter) {
        if (dicom == null) {
            return null;
        }
        String algorithm = "voco4j " + segmenter.card().backbone().encoder();
        return new SegmentationObject(
                dicom == Dicom.LABELMAP, names(segmenter.card().labels()), algorithm, segmenter.digest());
    }

    /** What the values stand for. */
    static SegmentNames names(ModelLabels labels) {
        int[] painted = labels.painted();
        List<SegmentNames.Segment> segments = new ArrayList<>();
        labels.values().forEach((name, raw) -> {
            int k = segments.size();
            List<Integer> values = labels.regions()
                    ? Arrays.stream(painted).filter(raw::contains).boxed().toList()
                    : List.of(painted[k + 1]);
            String colour = labels.colours() == null ? null : labels.colours().get(k);
            segments.add(new SegmentNames.Segment(name, values, colour, SegmentTerms.of(name)));
        });
        return new SegmentNames(segments);
    }
}
