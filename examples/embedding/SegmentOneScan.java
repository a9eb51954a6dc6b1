package embedding;

import java.io.IOException;
import java.nio.file.Path;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.downstream.segment.SegmenterOptions;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/** The example of docs/how-to/embed.md: a program of yours has voxels in memory and wants to know which organ each is of. */
public final class SegmentOneScan {
    private SegmentOneScan() {}

    /**
     * Segments voxels.
     *
     * @param model the folder of a finished run of {@code voco finetune}, or its {@code model.safetensors}
     * @param hounsfield values in Hounsfield units, z fastest: voxel (x, y, z) at (x·Y + y)·Z + z
     * @param mm between neighbouring voxels; x grows to the patient's right, y to the front, z to the head
     * @return the label of each voxel in the same order
     */
    public static byte[] segment(Path model, float[] hounsfield, Shape3 size, Spacing mm) throws IOException {
        Volume scan = new Volume(size, Affine.scaling(mm), hounsfield);
        SegmenterOptions options =
                SegmenterOptions.DEFAULT.withMaxMemory(8L << 30).withThreads(4);
        try (Segmenter segmenter = Segmenter.load(model)) {
            LabelMap labels = segmenter.segment(Channels.of(scan), options).labels();
            return labels.classes();
        }
    }
}
