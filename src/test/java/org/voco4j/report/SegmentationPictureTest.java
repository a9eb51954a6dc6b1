package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

final class SegmentationPictureTest {
    private static final Shape3 SHAPE = new Shape3(20, 16, 12);
    private final Volume scan = new Volume(SHAPE, Affine.identity(), new float[(int) SHAPE.voxels()]);
    private final byte[] classes = new byte[(int) SHAPE.voxels()];
    private final LabelMap truth = new LabelMap(SHAPE, Affine.identity(), classes);

    private void box(int label, int x0, int x1, int y, int z) {
        for (int x = x0; x < x1; x++) {
            classes[SHAPE.index(x, y, z)] = (byte) label;
        }
    }

    @Test
    void theSliceWithTheMostClassesIsShownAndOfTheseTheFullest() {
        box(1, 0, 20, 3, 2); // many voxels of one class
        box(1, 0, 2, 5, 7);
        box(2, 3, 5, 6, 7);
        box(1, 0, 4, 5, 9);
        box(2, 5, 8, 6, 9);
        assertThat(SegmentationPicture.busiest(truth, 2, 2)).isEqualTo(9);
        assertThat(SegmentationPicture.busiest(truth, 1, 2)).isEqualTo(3);
    }

    @Test
    void classesLieWhereTheyAreAndTheScanShowsThroughElsewhere() {
        for (int y = 8; y < 16; y++) {
            box(1, 10, 20, y, 4); // the right and anterior quarter: left and up in the image
        }
        Picture picture = SegmentationPicture.draw(
                scan,
                truth,
                List.of("liver"),
                List.of(
                        new SegmentationPicture.Column("Scan", "", null),
                        new SegmentationPicture.Column("Truth", "", truth)));
        int left = 16 + 232 + 12; // of the second column
        assertThat(Pixels.at(picture, left + 40, 56 + 40)).isEqualTo(0x367192); // 160/255 of the first colour on black
        assertThat(Pixels.at(picture, left + 200, 56 + 40)).isZero();
        assertThat(Pixels.at(picture, left + 40, 56 + 150)).isZero();
        assertThat(Pixels.at(picture, 16 + 40, 56 + 40)).isZero();
    }

    @Test
    void anotherGridIsRefused() {
        LabelMap other = new LabelMap(new Shape3(2, 2, 2), Affine.identity(), new byte[8]);
        assertThatThrownBy(() -> SegmentationPicture.draw(
                        scan, truth, List.of("a"), List.of(new SegmentationPicture.Column("", "", other))))
                .hasMessageContaining("20x16x12")
                .hasMessageContaining("2x2x2");
    }
}
