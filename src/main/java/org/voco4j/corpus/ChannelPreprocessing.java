package org.voco4j.corpus;

import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Foreground;
import org.voco4j.volume.Intensity;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Resample.Interpolation;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/**
 * From a scan of several channels as stored to what a network sees: RAS+, crop to the box in which any channel is not 0,
 * an intensity law per channel, spacing, trilinear resize with aligned corners. The geometry is the same for every
 * channel.
 *
 * <p>Intensities are measured before anything is interpolated, so that zero still means outside. A label map goes the same
 * way by nearest neighbours.
 *
 * @param spacing millimetres to resample to, or null to keep each scan's own
 * @param intensity what becomes of the values
 * @param size voxels afterwards, or null to keep those of the box
 */
public record ChannelPreprocessing(
        @Nullable Spacing spacing,
        Intensity intensity,
        @Nullable Shape3 size) {

    /** A prepared scan with the class of every voxel, on one grid. */
    public record Labelled(Channels image, LabelMap labels) {}

    /**
     * Applies all steps.
     *
     * @throws IllegalArgumentException with a sentence if there is nothing to learn from: a shape that {@link
     *     Preprocessing#apply(Volume)} refuses, NaN or infinite voxels, or zero everywhere
     */
    public Channels apply(Channels scan) {
        Preprocessing.requireShape(scan.shape());
        Channels ras = scan.each(Orient::toRas);
        Box box = box(ras);
        return intensity
                .apply(ras.each(channel -> Crop.apply(channel, box)))
                .each(channel -> sized(spaced(channel, Interpolation.LINEAR), false));
    }

    /**
     * Applies all steps to a scan and its labels.
     *
     * @throws IllegalArgumentException as {@link #apply(Channels)}, or with both shapes and the offset if the labels do not
     *     lie on the scan's grid (in whatever orientation)
     */
    public Labelled apply(Channels scan, LabelMap labels) {
        Preprocessing.requireShape(scan.shape());
        Channels ras = scan.each(Orient::toRas);
        Volume classes = SameGrid.of(ras.volumes().get(0), Orient.toRas(labels.toVolume()), "the labels lie");
        Volume cut = Crop.apply(classes, box(ras));
        return new Labelled(apply(scan), LabelMap.of(sized(spaced(cut, Interpolation.NEAREST), true)));
    }

    private Volume spaced(Volume volume, Interpolation interpolation) {
        if (spacing == null) {
            return volume;
        }
        Preprocessing.requireRoom(new Resample.Grid(volume.shape(), volume.affine()), spacing);
        return Resample.to(volume, spacing, interpolation, false);
    }

    private Volume sized(Volume volume, boolean labels) {
        if (size == null) {
            return volume;
        }
        return labels ? Resize.nearest(volume, size) : Resize.trilinear(volume, size, true);
    }

    /** The smallest box that holds every voxel that is not 0 in some channel. */
    private static Box box(Channels scan) {
        float[] mask = new float[(int) scan.shape().voxels()];
        for (Volume channel : scan.volumes()) {
            float[] values = channel.voxels();
            for (int i = 0; i < values.length; i++) {
                mask[i] = values[i] != 0 ? 1 : mask[i];
            }
        }
        return Foreground.box(new Volume(scan.shape(), scan.affine(), mask), 0)
                .orElseThrow(() -> new IllegalArgumentException("every voxel of every channel is 0, expected a scan"));
    }
}
