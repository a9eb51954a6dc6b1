package org.voco4j.downstream.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.network.loss.DiceLoss;

/** Dice and cross entropy in float64, against values and gradients that MONAI computed in float32. */
class SegmentationLossesTest {
    private final Reference reference = Reference.of("seg_losses");
    private final Tensor classes = Tensors.of(reference, "target");

    private Tensor logits() {
        return Tensors.of(reference, "logits").requireGradient(true);
    }

    private void assertEqualsReference(Tensor loss, Tensor logits, String name) {
        double expected = reference.doubles(name)[0];
        assertThat(loss.item()).as(name).isCloseTo(expected, within(1e-6 * expected));
        loss.backward();
        double[] slopes = reference.doubles(name + ".grad");
        double largest = Arrays.stream(slopes).map(Math::abs).max().orElseThrow();
        assertClose(Objects.requireNonNull(logits.gradient()), slopes, 1e-6 * largest, name + ".grad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"include_bg", "exclude_bg", "squared", "batch", "weighted"})
    void diceCrossEntropyEqualsReference(String form) {
        DiceCrossEntropy loss = switch (form) {
            case "include_bg" -> new DiceCrossEntropy(DiceLoss.plain());
            case "exclude_bg" -> new DiceCrossEntropy(DiceLoss.withoutBackground());
            case "squared" -> new DiceCrossEntropy(new DiceLoss(true, true, false, 0, 1e-6));
            case "batch" -> new DiceCrossEntropy(new DiceLoss(true, false, true, 1e-5, 1e-5));
            default -> new DiceCrossEntropy(DiceLoss.withoutBackground(), 0.7, 1.3);
        };
        Tensor logits = logits();
        assertEqualsReference(loss.of(logits, classes), logits, "dicece." + form);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void diceAndItsClassesEqualReference(boolean background) {
        String name = background ? "dice.include_bg" : "dice.exclude_bg";
        DiceLoss dice = background ? DiceLoss.plain() : DiceLoss.withoutBackground();
        Tensor logits = logits().detach();
        Tensor p = Ops.softmax(logits, 1);
        Tensor truth = Ops.oneHot(classes, logits);
        assertClose(dice.perClass(p, truth), reference.doubles(name + ".per_class"), 1e-6, name + ".per_class");
        double expected = reference.doubles(name)[0];
        assertThat(dice.of(p, truth).item()).isCloseTo(expected, within(1e-6 * expected));
    }

    @Test
    void regionsThatOverlapTakeASigmoid() {
        Tensor logits = Tensors.of(reference, "logits").narrow(1, 0, 3).copy().requireGradient(true);
        Tensor loss = DiceLoss.plain().of(Ops.sigmoid(logits), Tensors.of(reference, "multilabel.target"));
        assertEqualsReference(loss, logits, "dice.sigmoid");
    }

    @Test
    void crossEntropyEqualsReference() {
        Tensor logits = logits().detach();
        double expected = reference.doubles("cross_entropy")[0];
        assertThat(CrossEntropy.of(logits, Ops.oneHot(classes, logits)).item())
                .isCloseTo(expected, within(1e-6 * expected));
    }

    @Test
    void classesMayComeInAnyFormat() {
        DiceCrossEntropy loss = new DiceCrossEntropy(DiceLoss.plain());
        double wide = loss.of(logits(), classes).item();
        for (DType type : new DType[] {DType.U8, DType.I64, DType.F32}) {
            assertThat(loss.of(logits(), classes.to(type)).item())
                    .as(type.name())
                    .isEqualTo(wide);
        }
    }

    @Test
    void aCertainAndRightAnswerCostsNothingAndAWrongOneStaysFinite() {
        Tensor truth = Ops.oneHot(classes, Tensors.of(reference, "logits"));
        DiceCrossEntropy loss = new DiceCrossEntropy(DiceLoss.plain());
        assertThat(loss.of(truth.times(1000), classes).item()).isCloseTo(0, within(1e-6));
        Tensor wrong = truth.times(-1000).to(DType.F32).copy().requireGradient(true);
        Tensor costs = loss.of(wrong, classes);
        assertThat(costs.item()).isCloseTo(1 + 1000 + Math.log(3), within(1e-2));
        costs.backward();
        assertThat(Objects.requireNonNull(wrong.gradient()).norm().item())
                .isFinite()
                .isPositive();
    }

    @Test
    void shapesThatDoNotFitAreSaid() {
        Tensor logits = logits();
        DiceCrossEntropy loss = new DiceCrossEntropy(DiceLoss.plain());
        assertThatThrownBy(() -> loss.of(logits, classes.narrow(0, 0, 1)))
                .hasMessage("the classes have shape [1, 1, 8, 10, 6], the logits want [2, 1, 8, 10, 6]");
        assertThatThrownBy(() -> CrossEntropy.of(logits, classes)).hasMessageContaining("truth [2, 1, 8, 10, 6]");
        assertThatThrownBy(() -> DiceLoss.plain().of(logits, classes)).hasMessageContaining("truth [2, 1, 8, 10, 6]");
        assertThatThrownBy(() -> DiceLoss.withoutBackground().of(classes, classes))
                .hasMessageContaining("at least 2 classes, not 1");
    }

    @Test
    void voxelsToIgnoreCountInNoSum() {
        // The voxels of the last three planes are to be ignored: what is left is the same loss of a smaller patch.
        Tensor some = classes.to(DType.F64).copy();
        some.narrow(2, 5, 3).copyInPlace(Tensor.of(new double[] {LabelSchema.IGNORE}, 1));
        for (DiceCrossEntropy loss : List.of(
                new DiceCrossEntropy(DiceLoss.plain()),
                new DiceCrossEntropy(new DiceLoss(false, true, true, 0, 1e-6), 0.7, 1.3))) {
            Tensor whole = logits();
            Tensor part = logits().detach().narrow(2, 0, 5).copy().requireGradient(true);
            assertSameOnTheRest(loss.of(whole, some), whole, loss.of(part, classes.narrow(2, 0, 5)), part);
        }
        assertThat(new DiceCrossEntropy(DiceLoss.plain())
                        .of(logits(), classes.times(0).plus(LabelSchema.IGNORE))
                        .item())
                .isZero();
    }

    private static void assertSameOnTheRest(Tensor masked, Tensor logits, Tensor rest, Tensor logitsOfRest) {
        assertThat(masked.item()).isCloseTo(rest.item(), within(1e-12));
        masked.backward();
        rest.backward();
        Tensor slope = Objects.requireNonNull(logits.gradient());
        assertClose(
                slope.narrow(2, 0, 5),
                Objects.requireNonNull(logitsOfRest.gradient()).toDoubles(),
                1e-12,
                "gradient");
        assertThat(slope.narrow(2, 5, 3).norm().item()).isZero();
    }

    @Test
    void aClassThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> new DiceCrossEntropy(DiceLoss.plain()).of(logits(), classes.plus(1)))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("out of bounds");
    }
}
