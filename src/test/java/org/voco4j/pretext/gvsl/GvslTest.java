package org.voco4j.pretext.gvsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.Tensors;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Interpolation;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Sampling;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.phantom.Torso;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.volume.Box;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** Correlation, roughness, flows and affine maps against the released code, and which way they move. */
class GvslTest {
    private static final List<String> PARAMETERS = List.of("rotation", "scale", "shift", "shear");

    private static void assertClose(Tensor found, MethodVectors vectors, String name, double tolerance) {
        double[] expected = vectors.doubles(name);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        assertThat(found.toDoubles()).as(name).containsExactly(expected, within(tolerance * Math.max(largest, 1e-3)));
    }

    private static Tensor gradient(Tensor of) {
        return Objects.requireNonNull(of.gradient());
    }

    @Test
    void correlationIsTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("gvsl");
            Tensor moving = vectors.tensor("ncc.moving").copy().requireGradient(true);
            Tensor loss = LocalCorrelation.of(moving, vectors.tensor("ncc.fixed"), 9)
                    .mean()
                    .times(-1)
                    .plus(1);
            loss.backward();
            assertClose(loss, vectors, "ncc.value", 1e-9);
            assertClose(gradient(moving), vectors, "ncc.grad_moving", 1e-9);
        }
    }

    @Test
    void roughnessIsTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("gvsl");
            Tensor flow = vectors.tensor("smooth.flow").copy().requireGradient(true);
            Tensor loss = Flow.roughness(flow);
            loss.backward();
            assertClose(loss, vectors, "smooth.value", 1e-9);
            assertClose(gradient(flow), vectors, "smooth.grad_flow", 1e-9);
        }
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void flowsMoveAsTheReferenceDoes(Variant variant) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("gvsl");
            String form = variant == Variant.PAPER ? "ours.warp_" : "warp.";
            Tensor map = vectors.tensor("warp.src").copy().requireGradient(true);
            Tensor flow = vectors.tensor("warp.flow").copy().requireGradient(true);
            Tensor moved = Sampling.at(map, Flow.places(flow, variant));
            moved.times(vectors.tensor("warp.weight")).sum().backward();
            assertClose(moved, vectors, form + "out", 1e-9);
            assertClose(gradient(map), vectors, form + "grad_src", 1e-9);
            assertClose(gradient(flow), vectors, form + "grad_flow", 1e-9);
            Tensor still = Sampling.at(map, Flow.places(flow.times(0), variant));
            assertClose(still, vectors, variant == Variant.PAPER ? "warp.src" : "warp.identity", 1e-9);
        }
    }

    @Test
    void affineMapsMoveAsTheReferenceDoes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("gvsl");
            List<Tensor> numbers = PARAMETERS.stream()
                    .map(name -> vectors.tensor("affine." + name).copy().requireGradient(true))
                    .toList();
            Tensor matrix = AffineMove.matrix(numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3));
            assertClose(matrix, vectors, "affine.matrix", 1e-6); // there in 32 bits
            assertClose(matrix, vectors, "ours.affine_matrix", 1e-9);
            Tensor map = vectors.tensor("affine.src");
            Tensor moved = Sampling.at(map, AffineMove.places(matrix, map, Variant.RELEASED));
            assertClose(moved, vectors, "affine.out", 1e-6);
            assertClose(moved, vectors, "ours.affine_out", 1e-9);
            moved.times(vectors.tensor("warp.weight")).sum().backward();
            for (int i = 0; i < numbers.size(); i++) {
                assertClose(gradient(numbers.get(i)), vectors, "ours.affine_grad_" + PARAMETERS.get(i), 1e-9);
            }
        }
    }

    /** What the released code does to z, y, x with shifts in sizes, the paper's form does to x, y, z with shifts in half-sizes. */
    @Test
    void axesAreThoseOfTheCrop() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors vectors = MethodVectors.of("gvsl");
            Tensor matrix = vectors.tensor("ours.affine_matrix");
            Tensor map = vectors.tensor("affine.src"); // [1, 2, 6, 5, 4]
            Tensor turned = Rearrange.permute(map, 0, 1, 4, 3, 2); // [1, 2, 4, 5, 6]
            Tensor shift = matrix.narrow(2, 3, 1).times(Tensor.of(new double[] {4, 5, 6}, 1, 3, 1));
            Tensor released = Tensor.concatenate(List.of(matrix.narrow(2, 0, 3), shift), 2);
            Tensor expected = Sampling.at(turned, AffineMove.places(released, turned, Variant.RELEASED));
            Tensor found = Sampling.at(map, AffineMove.places(matrix, map, Variant.PAPER));
            assertThat(Rearrange.permute(found, 0, 1, 4, 3, 2).toDoubles())
                    .containsExactly(expected.toDoubles(), within(1e-12));
        }
    }

    @Test
    void flowsThatFoldAreCounted() {
        try (Scope scope = Scope.open()) {
            Tensor still = Tensor.zeros(DType.F64, 1, 3, 5, 4, 3);
            assertThat(Flow.folded(still).item()).isZero();
            Tensor back = Rearrange.permute(Flow.voxels(still), 0, 4, 1, 2, 3).times(-1.5); // i → −i/2, in all axes
            assertThat(Flow.folded(back).item()).isEqualTo(1);
            Tensor x = back.narrow(1, 0, 1);
            Tensor mirrored = Tensor.concatenate(List.of(x, x.times(0), x.times(0)), 1);
            assertThat(Flow.folded(mirrored).item()).isEqualTo(1);
            assertThat(Flow.folded(mirrored.times(0.5)).item()).isZero(); // i → i/4
        }
    }

    /** Finding the flow of a known warp by its own loss: a wrong axis, sign or unit would end elsewhere. */
    @Test
    void theFlowOfAKnownWarpIsRecoveredOnATorso() {
        Volume torso = Torso.generate(11).image();
        Shape3 size = new Shape3(40, 40, 20);
        float[] hounsfield = new float[(int) size.voxels()];
        Resize.trilinear(torso.voxels(), torso.shape(), Box.of(torso.shape()), true, size, hounsfield, 0);
        float[] values = new float[hounsfield.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, Math.min(1, (hounsfield[i] + 175) / 425));
        }
        try (Scope scope = Scope.open();
                AdamW optimizer = new AdamW(new AdamW.Settings(0.9, 0.999, 1e-8, false))) {
            Tensor moving = Tensor.of(values, 1, 1, size.x(), size.y(), size.z());
            Tensor known = smooth(
                            Tensor.of(Tensors.numbersOf("known").doubles(81).toArray(), 1, 3, 3, 3, 3), size)
                    .to(DType.F32)
                    .plus(-0.5)
                    .times(12); // up to 6 voxels either way
            Tensor fixed = Sampling.at(moving, Flow.places(known, Variant.PAPER));
            Tensor body = Ops.isAbove(fixed, 0);
            Tensor knots = Tensor.zeros(DType.F32, 1, 3, 5, 5, 5).persist().requireGradient(true);
            optimizer.add(Map.of("knots", knots), 1, 0);
            double before = distance(smooth(knots, size), known, body);
            for (int step = 0; step < 60; step++) {
                try (Scope inner = Scope.open()) {
                    Tensor flow = smooth(knots, size);
                    Tensor moved = Sampling.at(moving, Flow.places(flow, Variant.PAPER));
                    LocalCorrelation.of(moved, fixed, 9)
                            .mean()
                            .times(-1)
                            .plus(Flow.roughness(flow).times(0.02))
                            .backward();
                    optimizer.step(0.2);
                    optimizer.clearGradients();
                }
            }
            double after = distance(smooth(knots, size), known, body);
            assertThat(before).isGreaterThan(2);
            assertThat(after).isLessThan(1);
        }
    }

    private static Tensor smooth(Tensor knots, Shape3 size) {
        return Interpolation.ofPoints(knots, size.x(), size.y(), size.z());
    }

    /** The mean length of the difference of two flows within a body, in voxels. */
    private static double distance(Tensor flow, Tensor known, Tensor body) {
        Tensor length = flow.detach().minus(known).square().sumKeeping(1).sqrt();
        return length.times(body).sum().over(body.sum()).item();
    }
}
