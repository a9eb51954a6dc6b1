package org.voco4j.downstream.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Pad;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

class CentralCropTest {
    private static final Shape3 SCAN = new Shape3(9, 6, 3);

    @Test
    void theMiddleIsInTheMiddle() {
        assertThat(new CentralCrop(new Shape3(4, 6, 1), List.of(0, 0, 0)).box(SCAN))
                .isEqualTo(new Box(2, 0, 1, 6, 6, 2));
    }

    @Test
    void drawnBoxesAreAllThoseWithinTheJitterThatLieInTheScan() {
        CentralCrop crop = new CentralCrop(new Shape3(4, 4, 4), List.of(2, 9, 5));
        SplittableRandom random = new SplittableRandom(1);
        Set<Box> drawn = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            drawn.add(crop.draw(SCAN, random));
        }
        Set<Box> expected = new HashSet<>();
        for (int x = 0; x <= 4; x++) { // 2 ± 2
            for (int y = 0; y <= 2; y++) { // as far as there is scan
                expected.add(Box.at(x, y, 0, crop.size())); // padded: it stays
            }
        }
        assertThat(drawn).isEqualTo(expected);
    }

    @Test
    void aShortScanIsPaddedAtBothEndsAndChannelsStandOneAfterTheOther() {
        float[] values = new float[(int) SCAN.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        Volume volume = new Volume(SCAN, Affine.identity(), values);
        Channels scan = new Channels(List.of(volume, new Volume(SCAN, Affine.identity(), values.clone())));
        CentralCrop crop = new CentralCrop(new Shape3(9, 6, 6), List.of(0, 0, 0));
        FloatBuffer out = FloatBuffer.allocate(4 * (int) crop.size().voxels());
        crop.fill(scan, crop.box(SCAN), PatchAugmentation.View.IDENTITY, out, 1);
        float[] padded = Pad.symmetric(volume, crop.size(), 0).voxels();
        float[] second = new float[padded.length];
        for (int part = 0; part < 4; part++) {
            out.get(part * padded.length, second);
            assertThat(second).as("part " + part).isEqualTo(part < 2 ? new float[padded.length] : padded);
        }
    }

    @Test
    void aJitterIsThreeNumbers() {
        assertThatThrownBy(() -> new CentralCrop(SCAN, List.of(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("three numbers");
    }
}
