package org.voco4j.network.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.voco4j.Tensors.assertClose;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;

class ProjectionHeadTest {

    @Test
    void equalsTheReleasedProjectorOnItsOwnPooledFeatures() {
        Reference reference = Reference.of("voco_projector");
        ProjectionHead head = new ProjectionHead(144, 64, 64, ProjectionHead.Norm.HIDDEN);
        Tensors.fillWithHashNumbers(head.weights(), "student.proj_head.");
        Tensor features = head.forward(Tensors.of(reference, "pooled.student").to(DType.F32));
        double[] expected = reference.doubles("features.student.float64");
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertClose(features, expected, 20 * 3.7e-5, "float32 features");
        head.to(Device.CPU, DType.F64);
        // The pooled features are stored in float32, which bounds what float64 arithmetic can reach.
        assertClose(head.forward(Tensors.of(reference, "pooled.student")), expected, 1e-4 * largest, "features");
    }

    @Test
    void namesAreThePublishedKeys() {
        assertThat(new ProjectionHead(4, 3, 2, ProjectionHead.Norm.BATCH)
                        .weights()
                        .keySet())
                .containsExactly(
                        "layer1.0.weight",
                        "layer1.0.bias",
                        "layer2.0.weight",
                        "layer2.0.bias",
                        "layer3.0.weight",
                        "layer3.0.bias");
    }

    @Test
    void aNormOnTheOutputCentresEveryFeature() {
        ProjectionHead head = new ProjectionHead(4, 8, 3, ProjectionHead.Norm.BATCH);
        head.initialise(1);
        float[] rows = new float[6 * 4];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (i * 7 % 5) + 0.1f * i;
        }
        double[] sums = head.forward(Tensor.of(rows, 6, 4)).mean(0).toDoubles();
        assertThat(Arrays.stream(sums).map(Math::abs).max().orElseThrow()).isLessThan(1e-5);
    }
}
