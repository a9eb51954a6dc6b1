package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

final class ScanPictureTest {
    private static final Shape3 SHAPE = new Shape3(20, 16, 12);
    private static final Spacing MM = new Spacing(2, 3, 5);
    private static final Color ORANGE = new Color(0xFFB000);

    @Test
    void anAxialSliceHasThePatientsRightOnTheLeftAndAnteriorUp() {
        // Bright where x is largest (right) and y is largest (anterior).
        Volume scan = scan((x, y, z) -> x >= 15 && y >= 12 ? 1 : 0);
        Slice slice = new Slice(scan, 2, 6, 10, 20, 4);
        assertThat(slice.width()).isEqualTo(20 * 2 * 4);
        assertThat(slice.height()).isEqualTo(16 * 3 * 4);
        Picture picture = paint(slice);
        assertThat(Pixels.at(picture, 10 + 16, 20 + 20)).isEqualTo(0xFFFFFF);
        assertThat(Pixels.at(picture, 10 + 144, 20 + 20)).isZero();
        assertThat(Pixels.at(picture, 10 + 16, 20 + 172)).isZero();
        assertThat(slice.place(new Box(15, 12, 0, 20, 16, 12))).isEqualTo(new Rectangle2D.Double(10, 20, 40, 48));
    }

    @Test
    void aCoronalSliceHasSuperiorUp() {
        Volume scan = scan((x, y, z) -> x >= 15 && z >= 9 && y == 5 ? 1 : 0);
        Slice slice = new Slice(scan, 1, 5, 0, 0, 4);
        assertThat(slice.height()).isEqualTo(12 * 5 * 4);
        Picture picture = paint(slice);
        assertThat(Pixels.at(picture, 16, 24)).isEqualTo(0xFFFFFF);
        assertThat(Pixels.at(picture, 144, 24)).isZero();
        assertThat(Pixels.at(picture, 16, 200)).isZero();
        assertThat(Pixels.count(paint(new Slice(scan, 1, 6, 0, 0, 4)), Color.BLACK))
                .isEqualTo(4 * 160 * 240);
    }

    @Test
    void greyIsNeitherBrightenedNorWrapped() {
        Volume scan = scan((x, y, z) -> x < 5 ? 0.5f : x < 10 ? 7 : x < 15 ? -3 : Float.NaN);
        Picture picture = paint(new Slice(scan, 2, 0, 0, 0, 4));
        assertThat(Pixels.at(picture, 140, 90)).isEqualTo(0x808080);
        assertThat(Pixels.at(picture, 100, 90)).isEqualTo(0xFFFFFF);
        assertThat(Pixels.at(picture, 60, 90)).isZero();
        assertThat(Pixels.at(picture, 20, 90)).isZero();
    }

    @Test
    void theCropIsOutlinedWhereItLies() {
        Volume scan = scan((x, y, z) -> 0.2f);
        Box crop = new Box(4, 6, 2, 12, 14, 10);
        double[] shares = {1};
        Picture picture = ScanPicture.draw(scan, List.of(Box.of(SHAPE)), crop, shares, shares);
        Rectangle bounds = Pixels.bounds(picture, ORANGE);
        assertThat(bounds.isEmpty()).isFalse();
        // Width of a column: 40 mm, height of its slices: 48 and 60 mm; the taller one sets the scale.
        double perMm = 2 * 440 / 60.0;
        double left = (410 * 2 - 40 * perMm) / 2;
        assertThat(bounds.x).isCloseTo((int) (48 + left + 8 * 2 * perMm - 3), within(3));
        assertThat(bounds.y).isCloseTo((int) (140 + 2 * 3 * perMm - 3), within(3));
    }

    @Test
    void basesAreShadedByTheirShareAndOnlyThose() {
        Volume scan = scan((x, y, z) -> 0.5f);
        List<Box> bases = List.of(new Box(0, 0, 0, 10, 16, 12), new Box(10, 0, 0, 20, 16, 12));
        Box crop = new Box(0, 4, 0, 10, 12, 12);
        Picture picture = ScanPicture.draw(scan, bases, crop, new double[] {1, 0}, new double[] {0.25, Double.NaN});
        double perMm = 440 / 60.0;
        double left = 24 + (410 - 40 * perMm) / 2;
        double low = 70 + 46 * perMm;
        int unshaded = Pixels.at(picture, left + 5 * perMm, low);
        int full = Pixels.at(picture, left + 35 * perMm, low);
        int quarter = Pixels.at(picture, left + 410 + 44 + 35 * perMm, low);
        assertThat(unshaded).isEqualTo(0x808080);
        assertThat(blueness(full)).isGreaterThan(blueness(quarter) + 20);
        assertThat(blueness(quarter)).isGreaterThan(20);
    }

    @Test
    void theCropMayComeFromAnotherScan() {
        Volume other = new Volume(new Shape3(8, 8, 8), Affine.scaling(MM), new float[512]);
        Picture picture = ScanPicture.drawAcross(
                other,
                Box.at(1, 1, 1, Shape3.cube(4)),
                scan((x, y, z) -> 0.5f),
                List.of(Box.of(SHAPE)),
                Box.at(2, 2, 2, Shape3.cube(4)),
                new double[] {1},
                new double[] {0.9});
        assertThat(picture.width()).isEqualTo(2 * 24 + 3 * 410 + 2 * 44);
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        Volume scan = scan((x, y, z) -> 0);
        List<Box> bases = List.of(Box.of(SHAPE));
        double[] one = {1};
        assertThatThrownBy(() -> ScanPicture.draw(scan, bases, Box.of(SHAPE), new double[2], new double[2]))
                .hasMessage("1 bases need as many shares, not 2");
        assertThatThrownBy(() -> ScanPicture.draw(scan, bases, Box.of(SHAPE), one, new double[2]))
                .isInstanceOf(IllegalArgumentException.class);
        Box outside = Box.at(0, 40, 0, Shape3.cube(4));
        assertThatThrownBy(() -> ScanPicture.draw(scan, bases, outside, one, one))
                .hasMessageContaining("outside");
    }

    private static int blueness(int rgb) {
        return (rgb & 0xFF) - (rgb >> 16 & 0xFF);
    }

    private static Picture paint(Slice slice) {
        return Picture.paint((int) (slice.left() + slice.width()), (int) (slice.top() + slice.height()), slice::draw);
    }

    private interface Grey {
        float at(int x, int y, int z);
    }

    private static Volume scan(Grey grey) {
        float[] voxels = new float[(int) SHAPE.voxels()];
        for (int x = 0; x < SHAPE.x(); x++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int z = 0; z < SHAPE.z(); z++) {
                    voxels[SHAPE.index(x, y, z)] = grey.at(x, y, z);
                }
            }
        }
        return new Volume(SHAPE, Affine.scaling(MM), voxels);
    }
}
