package org.voco4j.engine.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.voco4j.engine.tensor.KernelCases.Case;

/**
 * Every kind of kernel that the networks use, beside the same computation in 64 bits on the processor.
 *
 * <p>Inputs are random numbers that 16 bits hold exactly, so what is measured is the kernel's rounding and its mistakes, not
 * what its inputs lost.
 */
public final class KernelCheck {
    private static final double FP32 = 1e-5; // sums of n products are off by √n·6e-8
    private static final double TF32 = 2e-3; // a card may shorten the factors of convolutions to 10 bits
    private static final double BF16 = 0.02;

    private KernelCheck() {}

    /** How a kernel fared. */
    public enum Outcome {
        /** It is as near as its number format allows. */
        PASSED,
        /** It is not, and the software uses 32 bits in its place, which passed. */
        AVOIDED,
        /** It is not, and the software would use it. */
        WRONG
    }

    /**
     * A kernel in a number format on a device.
     *
     * @param value ‖y − y₆₄‖/‖y₆₄‖ of its result
     * @param gradient the largest such distance of a gradient
     */
    public record Row(
            String kernel, String device, Precision precision, double value, double gradient, Outcome outcome) {}

    /** Checks all kernels on the processor, and on a device that is another. */
    public static List<Row> run(Device device) {
        Engine.load();
        List<Row> rows = new ArrayList<>();
        for (Device place : device.isCpu() ? List.of(device) : List.of(Device.CPU, device)) {
            for (Case kernel : KernelCases.all()) {
                try (Scope scope = Scope.open()) {
                    rows.addAll(rows(kernel, place));
                }
            }
        }
        return rows;
    }

    static List<Row> rows(Case kernel, Device device) {
        List<Row> rows = new ArrayList<>();
        List<Tensor> exact = thereAndBack(kernel, Device.CPU, DType.F64, Precision.FP32, false);
        double bound = device.isCpu() ? FP32 : TF32;
        Row single = row(kernel, device, Precision.FP32, exact, bound, false);
        rows.add(single);
        if (kernel.halves()) {
            Row used = row(kernel, device, Precision.BF16, exact, BF16, false);
            Row raw = row(kernel, device, Precision.BF16, exact, BF16, true);
            boolean avoided = used.outcome == Outcome.PASSED && raw.outcome == Outcome.WRONG;
            rows.add(
                    avoided
                            ? new Row(raw.kernel, raw.device, raw.precision, raw.value, raw.gradient, Outcome.AVOIDED)
                            : used);
        }
        return rows;
    }

    private static Row row(
            Case kernel, Device device, Precision precision, List<Tensor> exact, double bound, boolean raw) {
        DType type = precision == Precision.BF16 ? DType.BF16 : DType.F32;
        List<Tensor> rough = thereAndBack(kernel, device, type, precision, raw);
        double value = distance(rough.get(0), exact.get(0));
        double gradient = 0;
        for (int i = 1; i < exact.size(); i++) {
            gradient = Math.max(gradient, distance(rough.get(i), exact.get(i)));
        }
        boolean passed = value <= bound && gradient <= bound; // not with NaN
        return new Row(
                kernel.name(), device.name(), precision, value, gradient, passed ? Outcome.PASSED : Outcome.WRONG);
    }

    /** The result and the gradients of all inputs, fed with random numbers. */
    private static List<Tensor> thereAndBack(Case kernel, Device device, DType type, Precision precision, boolean raw) {
        List<Tensor> inputs = new ArrayList<>();
        for (int i = 0; i < kernel.shapes().size(); i++) { // weights have 32 bits where maps have 16
            DType own = type == DType.BF16 && i > 0 && !kernel.allHalves() ? DType.F32 : type;
            inputs.add(KernelCases.values(i, kernel.shapes().get(i))
                    .to(device)
                    .to(own)
                    .detach()
                    .requireGradient(true));
        }
        Tensor y;
        try (Autocast cast = Autocast.open(device, precision)) {
            y = (raw ? kernel.kernel() : kernel.used()).of(inputs);
        }
        y.backward(KernelCases.values(9, y.shape()).to(device).to(y.type()));
        List<Tensor> all = new ArrayList<>(List.of(y.detach()));
        inputs.forEach(input -> all.add(Objects.requireNonNull(input.gradient())));
        return all;
    }

    private static double distance(Tensor rough, Tensor exact) {
        return rough.to(Device.CPU).to(DType.F64).minus(exact).norm().item()
                / exact.norm().item();
    }
}
