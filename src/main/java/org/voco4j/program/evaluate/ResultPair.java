package org.voco4j.program.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.CutLabels;
import org.voco4j.corpus.ImageFiles;
import org.voco4j.corpus.label.LabelCoding;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.SameGrid;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Planes;
import org.voco4j.volume.Resample.Grid;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.VolumeFormat;

/**
 * A predicted label map and the true one.
 *
 * @param id what the case is called
 * @param prediction where the predicted label map lies
 * @param truth where the true one lies
 * @param images where the scan lies; null if it is not known
 */
public record ResultPair(
        String id, Path prediction, Path truth, @Nullable ImageFiles images) {

    /**
     * Both on one grid, in RAS+.
     *
     * @param prediction one map of classes, or a mask for each region
     * @param truth the same
     * @param unnamedInPrediction raw values that mean no class, counted as background
     * @param unnamedInTruth the same
     */
    public record Maps(
            List<LabelMap> prediction,
            List<LabelMap> truth,
            SortedSet<Integer> unnamedInPrediction,
            SortedSet<Integer> unnamedInTruth) {

        /** Copies the lists. */
        public Maps {
            prediction = List.copyOf(prediction);
            truth = List.copyOf(truth);
        }
    }

    /** Brings a label map to the grid to compare on. */
    private interface Way {
        LabelMap apply(LabelMap map);
    }

    /**
     * Reads both on the grid of truth, turned to RAS+; nothing is interpolated. Where one keeps only slices that show something,
     * the others are background.
     *
     * @throws IOException with the file if one cannot be read or holds no whole numbers, or with the amounts if the
     *     prediction lies on another grid, whatever its orientation
     */
    public Maps onOwnGrid(VolumeFormat format, LabelCoding ofPrediction, LabelCoding ofTruth) throws IOException {
        SortedSet<Integer> unnamedInTruth = new TreeSet<>();
        SortedSet<Integer> unnamedInPrediction = new TreeSet<>();
        Way turned = map -> Planes.of(map).labels(1);
        Grid common = CutLabels.common(format, truth, prediction, images == null ? null : images.first());
        List<LabelMap> real = read(format, truth, common, ofTruth, unnamedInTruth, turned);
        List<LabelMap> found = read(format, prediction, common, ofPrediction, unnamedInPrediction, turned);
        LabelMap first = real.get(0);
        LabelMap other = found.get(0);
        try {
            SameGrid.require(
                    new Grid(first.shape(), first.affine()),
                    new Grid(other.shape(), other.affine()),
                    "the prediction lies",
                    "truth");
        } catch (IllegalArgumentException e) {
            throw new IOException(prediction + ": " + e.getMessage(), e);
        }
        return maps(found, real, ofTruth.ignores(), unnamedInPrediction, unnamedInTruth);
    }

    /**
     * Reads both and brings them to the grid that a model works on, as the labels of a scan are prepared in training.
     *
     * @throws IOException with the file if one cannot be read or holds no whole numbers, there is no scan or it cannot be
     *     prepared, or one does not lie on the scan's grid
     */
    public Maps prepared(
            VolumeFormat format, Preprocessing preprocessing, LabelCoding ofPrediction, LabelCoding ofTruth)
            throws IOException {
        if (images == null) {
            throw new IOException(truth + ": its scan is not known, and the model's grid covers the scan's foreground");
        }
        Channels scan = images.read(format);
        SortedSet<Integer> unnamedInTruth = new TreeSet<>();
        SortedSet<Integer> unnamedInPrediction = new TreeSet<>();
        Way prepared = map -> {
            LabelMap ready = preprocessing.prepare(scan, map, 1).labels();
            if (ready == null) {
                throw new IllegalStateException("labels were given");
            }
            return ready;
        };
        Grid grid = new Grid(scan.shape(), scan.affine());
        List<LabelMap> real = read(format, truth, grid, ofTruth, unnamedInTruth, prepared);
        List<LabelMap> found = read(format, prediction, grid, ofPrediction, unnamedInPrediction, prepared);
        return maps(found, real, ofTruth.ignores(), unnamedInPrediction, unnamedInTruth);
    }

    private static Maps maps(
            List<LabelMap> found,
            List<LabelMap> real,
            boolean ignores,
            SortedSet<Integer> unnamedInPrediction,
            SortedSet<Integer> unnamedInTruth) {
        LabelMap truth = real.get(0); // regions are ignored at the same voxels
        UnaryOperator<LabelMap> counted = ignores ? map -> without(map, truth) : map -> map;
        return new Maps(
                found.stream().map(counted).toList(),
                real.stream().map(counted).toList(),
                unnamedInPrediction,
                unnamedInTruth);
    }

    private static List<LabelMap> read(
            VolumeFormat format,
            Path file,
            @Nullable Grid grid,
            LabelCoding coding,
            SortedSet<Integer> unnamed,
            Way way)
            throws IOException {
        try {
            List<LabelMap> maps = coded(CutLabels.read(format, file, grid), coding, unnamed);
            List<LabelMap> ready = new ArrayList<>();
            for (LabelMap map : maps) {
                ready.add(way.apply(map));
            }
            return ready;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<LabelMap> coded(Volume raw, LabelCoding coding, SortedSet<Integer> unnamed) {
        List<LabelMap> maps = coding.apply(raw);
        unnamed.addAll(coding.unnamed(raw));
        if (!unnamed.isEmpty() && unnamed.first() < 0) {
            throw new IllegalArgumentException("expected a label map of whole numbers from 0 on, found the value "
                    + unnamed.first() + ", as a scan has");
        }
        return maps;
    }

    /** Voxels to ignore count as background in both. */
    private static LabelMap without(LabelMap map, LabelMap truth) {
        byte[] classes = map.classes().clone();
        for (int i = 0; i < classes.length; i++) {
            if (map.at(i) == LabelSchema.IGNORE || truth.at(i) == LabelSchema.IGNORE) {
                classes[i] = 0;
            }
        }
        return new LabelMap(map.shape(), map.affine(), classes);
    }
}
