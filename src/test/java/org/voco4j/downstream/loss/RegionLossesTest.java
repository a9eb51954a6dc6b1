package org.voco4j.downstream.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.DiceLoss;

/** The loss of BraTS' three regions in float64, against values and gradients that MONAI computed. */
class RegionLossesTest {
    private static final int TC = 0;
    private static final int WT = 1;
    private static final int ET = 2;

    private final Reference reference = Reference.of("brats_regions");
    private final Tensor target = Tensors.of(reference, "target");

    private Tensor logits() {
        return Tensors.of(reference, "logits").copy().requireGradient(true);
    }

    private static BitSet set(int... regions) {
        BitSet set = new BitSet();
        Arrays.stream(regions).forEach(set::set);
        return set;
    }

    private static DiceBinaryCrossEntropy loss(List<BitSet> regions) {
        return new DiceBinaryCrossEntropy(DiceLoss.plain(), 1, 1, regions);
    }

    private void assertEqualsReference(Tensor loss, Tensor logits, String name) {
        assertThat(loss.item()).as(name).isCloseTo(reference.doubles(name + ".f64")[0], within(1e-12));
        loss.backward();
        double[] slopes = reference.doubles(name + ".grad");
        double largest = Arrays.stream(slopes).map(Math::abs).max().orElseThrow();
        assertClose(Objects.requireNonNull(logits.gradient()), slopes, 1e-6 * largest, name + ".grad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dice", "dice_squared", "dice_batch"})
    void diceOfRegionsEqualsReference(String form) {
        DiceLoss dice = switch (form) {
            case "dice" -> DiceLoss.plain();
            case "dice_squared" -> new DiceLoss(true, true, false, 0, 1e-6);
            default -> new DiceLoss(true, false, true, 1e-5, 1e-5);
        };
        Tensor logits = logits();
        assertEqualsReference(dice.of(Ops.sigmoid(logits), target), logits, form);
    }

    @Test
    void diceWithBinaryCrossEntropyEqualsReferenceAndNotThatWithTheCrossEntropyOfASoftmax() {
        Tensor logits = logits();
        SegmentationLoss.Parts parts = loss(List.of()).parts(logits, target, null);
        assertThat(parts.dice().item()).isCloseTo(reference.doubles("dice.f64")[0], within(1e-12));
        assertThat(parts.crossEntropy().item()).isCloseTo(reference.doubles("bce")[0], within(1e-6));
        assertEqualsReference(parts.total(), logits, "dice_plus_bce");
        assertThat(Math.abs(parts.total().item() - reference.doubles("dicece.f64")[0]))
                .isGreaterThan(0.1);
    }

    @Test
    void bothCodingsGiveTheSameRegions() {
        double expected = reference.doubles("dice_plus_bce.f64")[0];
        Tensor task01 = Tensors.of(reference, "label.msd_task01");
        SegmentationLoss edemaFirst = loss(List.of(set(WT), set(TC, WT), set(TC, WT, ET)));
        assertThat(edemaFirst.parts(logits(), task01).total().item()).isCloseTo(expected, within(1e-12));
        Tensor brats21 = Tensors.of(reference, "label.brats21");
        SegmentationLoss necrosisFirst = loss(List.of(set(TC, WT), set(WT), set(), set(TC, WT, ET)));
        assertThat(necrosisFirst.parts(logits(), brats21).total().item()).isCloseTo(expected, within(1e-12));
    }

    @Test
    void voxelsToIgnoreCountInNoSum() {
        SegmentationLoss loss = loss(List.of(set(WT), set(TC, WT), set(TC, WT, ET)));
        Tensor classes = Tensors.of(reference, "label.msd_task01").copy();
        Tensor rest = logits().detach().narrow(4, 0, 4).copy();
        double expected =
                loss.parts(rest, classes.narrow(4, 0, 4).copy()).total().item();
        classes.narrow(4, 4, 2).copyInPlace(Tensor.of(new double[] {LabelSchema.IGNORE}, 1));
        Tensor logits = logits();
        SegmentationLoss.Parts parts = loss.parts(logits, classes);
        assertThat(parts.total().item()).isCloseTo(expected, within(1e-12));
        parts.total().backward();
        assertThat(Objects.requireNonNull(logits.gradient())
                        .narrow(4, 4, 2)
                        .norm()
                        .item())
                .isZero();
    }

    @Test
    void aCertainAndWrongAnswerStaysFiniteAndHasASlopeAtZero() {
        Tensor wrong = target.times(-2000).plus(1000).copy().requireGradient(true);
        Tensor cost = loss(List.of()).parts(wrong, target, null).crossEntropy();
        assertThat(cost.item()).isCloseTo(1000, within(1e-9));
        Tensor zero = Tensors.of(reference, "logits").times(0).copy().requireGradient(true);
        loss(List.of()).parts(zero, target, null).crossEntropy().backward();
        double[] slopes = Objects.requireNonNull(zero.gradient()).toDoubles();
        double[] truth = target.toDoubles();
        for (int i = 0; i < truth.length; i++) {
            assertThat(slopes[i]).isCloseTo((0.5 - truth[i]) / truth.length, within(1e-15));
        }
    }
}
