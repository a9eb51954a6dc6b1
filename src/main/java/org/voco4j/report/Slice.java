package org.voco4j.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.function.IntUnaryOperator;
import org.voco4j.volume.Box;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/**
 * One plane of a RAS+ volume on the sheet, in the radiological display: the patient's right on the left of the image,
 * anterior (axial) or superior (coronal) up.
 *
 * <p>Because the array grows toward right, anterior and superior, both image axes run against it: the image column of
 * voxel x is X − 1 − x, the image row of y (or z) is Y − 1 − y (or Z − 1 − z).
 *
 * @param scan values in [0, 1]; what lies outside is clipped, NaN is black
 * @param normal the axis across the plane: 2 for axial, 1 for coronal
 * @param at the voxel index along that axis
 * @param left left edge on the sheet, in layout pixels
 * @param top upper edge
 * @param scale layout pixels per millimetre
 */
record Slice(Volume scan, int normal, int at, double left, double top, double scale) {

    /** The axis that runs up the image: y of an axial slice, z of a coronal one. */
    private int upward() {
        return normal == 2 ? 1 : 2;
    }

    double width() {
        return millimetres(0) * scale;
    }

    double height() {
        return millimetres(upward()) * scale;
    }

    private double millimetres(int axis) {
        return scan.shape().along(axis) * scan.affine().spacing().along(axis);
    }

    /** Whether the plane goes through the box. */
    boolean cuts(Box box) {
        return box.low(normal) <= at && at < box.high(normal);
    }

    /** Where the box lies on the sheet; what reaches outside the volume is not cut. */
    Rectangle2D place(Box box) {
        Spacing mm = scan.affine().spacing();
        int up = upward();
        Shape3 shape = scan.shape();
        return new Rectangle2D.Double(
                left + (shape.x() - box.x1()) * mm.x() * scale,
                top + (shape.along(up) - box.high(up)) * mm.along(up) * scale,
                (box.x1() - box.x0()) * mm.x() * scale,
                (box.high(up) - box.low(up)) * mm.along(up) * scale);
    }

    /** The frame of the image. */
    Rectangle2D frame() {
        return new Rectangle2D.Double(left, top, width(), height());
    }

    /** Draws the grey values, smoothly enlarged. */
    void draw(Graphics2D g) {
        float[] values = scan.voxels();
        // RGB, because Java takes a grey image's values as linear light and brightens them.
        BufferedImage grey = plane(BufferedImage.TYPE_INT_RGB, voxel -> {
            float value = values[voxel];
            int level = value > 0 ? Math.round(255 * Math.min(1, value)) : 0;
            return level * 0x010101;
        });
        draw(g, grey, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    }

    /**
     * Draws the classes of a label map on the scan's grid over the grey values, voxel by voxel.
     *
     * @param colours ARGB of a class; clear ones leave the scan as it is
     */
    void draw(Graphics2D g, LabelMap labels, IntUnaryOperator colours) {
        BufferedImage classes = plane(BufferedImage.TYPE_INT_ARGB, voxel -> colours.applyAsInt(labels.at(voxel)));
        draw(g, classes, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    }

    private void draw(Graphics2D g, BufferedImage plane, Object interpolation) {
        Object before = g.getRenderingHint(RenderingHints.KEY_INTERPOLATION);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, interpolation);
        Shape clip = g.getClip();
        g.clip(frame());
        AffineTransform place = AffineTransform.getTranslateInstance(left, top);
        place.scale(width() / plane.getWidth(), height() / plane.getHeight());
        g.drawImage(plane, place, null);
        g.setClip(clip);
        if (before != null) {
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, before);
        }
    }

    /** The plane voxel by voxel; {@code colour} maps a voxel's row-major index. */
    private BufferedImage plane(int type, IntUnaryOperator colour) {
        Shape3 shape = scan.shape();
        int rows = shape.along(upward());
        BufferedImage image = new BufferedImage(shape.x(), rows, type);
        for (int row = 0; row < rows; row++) {
            int up = rows - 1 - row;
            for (int column = 0; column < shape.x(); column++) {
                int x = shape.x() - 1 - column;
                int voxel = normal == 2 ? shape.index(x, up, at) : shape.index(x, at, up);
                image.setRGB(column, row, colour.applyAsInt(voxel));
            }
        }
        return image;
    }
}
