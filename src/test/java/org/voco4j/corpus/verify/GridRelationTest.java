package org.voco4j.corpus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.corpus.verify.GridRelation.Kind;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

class GridRelationTest {
    private static final Volume SCAN =
            scan(Affine.translation(-80, 40.5, 12).times(Affine.scaling(new Spacing(1.5, 2, 3))));

    private static Volume scan(Affine affine) {
        Shape3 shape = new Shape3(9, 8, 7);
        return new Volume(shape, affine, new float[(int) shape.voxels()]);
    }

    private static GridRelation relation(Volume a, Volume b) {
        return GridRelation.of(a.shape(), a.affine(), b.shape(), b.affine());
    }

    @Test
    void aGridIsTheSameAsItself() {
        assertThat(relation(SCAN, SCAN).kind()).isEqualTo(Kind.SAME);
        Affine rounded = SCAN.affine().times(Affine.translation(1e-4, -1e-4, 0)); // as float32 headers have it
        assertThat(relation(SCAN, scan(rounded)).kind()).isEqualTo(Kind.SAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LPS", "LAS", "SRA", "PIL"})
    void axesInOtherOrderOrDirectionAreTurned(String codes) {
        Volume turned = Orient.to(SCAN, codes);
        assertThat(relation(SCAN, turned).kind()).isEqualTo(Kind.TURNED);
        assertThat(relation(turned, SCAN).kind()).isEqualTo(Kind.TURNED);
        assertThat(relation(turned, SCAN).covers(SCAN.shape())).isTrue();
    }

    @Test
    void aCropIsShiftedByWholeVoxels() {
        Volume crop = Crop.apply(SCAN, new Box(2, 1, 3, 7, 8, 7));
        GridRelation relation = relation(crop, SCAN);
        assertThat(relation.kind()).isEqualTo(Kind.SHIFTED);
        assertThat(relation.shift()).containsExactly(2, 1, 3);
        assertThat(relation.covers(SCAN.shape())).isTrue();
        assertThat(relation(SCAN, crop).shift()).containsExactly(-2, -1, -3);
        assertThat(relation(SCAN, crop).covers(crop.shape())).isFalse();
        GridRelation turned = relation(Orient.to(crop, "LPS"), SCAN);
        assertThat(turned.kind()).isEqualTo(Kind.SHIFTED_AND_TURNED);
        assertThat(turned.covers(SCAN.shape())).isTrue();
        assertThat(turned.shift()).containsExactly(6, 7, 3);
    }

    @Test
    void otherVoxelsHaveNoRelation() {
        assertThat(relation(SCAN, scan(SCAN.affine().times(Affine.translation(0.5, 0, 0))))
                        .kind())
                .isEqualTo(Kind.OTHER);
        assertThat(relation(SCAN, scan(SCAN.affine().times(Affine.scaling(new Spacing(1, 1, 2)))))
                        .kind())
                .isEqualTo(Kind.OTHER);
        Affine sheared = SCAN.affine().times(Affine.ofRows(1, 0.1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0));
        assertThat(relation(SCAN, scan(sheared)).kind()).isEqualTo(Kind.OTHER);
        assertThat(relation(SCAN, scan(sheared)).covers(SCAN.shape())).isFalse();
    }
}
