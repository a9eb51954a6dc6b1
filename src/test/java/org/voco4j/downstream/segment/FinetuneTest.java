package org.voco4j.downstream.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.voco4j.Tensors.assertClose;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Reference;
import org.voco4j.Tensors;
import org.voco4j.downstream.loss.DiceCrossEntropy;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.loss.DiceLoss;
import org.voco4j.network.unet.UNet;
import org.voco4j.network.unet.UNetForm;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Five AdamW steps of a small BasicUNet on one volume, as PyTorch and MONAI take them: forward, loss, gradients, update. */
class FinetuneTest {
    private final Scope scope = Scope.open(); // as training has it: kernels of our own compute, where there are any

    @AfterEach
    void closeScope() {
        scope.close();
    }

    private final Reference reference = Reference.of("finetune_basicunet");
    private final Tensor classes = Tensors.of(reference, "label");
    private final UNet network = new UNet(3, 1, List.of(4, 4, 8, 8, 16), 2, UNetForm.BASIC, FeatureNorm.INSTANCE);

    @ParameterizedTest
    @ValueSource(strings = {"plain", "no_background", "squared"})
    void inFloat64EveryStepAndEveryWeightEqualsReference(String form) {
        String run = form + ".f64.";
        Tensor logits = train(form, run, DType.F64, 1e-9);
        double loss = criterion(form).of(logits, classes).item();
        assertThat(loss).isCloseTo(reference.doubles(run + "final_loss")[0], within(1e-9));
        assertThat(hardDice(logits)).isCloseTo(reference.doubles(run + "dice")[0], within(1e-9));
        double[] classifier = reference.doubles(run + "final_conv.weight");
        assertClose(weight("final_conv.weight"), classifier, 1e-9, "final_conv.weight");
        double[] norms = reference.doubles(run + "l2");
        JsonNode names = JsonMapper.shared().readTree(reference.meta("names"));
        assertThat(norms).hasSize(network.weights().size());
        for (int i = 0; i < norms.length; i++) {
            String name = names.get(i).asString();
            // A bias before an instance norm has no gradient but rounding, so its last digits are nobody's.
            double bound = name.endsWith(".conv.bias") ? 1e-9 : 1e-9 * norms[i];
            assertThat(weight(name).norm().item()).as(name).isCloseTo(norms[i], within(bound));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "no_background", "squared"})
    void inFloat32ItEndsAsCloseToFloat64AsTheReferenceDoes(String form) {
        Tensor logits = train(form, form + ".f32.", DType.F32, 1e-6);
        double loss = criterion(form).of(logits, classes).item();
        assertThat(loss).isCloseTo(reference.doubles(form + ".f64.final_loss")[0], within(2e-7));
    }

    /** Takes the five steps, comparing the loss before each; returns the logits after them. */
    private Tensor train(String form, String run, DType type, double bound) {
        Tensors.fillWithHashNumbers(network.weights(), "");
        network.to(Device.CPU, type);
        Optimizer optimizer = new AdamW(new AdamW.Settings(0.9, 0.999, 1e-8, false)).add(network.weights(), 1, 1e-5);
        Tensor image = Tensors.of(reference, "image").to(type);
        double[] rows = reference.doubles(run + "steps"); // [5, (rate, loss before the step)]
        for (int step = 0; step < 5; step++) {
            Tensor loss = criterion(form).of(network.forward(image), classes);
            double expected = rows[2 * step + 1];
            assertThat(loss.item()).as("loss before step %d", step).isCloseTo(expected, within(bound * expected));
            loss.backward();
            optimizer.step(rows[2 * step]);
            optimizer.clearGradients();
        }
        return network.forward(image).detach();
    }

    private static DiceCrossEntropy criterion(String form) {
        return new DiceCrossEntropy(
                switch (form) {
                    case "plain" -> DiceLoss.plain();
                    case "no_background" -> DiceLoss.withoutBackground();
                    default -> new DiceLoss(true, true, false, 0, 1e-6);
                });
    }

    private Tensor weight(String name) {
        return Objects.requireNonNull(network.weights().get(name));
    }

    /** 2·|A ∩ B| / (|A| + |B|) of class 1, A where its logit is the greater of the two. */
    private double hardDice(Tensor logits) {
        double[] values = logits.toDoubles();
        double[] truth = classes.toDoubles();
        double both = 0;
        double all = 0;
        for (int i = 0; i < truth.length; i++) {
            double predicted = values[truth.length + i] > values[i] ? 1 : 0;
            both += predicted * truth[i];
            all += predicted + truth[i];
        }
        return 2 * both / all;
    }
}
