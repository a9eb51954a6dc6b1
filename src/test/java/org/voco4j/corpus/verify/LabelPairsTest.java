package org.voco4j.corpus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

class LabelPairsTest {
    private static final Affine MM = Affine.scaling(Spacing.isotropic(1));
    private static final Shape3 GRID = Shape3.cube(20);

    private final LabelPairs pairs = new LabelPairs();

    private void images(String... paths) {
        for (String path : paths) {
            pairs.add(new LabelPairs.Image(Path.of("data", path), GRID, MM));
        }
    }

    private @Nullable String imageOf(String label) {
        LabelPairs.Image image =
                pairs.of(Path.of("data", label), Path.of("data"), GRID, MM, false).image();
        return image == null
                ? null
                : Path.of("data").relativize(image.path()).toString().replace('\\', '/');
    }

    @Test
    void theOnlyImageOfTheFolderIsMeant() {
        images("p1/ct.nii.gz", "p2/ct.nii.gz");
        assertThat(imageOf("p1/heart.nii.gz")).isEqualTo("p1/ct.nii.gz");
        assertThat(imageOf("p2/segmentations/liver.nii.gz")).isEqualTo("p2/ct.nii.gz");
        assertThat(imageOf("p3/liver.nii.gz")).isNull(); // two, and nothing tells them apart
    }

    @Test
    void equalNamesComeBeforeCommonWords() {
        images("images/a_1.nii", "images/a_1_late.nii", "images/b_0000.nii", "images/b_0001.nii");
        assertThat(imageOf("masks/a_1.nii.gz")).isEqualTo("images/a_1.nii");
        assertThat(imageOf("masks/b.nii.gz")).isEqualTo("images/b_0000.nii");
        assertThat(imageOf("masks/a_late_seg.nii.gz")).isEqualTo("images/a_1_late.nii");
    }

    @Test
    void ofEqualsTheOneOnItsGridIsMeant() {
        images("example_ct.nii.gz");
        pairs.add(new LabelPairs.Image(Path.of("data", "example_dicom"), null, null));
        assertThat(imageOf("example_seg_104classes.nii.gz")).isEqualTo("example_ct.nii.gz");
        assertThat(imageOf("example_seg_dicom.nii.gz")).isEqualTo("example_dicom");
        images("example_pet.nii.gz");
        LabelPairs.Pairing several = pairs.of(Path.of("data/example_seg.nii.gz"), Path.of("data"), GRID, MM, false);
        assertThat(several.image()).isNull();
        assertThat(several.candidates()).hasSize(3);
    }

    @Test
    void imagesOutsideTheDataFolderAreNotLookedAt() {
        pairs.add(new LabelPairs.Image(Path.of("other", "ct.nii"), GRID, MM));
        assertThat(pairs.of(Path.of("data/mask.nii"), Path.of("data"), GRID, MM, false).candidates())
                .isEqualTo(List.of());
    }
}
