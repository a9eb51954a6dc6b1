package org.voco4j;

import static org.assertj.core.api.Assertions.assertThat;

import embedding.TrainAndSegment;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Formats;

/** The programs in {@code examples/} do what they say; {@code SegmentOneScan} runs with the tests of {@code voco predict}. */
class ExamplesTest {

    @Test
    void trainsAndSegments(@TempDir Path folder) throws IOException, InterruptedException {
        LabelMap labels = TrainAndSegment.run(folder);
        Volume scan = Formats.any().read(folder.resolve("scans/torso_0001.nii.gz"));
        assertThat(labels.shape()).isEqualTo(scan.shape());
        assertThat(folder.resolve("pretrained.pt")).isNotEmptyFile();
    }
}
